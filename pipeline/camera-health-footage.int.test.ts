import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../runtime/version.ts";
import { CameraHealth } from "./domain/health/camera-health.ts";
import type { HealthKind } from "./domain/health/kinds.ts";
import { type FrameFormat, frameBytes } from "./domain/ports.ts";

const run = promisify(execFile);
const clips = join(packageRoot, "..", "shared", "footage", "clips");
const names = existsSync(clips) ? readdirSync(clips).filter((name) => /\.(mp4|avi)$/.test(name)) : [];
const format: FrameFormat = {
  width: 208,
  height: 118,
  pixelFormat: "yuv420p",
  resize: "stretch",
  padByte: 114,
};

/** Two frames a second of a clip and, from the same decoding, of the clip with a filter. */
async function frames(name: string, filter: string): Promise<{ plain: Uint8Array[]; altered: Uint8Array[] }> {
  const size = `scale=${format.width}:${format.height}:flags=area,format=yuv420p`;
  const graph = `[0:v]fps=2,scale=832:472:flags=area,split[a][b];[a]${size}[p];[b]${filter},${size}[q];[p][q]vstack`;
  const { stdout } = await run(
    "ffmpeg",
    ["-nostdin", "-v", "error", "-i", join(clips, name), "-filter_complex", graph, "-f", "rawvideo", "-"],
    { encoding: "buffer", maxBuffer: 2 ** 28 },
  );
  const luma = format.width * format.height;
  const plain: Uint8Array[] = [];
  const altered: Uint8Array[] = [];
  // Of two stacked pictures the upper half of the luma is the first one's; colour is not looked at.
  for (let at = 0; at + 2 * frameBytes(format) <= stdout.length; at += 2 * frameBytes(format)) {
    for (const [half, list] of [plain, altered].entries()) {
      const pixels = new Uint8Array(frameBytes(format));
      pixels.set(stdout.subarray(at + half * luma, at + (half + 1) * luma));
      list.push(pixels);
    }
  }
  return { plain, altered };
}

/** What a camera is said to be that shows each frame for half a second. */
function kindsOf(shown: readonly Uint8Array[]): HealthKind[] {
  const health = new CameraHealth();
  const kinds: HealthKind[] = [];
  for (const [index, pixels] of shown.entries()) {
    const at = { capturedAt: 1_770_000_000_000 + index * 500, ptsSec: index / 2 };
    const { kind } = health.frame(pixels, format, 1920, 1080, at);
    if (kinds.at(-1) !== kind) kinds.push(kind);
  }
  return kinds;
}

function looped(list: readonly Uint8Array[], count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => list[index % list.length] ?? new Uint8Array());
}

describe.skipIf(names.length === 0)("health on real footage (needs ../shared/footage)", () => {
  const faults = [
    ["view_moved", "crop=iw*0.96:ih:iw*0.04:0,pad=iw/0.96:ih:0:0"],
    ["blind", "drawbox=c=black:t=fill,noise=alls=4:allf=t"],
  ] as const;
  it.each(names)("%s: no false alarm; shifted a little or blacked out it is found", async (name) => {
    for (const [kind, filter] of faults) {
      const { plain, altered } = await frames(name, filter);
      expect(plain.length).toBeGreaterThan(20);
      expect(kindsOf(plain)).toEqual(["watched"]);
      expect(kindsOf([...looped(plain, 80), ...looped(altered, 40)])).toEqual(["watched", kind]);
    }
  });
});
