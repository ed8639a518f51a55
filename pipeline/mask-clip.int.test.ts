import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CaptionStrip } from "./evidence/caption-strip.ts";
import { DiskFullError } from "./evidence/disk-full-error.ts";
import { ClipMaskError } from "./evidence/masking/errors.ts";
import type { MaskingDetectors } from "./evidence/masking/finder.ts";
import { brokenDetectors, fakeDetectors } from "./evidence/masking/testing/masking-fixture.ts";
import { InferenceError } from "./inference/errors.ts";
import { type MaskClipOrder, maskClip } from "./mask-clip.ts";

const run = promisify(execFile);
const SIZE = { width: 320, height: 240 };
/** As many lines as a real caption has. */
const LINES = ["2026-01-01 12:00:00 +08:00", "摄像机 camera", "place 30.0, 104.0", "证据包 cnd_0001"];
const FRAMED = { width: SIZE.width, height: SIZE.height + new CaptionStrip(LINES, SIZE.width).height };
const HEAD = { label: "person", box: [0.5, 0.25, 0.6, 0.75], score: 0.9 } as const;

let dir: string;
let clipPath: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-mask-clip-"));
  clipPath = join(dir, "clip.mp4");
  const noise = `nullsrc=s=${SIZE.width}x${SIZE.height}:d=2:r=25,geq=random(1)*255:128:128`;
  await run("ffmpeg", [
    ...["-v", "error", "-f", "lavfi", "-i", noise, "-f", "lavfi", "-i", "sine=d=2"],
    ...["-metadata", "title=where it was", "-c:v", "libx264", "-c:a", "aac", clipPath],
  ]);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function order(name: string, detectors: MaskingDetectors, changes: Partial<MaskClipOrder> = {}) {
  return {
    ffmpegPath: "ffmpeg",
    clipPath,
    fromSec: 0,
    toSec: 2,
    fps: 5,
    outPath: join(dir, `${name}.mp4`),
    probe: { ...SIZE, colourMatrix: null },
    detectors,
    subjectAt: () => null,
    linesAt: () => LINES,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** How much neighbouring pixels differ in a rectangle of each frame, 0–255. */
async function detailOf(path: string, [x, y, w, h]: readonly number[]): Promise<number[]> {
  const crop = `crop=${w}:${h}:${x}:${y},format=gray`;
  const { stdout } = await run("ffmpeg", ["-v", "error", "-i", path, "-vf", crop, "-f", "rawvideo", "-"], {
    encoding: "buffer",
    maxBuffer: 1 << 28,
  });
  const frameBytes = (w ?? 0) * (h ?? 0);
  return Array.from({ length: stdout.length / frameBytes }, (_, frame) => {
    const pixels = stdout.subarray(frame * frameBytes, (frame + 1) * frameBytes);
    const sum = pixels.reduce((total, value, at) => total + Math.abs(value - (pixels[at - 1] ?? value)), 0);
    return sum / frameBytes;
  });
}

const streamsSchema = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string(),
      pix_fmt: z.string().optional(),
      width: z.number(),
      height: z.number(),
    }),
  ),
  format: z.object({ tags: z.record(z.string(), z.string()) }),
});

describe("maskClip", () => {
  it("hides in every frame what was found, in a film without sound or metadata", async () => {
    const request = order("found", fakeDetectors({ objects: [HEAD] }));
    const masked = await maskClip(request);
    expect(masked).toMatchObject({ mode: "private_regions", reason: null, frames: 10 });
    expect(masked.hidden).toEqual({ face: 0, head: 10, plate: 0, vehicle: 0, person: 0 });
    const head = await detailOf(request.outPath, [160, 64, 32, 24]);
    const street = await detailOf(request.outPath, [16, 64, 32, 24]);
    expect(head).toHaveLength(10);
    for (const [index, value] of head.entries()) expect(value).toBeLessThan((street[index] ?? 0) / 4);
    const { stdout } = await run("ffprobe", [
      ...["-v", "error", "-of", "json", "-show_streams", "-show_format", request.outPath],
    ]);
    const { streams, format } = streamsSchema.parse(JSON.parse(stdout));
    expect(streams).toEqual([{ codec_name: "h264", pix_fmt: "yuv420p", ...FRAMED }]);
    expect(Object.keys(format.tags).sort()).toEqual(["compatible_brands", "major_brand", "minor_version"]);
  });

  it("writes below every frame what belongs to its time", async () => {
    const asked: number[] = [];
    const linesAt = (sec: number) => {
      asked.push(sec);
      return [`12:00:0${Math.floor(sec)}`, ...LINES.slice(1)];
    };
    const request = order("captioned", fakeDetectors({}), { linesAt });
    await maskClip(request);
    expect(asked.slice(1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8]);
    const text = await detailOf(request.outPath, [0, SIZE.height, SIZE.width, FRAMED.height - SIZE.height]);
    for (const value of text) expect(value).toBeGreaterThan(2);
    // The time is all that changes, and only once.
    const changes = text.map((value, at) => Math.abs(value - (text[at - 1] ?? value)));
    expect(changes.indexOf(Math.max(...changes))).toBe(5);
  });

  it("copies the stretch it is asked for, by the clip's own time", async () => {
    const asked: number[] = [];
    const at = (sec: number) => {
      asked.push(sec);
      return null;
    };
    const request = order("stretch", fakeDetectors({}), { fromSec: 0.6, toSec: 1.4, subjectAt: at });
    expect((await maskClip(request)).frames).toBe(4);
    expect(asked.map((sec) => Number(sec.toFixed(3)))).toEqual([0.6, 0.8, 1, 1.2]);
  });

  it("keeps the subject in the frames it is found in, and hides it with all the others after it left", async () => {
    const subject = { label: "car", box: [0.1, 0.1, 0.5, 0.5], score: 0.9 } as const;
    const other = { ...subject, box: [0.25, 0.12, 0.68, 0.5], score: 0.9 } as const;
    const seen = fakeDetectors({});
    let frame = 0;
    const find = () => Promise.resolve(frame++ < 4 ? [subject] : [other]);
    const request = order(
      "leaves",
      { ...seen, objects: { ...seen.objects, find } },
      { subjectAt: () => subject },
    );
    expect((await maskClip(request)).hidden.vehicle).toBe(10);
    const inside = await detailOf(request.outPath, [96, 40, 60, 60]);
    const clear = inside[0] ?? 0;
    expect(inside.map((value) => value > clear / 2)).toEqual([
      ...[true, true, true, true],
      ...[false, false, false, false, false, false],
    ]);
  });

  it("hides frames whole that nothing could look at, and says so", async () => {
    const subject = { label: "car", box: [0, 0, 0.5, 0.5], score: 0.9 } as const;
    const seen = fakeDetectors({});
    let frame = 0;
    const find = () =>
      frame++ === 4
        ? Promise.reject(new InferenceError("inference.thread_crashed", "it is gone"))
        : Promise.resolve([subject]);
    const request = order(
      "blinks",
      { ...seen, objects: { ...seen.objects, find } },
      { subjectAt: () => subject },
    );
    const masked = await maskClip(request);
    expect(masked).toMatchObject({ mode: "all_but_subject", reason: "inference.thread_crashed: it is gone" });
    expect(masked.detectors).toHaveLength(2);
    const inside = await detailOf(request.outPath, [16, 16, 96, 64]);
    expect(inside.map((value) => value < (inside[0] ?? 0) / 4)).toEqual([
      ...[false, false, false, false, true],
      ...[false, false, false, false, false],
    ]);
  });

  it("is refused when no frame could be looked at", async () => {
    const fault = new InferenceError("inference.thread_crashed", "it is gone");
    const request = order("broken", brokenDetectors(fault));
    await expect(maskClip(request)).rejects.toThrow(ClipMaskError);
    await expect(maskClip(request)).rejects.toThrow(/no frame of it could be looked at .*it is gone/);
    expect(existsSync(request.outPath)).toBe(false);
  });

  it("tells a clip that cannot be coded from a disk that is full", async () => {
    const fakeFfmpeg = async (name: string, says: string) => {
      const path = join(dir, name);
      // Decodes like the real one; whatever it is to write fails.
      const script = `#!/bin/sh\ncase "$*" in *libx264*) echo "${says}" >&2; exit 1;; esac\nexec ffmpeg "$@"\n`;
      await writeFile(path, script, { mode: 0o755 });
      return path;
    };
    const full = await fakeFfmpeg("full", "av_interleaved_write_frame(): No space left on device");
    const odd = await fakeFfmpeg("odd", "Unknown encoder");
    const masked = (ffmpegPath: string) => maskClip(order("uncoded", fakeDetectors({}), { ffmpegPath }));
    await expect(masked(full)).rejects.toThrow(DiskFullError);
    await expect(masked(odd)).rejects.toThrow(ClipMaskError);
  });

  it("ends both its processes and leaves no file when it is told to stop", async () => {
    const stop = new AbortController();
    const seen = fakeDetectors({});
    const find = () => {
      stop.abort(new Error("told to stop"));
      return Promise.resolve([]);
    };
    const request = order(
      "stopped",
      { ...seen, objects: { ...seen.objects, find } },
      { signal: stop.signal },
    );
    await expect(maskClip(request)).rejects.toThrow("told to stop");
    expect(existsSync(request.outPath)).toBe(false);
  });

  it("says what is wrong with a clip that cannot be decoded", async () => {
    const path = join(dir, "text.mp4");
    await writeFile(path, "no film");
    const bad = order("bad", fakeDetectors({}), { clipPath: path });
    await expect(maskClip(bad)).rejects.toThrow(ClipMaskError);
    await expect(maskClip(bad)).rejects.toThrow(/text\.mp4 could not be decoded/);
    expect(existsSync(bad.outPath)).toBe(false);
  });
});
