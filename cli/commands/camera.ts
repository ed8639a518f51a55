import type { Command } from "commander";
import type { AddOptions } from "./camera/add.ts";
import { check } from "./camera/check.ts";

interface JsonOption {
  readonly json?: true;
}

const SERVERS = `
Works on FOREWARN_DATABASE_URL, or on the database that \`forewarn up\` runs here. With FOREWARN_REDIS_URL a worker
starts at once, without it within half a minute. Nothing has to be restarted.`;

/** `forewarn camera …`: check files; add, list, switch on and off while everything runs. */
export function registerCamera(program: Command): void {
  const camera = program.command("camera").description("cameras (摄像头): check, add, list, enable, disable");
  registerCheck(camera);
  registerAdd(camera);
  registerList(camera);
  registerSwitches(camera);
}

function registerCheck(camera: Command): void {
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

function registerAdd(camera: Command): void {
  camera
    .command("add")
    .description(
      "add the camera of a file, or change the one with its id; a worker takes it up while it runs",
    )
    .argument("<file>", "YAML or JSON; its source left out keeps the stored one")
    .option("--disabled", "do not watch it (without this: a new one is watched, a known one stays as it is)")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
Another zone, rule, place or name makes a new version, in force from now on; incidents keep theirs.
Its records are clues only (仅作线索) until a legal reviewer says more, at the review desk.
${SERVERS}

Examples:
  forewarn camera add cameras/cam-001.yaml
  forewarn camera add cameras/cam-001.yaml --disabled
  for file in cameras/*.yaml; do forewarn camera add "$file" || break; done

Exit codes: 0 created, changed or unchanged · 1 not possible (no source to watch) · 2 not valid, or wrong usage`,
    )
    // Loaded only when asked for, here and below: a check needs no database driver.
    .action(async (file: string, options: AddOptions) =>
      (await import("./camera/add.ts")).add(file, options),
    );
}

function registerList(camera: Command): void {
  camera
    .command("list")
    .description("every camera: id, name, region, on or off, version (how each fares: forewarn status)")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  forewarn camera list --json | jq -r 'select(.enabled | not) | .cameraId'",
    )
    .action(async (options: JsonOption) => (await import("./camera/list.ts")).list(options));
}

function registerSwitches(camera: Command): void {
  camera
    .command("enable")
    .description("watch a camera from now on")
    .argument("<id>")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `${SERVERS}\n\nExample:\n  forewarn camera enable cam-001\n\nExit codes: 0 on · 1 no such camera`,
    )
    .action(async (id: string, options: JsonOption) =>
      (await import("./camera/switch.ts")).enable(id, options),
    );
  camera
    .command("disable")
    .description("stop watching a camera; its incidents and versions stay")
    .argument("<id>")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `\nExample:\n  forewarn camera disable cam-001\n\nExit codes: 0 off · 1 no such camera`,
    )
    .action(async (id: string, options: JsonOption) =>
      (await import("./camera/switch.ts")).disable(id, options),
    );
}
