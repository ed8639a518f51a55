import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How luma tells the time in `timeClip`: 16 + 20 for each second. */
const LUMA_PER_SEC = 20;

export interface TimeClipOptions {
  readonly name: string;
  readonly size?: string;
  readonly fps?: number;
  readonly durationSec?: number;
  /** Frames from key frame to key frame. */
  readonly gop?: number;
  readonly bFrames?: number;
  /** Keeps the frames for which this ffmpeg expression holds: varying frame rate. */
  readonly keep?: string;
  /** Default: lossless H.264. */
  readonly codec?: readonly string[];
}

/** A grey clip whose brightness says when each picture was taken; at most 10 s. Needs ffmpeg on PATH. */
export async function timeClip(dir: string, options: TimeClipOptions): Promise<string> {
  const { size = "64x48", fps = 10, durationSec = 10, gop = 10, bFrames = 0 } = options;
  const path = join(dir, options.name);
  const filters = [`geq=lum=16+${LUMA_PER_SEC}*T:cb=128:cr=128`];
  if (options.keep !== undefined) filters.push(`select=${options.keep.replaceAll(",", "\\,")}`);
  await ffmpeg([
    ...["-f", "lavfi", "-i", `color=black:s=${size}:r=${fps}:d=${durationSec},format=yuv420p`],
    ...["-vf", filters.join(","), "-fps_mode", "passthrough"],
    ...(options.codec ?? ["-c:v", "libx264", "-qp", "0", "-bf", String(bFrames)]),
    ...["-g", String(gop), "-sc_threshold", "0", path],
  ]);
  return path;
}

/** When a picture of a `timeClip` was taken, by the brightness of one of its RGB values. */
export function timeOfGrey(value: number): number {
  return (value * (219 / 255)) / LUMA_PER_SEC;
}

/** A moving test picture. `args` go between the source and the output. */
export async function patternClip(
  dir: string,
  name: string,
  options: {
    readonly size?: string;
    readonly fps?: number;
    readonly durationSec?: number;
    readonly args?: readonly string[];
  } = {},
): Promise<string> {
  const { size = "160x90", fps = 10, durationSec = 4, args = [] } = options;
  const path = join(dir, name);
  await ffmpeg(["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${fps}:d=${durationSec}`, ...args, path]);
  return path;
}

/** Runs ffmpeg quietly, overwriting. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  await run("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args]);
}
