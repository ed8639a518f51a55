import type { Command } from "commander";
import { loadCameraFile } from "../../config/camera-file.ts";
import { regionName } from "../../config/regions.ts";
import { scheduleText } from "../../config/schedule-text.ts";
import { findViolation } from "../../config/violations.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Camera, Rule } from "../../pipeline/domain/types.ts";

export function registerCamera(program: Command): void {
  const camera = program.command("camera").description("camera files (摄像头配置)");
  camera
    .command("check")
    .description("validate a camera file: every fault at once, with its path; or what will be in force")
    .argument("<file>", "YAML or JSON")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
Examples:
  forewarn camera check cameras/cam-001.yaml
  forewarn camera check cameras/cam-001.yaml --json | jq .camera.rules

Exit codes: 0 valid · 2 not valid`,
    )
    .action(check);
}

async function check(file: string, options: { readonly json?: true }): Promise<void> {
  try {
    const camera = await loadCameraFile(file);
    console.log(options.json ? JSON.stringify(report(file, camera)) : summary(file, camera));
  } catch (error) {
    if (options.json && error instanceof InvalidInputError) {
      console.log(JSON.stringify({ type: "camera", file, ok: false, faults: error.faults }));
    }
    throw error;
  }
}

/** The effective camera. Of its source only the scheme: the URL may hold a password. */
function report(file: string, camera: Camera): object {
  const { source, ...rest } = camera;
  if (source === undefined) return { type: "camera", file, ok: true, camera: rest };
  const { url, ...transport } = source;
  return {
    type: "camera",
    file,
    ok: true,
    camera: { ...rest, source: { scheme: schemeOf(url), ...transport } },
  };
}

function schemeOf(url: string): string {
  return /^[A-Za-z][A-Za-z0-9+.-]*(?=:\/\/)/.exec(url)?.[0].toLowerCase() ?? "file";
}

function summary(file: string, camera: Camera): string {
  const { analysis, source } = camera;
  return [
    `OK  ${file}`,
    `  camera   ${camera.id} · ${camera.name}`,
    `  region   ${camera.region} ${regionName(camera.region)} · ${camera.location.place}`,
    `  source   ${source === undefined ? "none (replay names one)" : `${schemeOf(source.url)}, ${source.pace}${source.loop ? ", loop" : ""}`}`,
    `  analysis model ${analysis.model}, ${analysis.fps} fps, ${analysis.watch}`,
    `  masks    ${camera.privacyMasks.length}`,
    `  zones    ${camera.zones.map((zone) => `${zone.id} (${zone.polygon.length} points)`).join(", ") || "none"}`,
    ...(camera.rules.length === 0 ? ["  rules    none: this camera will report nothing"] : []),
    ...camera.rules.map((rule) => ruleLine(rule)),
  ].join("\n");
}

function ruleLine(rule: Rule): string {
  const name = findViolation(rule.violation)?.name.zh ?? "";
  const windows = rule.schedule.map(scheduleText).join("; ") || "always";
  const from = rule.effectiveFrom === undefined ? "" : ` from ${rule.effectiveFrom}`;
  const to = rule.effectiveTo === undefined ? "" : ` until ${rule.effectiveTo} (exclusive)`;
  const count = rule.minCount > 1 ? `at least ${rule.minCount} at once, ` : "";
  return [
    `  rule     ${rule.id}: ${rule.violation} ${name} in ${rule.zone}`,
    `           ${rule.labels.join(", ")} · score ≥ ${rule.minScore}`,
    `           ${count}${rule.stationary ? "standing" : "present"} for ${rule.dwellSeconds} s · grace ${rule.graceSeconds} s`,
    `           ${windows}${from}${to}`,
  ].join("\n");
}
