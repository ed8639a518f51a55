import { MissingToolError } from "../../pipeline/domain/errors.ts";
import { findTool, type ToolName, type ToolPaths } from "../../runtime/tools.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { outputOf } from "./run-quietly.ts";

/** What the pipeline asks of ffmpeg. */
const FILTERS = ["select", "showinfo", "fps", "scale", "pad"];
const MUXERS = ["segment", "mpegts", "rawvideo", "mp4"];
const DECODERS = ["h264", "hevc", "mpeg4", "mjpeg"];
const SETUP = "run `npm run setup`";

/** ffmpeg with the parts we use, and ffprobe. */
export async function checkFfmpeg(config: ToolPaths): Promise<Check[]> {
  return [await ffmpeg(config), await starts("ffprobe", "-version", config)];
}

async function ffmpeg(config: ToolPaths): Promise<Check> {
  const started = await starts("ffmpeg", "-version", config);
  if (started.status !== "ok") return started;
  const path = findTool("ffmpeg", config);
  const lacks = [
    ...missingNames(await outputOf(path, ["-hide_banner", "-filters"]), FILTERS, "filter"),
    ...missingNames(await outputOf(path, ["-hide_banner", "-muxers"]), MUXERS, "muxer"),
    ...missingNames(await outputOf(path, ["-hide_banner", "-decoders"]), DECODERS, "decoder"),
  ];
  if (lacks.length === 0) return started;
  return fail("ffmpeg", `${path} lacks ${lacks.join(", ")}`, "install a full ffmpeg, as Debian's package is");
}

/** Names are the second column of ffmpeg's lists; a muxer may stand there as `mov,mp4`. */
export function missingNames(list: string | undefined, wanted: readonly string[], kind: string): string[] {
  const there = new Set(
    (list ?? "").split("\n").flatMap((line) => line.trim().split(/\s+/)[1]?.split(",") ?? []),
  );
  return wanted.filter((name) => !there.has(name)).map((name) => `${kind} ${name}`);
}

async function starts(name: ToolName, flag: string, config: ToolPaths): Promise<Check> {
  let path: string;
  try {
    path = findTool(name, config);
  } catch (error) {
    if (error instanceof MissingToolError) return fail(name, error.message, SETUP);
    throw error;
  }
  const version = (await outputOf(path, [flag]))?.split("\n")[0];
  if (version === undefined) return fail(name, `${path} does not start`, `${SETUP}, or reinstall it`);
  return ok(name, `${version.replace(/ (Copyright|sha=).*$/, "")} (${path})`);
}

/** redis-server itself; asked only when no Redis is configured. */
export async function checkRedisServer(config: ToolPaths): Promise<Check> {
  const check = await starts("redis-server", "--version", config);
  const [, major = "0", minor = "0"] = /v=(\d+)\.(\d+)/.exec(check.message) ?? [];
  if (check.status !== "ok" || Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2)) return check;
  return warn(
    "redis-server",
    `${check.message} is older than 6.2`,
    "install Redis 6.2 or newer: BullMQ asks for it",
  );
}
