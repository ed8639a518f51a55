import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How luma tells the time in `timeClip`: 16 and 40 more for each second, over and over each 5 s. */
const LUMA_PER_SEC = 40;
const CYCLE_SEC = 5;

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

/** A grey clip whose brightness says when each picture was taken. Needs ffmpeg on PATH. */
export async function timeClip(dir: string, options: TimeClipOptions): Promise<string> {
  const { size = "64x48", fps = 10, durationSec = 10, gop = 10, bFrames = 0 } = options;
  const path = join(dir, options.name);
  const filters = [`geq=lum=16+${LUMA_PER_SEC}*mod(T\\,${CYCLE_SEC}):cb=128:cr=128`];
  if (options.keep !== undefined) filters.push(`select=${options.keep.replaceAll(",", "\\,")}`);
  await ffmpeg([
    ...["-f", "lavfi", "-i", `color=black:s=${size}:r=${fps}:d=${durationSec},format=yuv420p`],
    ...["-vf", filters.join(","), "-fps_mode", "passthrough"],
    ...(options.codec ?? ["-c:v", "libx264", "-qp", "0", "-bf", String(bFrames)]),
    ...["-g", String(gop), "-sc_threshold", "0", path],
  ]);
  return path;
}

/**
 * How far a picture of a `timeClip` is from the time it is said to be of, in seconds; found by the brightness
 * of one of its RGB values. Good to 0.03 s: the fast conversion to RGB is up to two levels too dark.
 */
export function timeError(value: number, ptsSec: number): number {
  const shown = ((value + 1) * (219 / 255)) / LUMA_PER_SEC;
  const off = (((shown - ptsSec) % CYCLE_SEC) + CYCLE_SEC) % CYCLE_SEC;
  return Math.min(off, CYCLE_SEC - off);
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
  await ffmpeg(["-f", "lavfi", "-i", `testsrc=s=${size}:r=${fps}:d=${durationSec}`, ...args, path]);
  return path;
}

/** Runs ffmpeg quietly, overwriting. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  await run("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args]);
}
