import { loadCameraFile } from "../../../config/camera-file.ts";
import { regionName } from "../../../config/regions.ts";
import { scheduleText } from "../../../config/schedule-text.ts";
import { findViolation } from "../../../config/violations.ts";
import { InvalidInputError } from "../../../pipeline/domain/errors.ts";
import type { Camera, Rule } from "../../../pipeline/domain/types.ts";
import { viewOfSource } from "../../../store/camera-read-model.ts";

/** `forewarn camera check`: every fault of a camera file, or what will be in force. */
export async function check(file: string, options: { readonly json?: true }): Promise<void> {
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

/** The effective camera. Of its source only by which road it comes: the addresses may hold a password. */
function report(file: string, camera: Camera): object {
  const { source, ...rest } = camera;
  if (source === undefined) return { type: "camera", file, ok: true, camera: rest };
  const { url: _, subUrl: __, ...how } = source;
  return {
    type: "camera",
    file,
    ok: true,
    camera: { ...rest, source: { ...viewOfSource(source), ...how } },
  };
}

function summary(file: string, camera: Camera): string {
  const { analysis } = camera;
  return [
    `OK  ${file}`,
    `  camera   ${camera.id} · ${camera.name}`,
    `  region   ${camera.region} ${regionName(camera.region)} · ${camera.location.place}`,
    `  source   ${sourceText(camera)}`,
    `  analysis model ${analysis.model}, ${analysis.fps} fps, ${analysis.watch}`,
    `  masks    ${camera.privacyMasks.length}`,
    `  zones    ${camera.zones.map((zone) => `${zone.id} (${zone.polygon.length} points)`).join(", ") || "none"}`,
    ...(camera.rules.length === 0 ? ["  rules    none: this camera will report nothing"] : []),
    ...camera.rules.map((rule) => ruleLine(rule)),
  ].join("\n");
}

function sourceText({ source }: Camera): string {
  if (source === undefined) return "none (replay names one; `camera add` keeps the one it has)";
  const subStream = source.subUrl === undefined ? "" : ", sub-stream";
  return `${viewOfSource(source).scheme}, ${source.pace}${source.loop ? ", loop" : ""}${subStream}`;
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
