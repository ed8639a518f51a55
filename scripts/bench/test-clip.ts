import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../pipeline/domain/errors.ts";

const run = promisify(execFile);

/** Raised when the clip is made otherwise. */
const RECIPE = 1;
const FPS = 25;
const GOP_SEC = 2;

/** What a street camera sends: 1080p, 25 frames a second, 4 Mbit/s, a key frame every two seconds, no B frames. */
export const CLIP_DESCRIPTION = "1080p25 H.264 4 Mbit/s, GOP 2 s, no B frames";
export const CLIP_SIZE = { width: 1920, height: 1080 } as const;

export interface ClipRequest {
  readonly ffmpegPath: string;
  /** Clips are kept here. */
  readonly folder: string;
  /** Real footage to make it from; else a drawn scene. */
  readonly footage: string | undefined;
  readonly seconds: number;
}

export interface TestClip {
  readonly path: string;
  readonly seconds: number;
  readonly content: string;
}

/** The clip everything is measured on; made once, kept for later runs. */
export async function testClip(request: ClipRequest): Promise<TestClip> {
  const { folder, footage, seconds } = request;
  const content = footage === undefined ? "drawn scene" : basename(footage);
  const path = join(folder, `${await keyOf(request)}.mp4`);
  const clip = { path, seconds, content };
  if (await isThere(path)) return clip;
  await mkdir(folder, { recursive: true });
  // Under its own name only when it is whole.
  const unfinished = `${path}.${process.pid}.part.mp4`;
  try {
    await run(request.ffmpegPath, encoderArgs(footage, seconds, unfinished), { maxBuffer: 1024 * 1024 });
    await rename(unfinished, path);
  } catch (cause) {
    const { stderr = "" } = cause as { stderr?: string };
    throw new UsageError(
      `the test clip could not be made from ${content}: ${stderr.trim() || String(cause)}`,
      {
        cause,
      },
    );
  } finally {
    await rm(unfinished, { force: true });
  }
  return clip;
}

async function keyOf({ footage, seconds }: ClipRequest): Promise<string> {
  const hash = createHash("sha256").update(`${RECIPE} ${seconds}`);
  if (footage !== undefined) {
    const facts = await stat(footage).catch((cause: unknown) => {
      throw new UsageError(`--clip ${footage} cannot be read.`, { cause });
    });
    hash.update(`${resolve(footage)} ${facts.size} ${facts.mtimeMs}`);
  }
  return `clip-${seconds}s-${hash.digest("hex").slice(0, 12)}`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function encoderArgs(footage: string | undefined, seconds: number, path: string): string[] {
  const { width, height } = CLIP_SIZE;
  const input =
    footage === undefined
      ? ["-f", "lavfi", "-i", `testsrc2=s=${width}x${height}:r=${FPS},noise=alls=12:allf=t`]
      : ["-stream_loop", "-1", "-i", `file:${resolve(footage)}`];
  // Cropped to shape, not stretched: what the detector finds must look like what it was trained on.
  const shape = `fps=${FPS},scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic,crop=${width}:${height}`;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", ...input],
    ...["-map", "0:v:0", "-an", "-t", String(seconds), "-vf", `${shape},setsar=1,format=yuv420p`],
    ...["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", "0"],
    ...["-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "4M"],
    ...["-g", String(FPS * GOP_SEC), "-keyint_min", String(FPS * GOP_SEC), "-sc_threshold", "0"],
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
    path,
  ];
}
