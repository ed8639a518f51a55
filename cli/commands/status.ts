import type { Command } from "commander";
import { loadConfig } from "../../config/env.ts";
import { systemClock } from "../../runtime/clock.ts";
import { required } from "../../runtime/required.ts";
import { runningServices } from "../../runtime/services/open-services.ts";
import {
  countWall,
  listWall,
  type WallCamera,
  type WallKind,
  wallKinds,
} from "../../store/camera-status-read-model.ts";
import { createPool } from "../../store/pool.ts";
import { statusTable } from "../status-table.ts";

/** Of these nobody has to take care. */
const FINE: ReadonlySet<WallKind> = new Set(["watched", "finished"]);

/** `forewarn status`: exit 0 when every enabled camera is watched, else 1. */
export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("the wall: how each enabled camera fares right now (监控墙)")
    .option("--json", "one JSON object a camera, then a summary")
    .addHelpText(
      "after",
      `
Reads Postgres only (FOREWARN_DATABASE_URL, or the one that \`forewarn up\` runs here), so it answers without any worker.

STATE  watched     frames come, are judged, and show what they should
       starting    a worker has just taken it
       blind, covered, frozen, view_moved, clock_off    frames come, but no violation would be seen in them
       offline     no frames
       disk_full   its worker has paused it: the disk is nearly full (see docs/deploy.md)
       unwatched   no worker has told of it for 20 s
       finished    a recording that has been seen to its end
SINCE  how long its worker has had it · AGE of the last frame · DROPPED of the frames that were to be analysed
STANDING objects in the zones now · TODAY candidates passed on (+ not borne out by the second look)
SEEN share of today in which a violation would have been seen · TASKS open about the camera

Examples:
  forewarn status
  forewarn status --json | jq -r 'select(.kind == "offline") | .cameraId'
  watch -n 5 forewarn status

Exit codes: 0 every camera is watched or finished · 1 some camera is neither · 2 no database configured`,
    )
    .action(status);
}

async function status(flags: { readonly json?: true }): Promise<void> {
  const config = loadConfig();
  const { databaseUrl } = await runningServices(config);
  const pool = createPool(required(databaseUrl, "FOREWARN_DATABASE_URL"));
  try {
    const now = systemClock.now();
    const wall = await listWall(pool, "every", now);
    const counts = countWall(wall);
    if (flags.json) printJson(wall, counts);
    else console.log([...statusTable(wall, now, colours()), "", summary(wall, counts)].join("\n"));
    if (wall.some(({ kind }) => !FINE.has(kind))) process.exitCode = 1;
  } finally {
    await pool.end();
  }
}

function printJson(wall: readonly WallCamera[], counts: Record<WallKind, number>): void {
  for (const camera of wall) console.log(JSON.stringify({ type: "camera", ...camera }));
  console.log(JSON.stringify({ type: "summary", cameras: wall.length, ...counts }));
}

function colours(): boolean {
  return process.stdout.isTTY === true && process.stdout.hasColors();
}

function summary(wall: readonly WallCamera[], counts: Record<WallKind, number>): string {
  if (wall.length === 0) return "no camera is switched on";
  const parts = wallKinds.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} ${kind}`);
  return `${wall.length} ${wall.length === 1 ? "camera" : "cameras"}: ${parts.join(" · ")}`;
}
