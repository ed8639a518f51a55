import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, patternClip } from "../../test-fixtures/clips.ts";
import type { Polygon } from "../domain/types.ts";
import { blackOutClip } from "./black-out.ts";
import { ClipCutError } from "./errors.ts";
import { probe } from "./probe.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-black-out-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The left upper quarter. */
const QUARTER: Polygon = [
  [0, 0],
  [0.5, 0],
  [0.5, 0.5],
  [0, 0.5],
];
const signal = new AbortController().signal;

async function framesOf(clip: string, name: string): Promise<string[]> {
  const folder = await mkdtemp(join(dir, `${name}-`));
  await ffmpeg(["-i", clip, "-fps_mode", "passthrough", join(folder, "%03d.png")]);
  return (await readdir(folder)).sort().map((file) => join(folder, file));
}

function brightestOf(picture: string, region: { left: number; top: number; width: number; height: number }) {
  return sharp(picture)
    .extract(region)
    .raw()
    .toBuffer()
    .then((pixels) => Math.max(...pixels));
}

async function meanOf(picture: string, region: { left: number; top: number; width: number; height: number }) {
  const pixels = await sharp(picture).extract(region).raw().toBuffer();
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

describe("blackOutClip", () => {
  it("blacks the polygons in every frame and leaves times and the rest", async () => {
    const clip = await patternClip(dir, "pattern.mp4", {
      size: "320x240",
      fps: 10,
      durationSec: 3,
      args: ["-c:v", "libx264", "-pix_fmt", "yuv420p"],
    });
    const facts = await probe(clip, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 });
    const out = join(dir, "masked");
    const { path, codec } = await blackOutClip({
      ffmpegPath: "ffmpeg",
      clipPath: clip,
      probe: facts,
      polygons: [QUARTER],
      outPathWithoutExt: out,
      signal,
    });
    expect({ path, codec }).toEqual({ path: `${out}.mp4`, codec: "h264" });
    const masked = await probe(path, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 });
    expect([masked.width, masked.height, masked.durationSec]).toEqual([320, 240, facts.durationSec]);
    const frames = await framesOf(path, "masked");
    const before = await framesOf(clip, "before");
    expect(frames).toHaveLength(before.length);
    for (const [index, frame] of frames.entries()) {
      expect(await brightestOf(frame, { left: 0, top: 0, width: 158, height: 118 })).toBeLessThanOrEqual(8);
      const rest = { left: 168, top: 128, width: 152, height: 112 };
      const [was = 0, is = 99] = await Promise.all(
        [before[index] ?? "", frame].map((picture) => meanOf(picture, rest)),
      );
      expect(Math.abs(was - is)).toBeLessThan(2);
    }
    expect((await readdir(dir)).filter((name) => name.endsWith(".png"))).toEqual([]);
  });

  it("leaves nothing when the clip cannot be read", async () => {
    const clip = join(dir, "no-video.mp4");
    await writeFile(clip, "no video at all");
    const out = join(dir, "never");
    const order = {
      ffmpegPath: "ffmpeg",
      clipPath: clip,
      polygons: [QUARTER],
      outPathWithoutExt: out,
      signal,
    };
    const probed = { width: 320, height: 240 };
    await expect(blackOutClip({ ...order, probe: probed })).rejects.toThrow(ClipCutError);
    expect((await readdir(dir)).filter((name) => name.startsWith("never"))).toEqual([]);
  });
});
