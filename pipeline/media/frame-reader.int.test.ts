import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, patternClip, timeClip, timeError } from "../../test-fixtures/clips.ts";
import type { Frame, FrameFormat, Log } from "../domain/ports.ts";
import { type ReadRequest, readFrames } from "./frame-reader.ts";
import { probe } from "./probe.ts";

const START = Date.UTC(2026, 0, 5, 8);
const format: FrameFormat = { width: 32, height: 24, pixelFormat: "rgb24", resize: "stretch", padByte: 114 };
const warnings: string[] = [];
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_, message) => void warnings.push(message),
  error: () => undefined,
};
const fake = (name: string) => fileURLToPath(new URL(`../../test-fixtures/bin/${name}.mjs`, import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-frames-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Seen {
  readonly ptsSec: number;
  readonly capturedAt: number;
  readonly index: number;
  readonly grey: number;
  readonly frame: Frame;
}

async function read(url: string, wanted: Partial<ReadRequest> = {}) {
  const seen: Seen[] = [];
  const result = await readFrames(
    {
      ffmpegPath: "ffmpeg",
      source: { url, transport: "tcp", pace: "fast", loop: false },
      probe: await probe(url, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 }),
      format,
      fps: 2,
      watch: "full",
      startedAtMs: START,
      signal: new AbortController().signal,
      maxInFlight: 2,
      log,
      ...wanted,
    },
    (frame) => {
      const middle = (frame.pixels.length / 3 / 2) * 3 + (wanted.format ?? format).width * 1.5;
      seen.push({
        ...frame.at,
        index: frame.index,
        grey: frame.pixels[Math.floor(middle / 3) * 3] ?? -1,
        frame: { ...frame, pixels: Uint8Array.from(frame.pixels) },
      });
    },
  );
  return { seen, result };
}

function expectTimesToAgree(seen: readonly Seen[]) {
  for (const { ptsSec, capturedAt, grey } of seen) {
    expect(timeError(grey, ptsSec)).toBeLessThan(0.045);
    expect(capturedAt).toBe(Math.round(START + ptsSec * 1000));
  }
}

describe("readFrames, a file as fast as it goes", () => {
  it("takes the first frame of each half second, with its own time", async () => {
    const clip = await timeClip(dir, { name: "cfr.mp4", bFrames: 2 });
    const { seen, result } = await read(clip);
    expect(seen.map(({ ptsSec }) => ptsSec)).toEqual(Array.from({ length: 20 }, (_, n) => n / 2));
    expect(seen.map(({ index }) => index)).toEqual(seen.map((_, n) => n));
    expectTimesToAgree(seen);
    expect(result).toMatchObject({
      reason: "closed",
      framesDecoded: 100,
      framesAnalysed: 20,
      framesDropped: 0,
    });
    expect(result).toMatchObject({ missingSec: 0, errorLines: 0, stderrTail: [] });
  });

  it.each([
    ["one in three", 1 / 3],
    ["all there are", 60],
    ["seven a second", 7],
  ])("samples %s", async (_, fps) => {
    const clip = await timeClip(dir, { name: "grid.mp4", durationSec: 8 });
    const { seen } = await read(clip, { fps });
    const cells = Array.from({ length: 80 }, (_, n) => Math.floor((n / 10) * fps + 1e-6));
    const wanted = cells.flatMap((cell, n) => (n === 0 || cell > (cells[n - 1] ?? 0) ? [n / 10] : []));
    expect(seen.map(({ ptsSec }) => Number(ptsSec.toFixed(3)))).toEqual(wanted);
    expectTimesToAgree(seen);
  });

  it("keeps the times of a varying frame rate", async () => {
    const keep = "lt(mod(n,17),3)+gt(mod(n,23),14)";
    const clip = await timeClip(dir, { name: "vfr.mkv", keep, bFrames: 2 });
    const { seen } = await read(clip, { fps: 3 });
    expect(seen.length).toBeGreaterThan(15);
    expectTimesToAgree(seen);
    const cells = seen.map(({ ptsSec }) => Math.floor(ptsSec * 3 + 1e-6));
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("counts time from the container's start, though the first frames cannot be decoded", async () => {
    const clip = await timeClip(dir, { name: "keyed.ts", gop: 20 });
    // Without its first key frame, as a recording that was switched on in the middle.
    const headless = join(dir, "headless.mkv");
    await ffmpeg(["-i", clip, "-c", "copy", "-bsf:v", "noise=drop='lt(n,1)'", "-copyinkf", headless]);
    const { seen } = await read(headless, { fps: 10 });
    expect(seen[0]?.ptsSec).toBeGreaterThan(1.5);
    // The recording itself begins with the second picture, 0.1 s into the clip.
    for (const { ptsSec, grey } of seen) expect(timeError(grey, ptsSec + 0.1)).toBeLessThan(0.045);
  });

  it("waits for a slow consumer, hands out in order and so many at a time", async () => {
    const clip = await timeClip(dir, { name: "slow.mp4", durationSec: 4 });
    const open: (() => void)[] = [];
    let most = 0;
    const order: number[] = [];
    const result = await readFrames(
      {
        ffmpegPath: "ffmpeg",
        source: { url: clip, transport: "tcp", pace: "fast", loop: false },
        probe: await probe(clip, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 }),
        format,
        fps: 10,
        watch: "full",
        startedAtMs: START,
        signal: new AbortController().signal,
        maxInFlight: 3,
        stallAfterMs: 2_000,
        log,
      },
      async ({ index }) => {
        order.push(index);
        await new Promise<void>((resolve) => {
          open.push(resolve);
          most = Math.max(most, open.length);
          // Nobody is ready before three are waiting: more may not come, fewer would hang.
          if (open.length === 3 || index === 39) for (const done of open.splice(0)) setImmediate(done);
        });
      },
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(result).toMatchObject({ framesAnalysed: 40, framesDropped: 0 });
  });

  it("ends with what the consumer throws", async () => {
    const clip = await timeClip(dir, { name: "throws.mp4", durationSec: 4 });
    await expect(
      readFrames(
        {
          ffmpegPath: "ffmpeg",
          source: { url: clip, transport: "tcp", pace: "fast", loop: true },
          probe: await probe(clip, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 }),
          format,
          fps: 10,
          watch: "full",
          startedAtMs: START,
          signal: new AbortController().signal,
          maxInFlight: 1,
          log,
        },
        ({ index }) => {
          if (index === 3) throw new Error("model lost");
        },
      ),
    ).rejects.toThrow("model lost");
  });
});

describe("readFrames, shapes and colours", () => {
  it.each([
    ["letterbox-topleft", 0],
    ["letterbox-center", 11],
  ] as const)("%s keeps the aspect and pads", async (resize, top) => {
    const clip = await patternClip(dir, "pad.mp4", {
      size: "161x91",
      durationSec: 1,
      args: ["-pix_fmt", "yuv444p"],
    });
    const square: FrameFormat = { width: 51, height: 51, pixelFormat: "bgr24", resize, padByte: 114 };
    const { seen } = await read(clip, { format: square });
    const { pixels, sourceWidth, sourceHeight } = seen[0]?.frame ?? { pixels: new Uint8Array() };
    expect([sourceWidth, sourceHeight]).toEqual([161, 91]);
    const rows = Array.from({ length: 51 }, (_, y) => pixels.subarray(y * 51 * 3, (y + 1) * 51 * 3));
    const padded = rows.flatMap((row, y) => (row.every((byte) => byte === 114) ? [y] : []));
    const height = 29;
    expect(padded).toEqual([...Array(51).keys()].filter((y) => y < top || y >= top + height));
  });

  it.each([
    ["bt709", "tv"],
    ["smpte170m", "tv"],
    ["bt709", "pc"],
  ])("gives back the colours of a %s, %s stream, in the wanted byte order", async (matrix, range) => {
    const name = `${matrix}-${range}.mkv`;
    const filter = `scale=out_color_matrix=${matrix === "bt709" ? "bt709" : "bt601"}:out_range=${range},format=yuv444p`;
    await ffmpeg([
      ...["-f", "lavfi", "-i", "color=0xC83214:s=64x48:r=5:d=1,format=rgb24", "-vf", filter],
      ...["-c:v", "libx264", "-qp", "0", "-colorspace", matrix, "-color_range", range, join(dir, name)],
    ]);
    for (const [pixelFormat, colour] of [
      ["rgb24", [0xc8, 0x32, 0x14]],
      ["bgr24", [0x14, 0x32, 0xc8]],
    ] as const) {
      const { seen } = await read(join(dir, name), { format: { ...format, pixelFormat } });
      const pixel = [...(seen[0]?.frame.pixels.subarray(300, 303) ?? [])];
      for (const [at, value] of colour.entries())
        expect(Math.abs((pixel[at] ?? -99) - value)).toBeLessThan(4);
    }
  });

  it("turns a rotated picture upright", async () => {
    const flat = join(dir, "half.mp4");
    // Left half white: after a quarter turn it is the upper or the lower half.
    await ffmpeg([
      "-f",
      "lavfi",
      "-i",
      "color=black:s=64x48:r=5:d=1,drawbox=w=32:h=48:color=white:t=fill",
      flat,
    ]);
    const turned = join(dir, "half-turned.mp4");
    await ffmpeg(["-i", flat, "-c", "copy", "-metadata:s:v", "rotate=90", turned]);
    const { seen } = await read(turned, { format: { ...format, width: 24, height: 32 } });
    const { pixels, sourceWidth, sourceHeight } = seen[0]?.frame ?? { pixels: new Uint8Array() };
    expect([sourceWidth, sourceHeight]).toEqual([48, 64]);
    const upper = pixels[24 * 3 * 4] ?? 0;
    const lower = pixels[24 * 3 * 28] ?? 0;
    expect(Math.abs(upper - lower)).toBeGreaterThan(200);
    expect(Math.abs((pixels[24 * 3 * 4 + 23 * 3] ?? 0) - upper)).toBeLessThan(8);
  });

  it.each([
    ["gif", "a.gif", []],
    ["msmpeg4v3", "a.avi", ["-c:v", "msmpeg4v3", "-q:v", "2"]],
    ["mpeg4", "b.avi", ["-c:v", "mpeg4", "-q:v", "2", "-bf", "2"]],
    ["hevc", "a.mkv", ["-c:v", "libx265", "-x265-params", "log-level=none"]],
  ])("reads %s", async (_, name, args) => {
    const clip = await patternClip(dir, name, { durationSec: 3, args: [...args] });
    const { seen, result } = await read(clip);
    expect(result.reason).toBe("closed");
    // AVI counts by decoding order: B-frames move everything by a frame.
    expect(seen.slice(0, 6).map(({ ptsSec }) => Math.floor(ptsSec * 2 + 1e-6))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("readFrames, key frames only", () => {
  it("decodes nothing else", async () => {
    const clip = await timeClip(dir, { name: "keys.mp4", gop: 20, bFrames: 2 });
    const { seen, result } = await read(clip, { watch: "keyframes" });
    expect(seen.map(({ ptsSec }) => ptsSec)).toEqual([0, 2, 4, 6, 8]);
    expectTimesToAgree(seen);
    expect(result.framesDecoded).toBe(5);
  });

  it("decodes everything when they are too far apart, and says so", async () => {
    const clip = await timeClip(dir, { name: "rare-keys.mp4", gop: 40 });
    warnings.length = 0;
    const { result } = await read(clip, { watch: "keyframes" });
    expect(result.framesDecoded).toBe(100);
    expect(warnings).toHaveLength(1);
    expect((await read(clip, { watch: "keyframes", fps: 0.2 })).result.framesDecoded).toBe(3);
  });
});

describe("readFrames, when things go wrong", () => {
  const tiny: FrameFormat = { ...format, width: 4, height: 2 };

  it("delivers what came before a clip was cut off, and says how much is missing", async () => {
    const clip = await timeClip(dir, { name: "whole.mp4" });
    const faststart = join(dir, "faststart.mp4");
    await ffmpeg(["-i", clip, "-c", "copy", "-movflags", "+faststart", faststart]);
    const bytes = await readFile(faststart);
    const cut = join(dir, "cut.mp4");
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { seen, result } = await read(cut);
    expect(seen.length).toBeGreaterThan(5);
    expectTimesToAgree(seen);
    expect(result.missingSec).toBeGreaterThan(2);
    expect(result.errorLines).toBeGreaterThan(0);
  });

  it("reads on where the pictures change their size", async () => {
    const parts = await Promise.all(
      ["64x48", "128x96"].map(async (size, part) => {
        const clip = await timeClip(dir, { name: `size-${size}.mkv`, size, durationSec: 5 });
        const stream = join(dir, `size-${size}.ts`);
        await ffmpeg(["-i", clip, "-c", "copy", "-output_ts_offset", String(part * 5), stream]);
        return readFile(stream);
      }),
    );
    const joined = join(dir, "sizes.ts");
    await writeFile(joined, Buffer.concat(parts));
    const { seen, result } = await read(joined);
    expect(seen.map(({ ptsSec }) => Number(ptsSec.toFixed(3)))).toEqual(
      Array.from({ length: 20 }, (_, n) => n / 2),
    );
    expectTimesToAgree(seen);
    expect(result).toMatchObject({ reason: "closed", cut: null, missingSec: 0 });
  });

  it("goes on after damage in the middle", async () => {
    const clip = await timeClip(dir, { name: "damaged.mkv" });
    const bytes = await readFile(clip);
    bytes.fill(0xa5, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.5));
    await writeFile(clip, bytes);
    const { seen, result } = await read(clip);
    expect(seen.at(-1)?.ptsSec).toBeGreaterThan(8);
    expect(result.errorLines).toBeGreaterThan(0);
  });

  it("calls a frozen ffmpeg stalled", async () => {
    const clip = await timeClip(dir, { name: "real.mp4", durationSec: 1 });
    const { seen, result } = await read(clip, {
      ffmpegPath: fake("ffmpeg-freezes"),
      format: tiny,
      // Starting it counts, which takes a while on a busy machine.
      stallAfterMs: 4_000,
    });
    expect(result).toMatchObject({
      reason: "stalled",
      signal: "SIGKILL",
      framesDecoded: null,
      framesAnalysed: 5,
    });
    expect(seen.map(({ grey }) => grey)).toEqual([0, 1, 2, 3, 4]);
  });

  it("delivers the frames of an ffmpeg that died, but not its half of a frame", async () => {
    const clip = await timeClip(dir, { name: "real.mp4", durationSec: 1 });
    const { seen, result } = await read(clip, { ffmpegPath: fake("ffmpeg-dies"), format: tiny });
    expect(result).toMatchObject({ reason: "failed", exitCode: 3, framesAnalysed: 5 });
    expect(seen).toHaveLength(5);
  });

  it("refuses pictures without time stamps", async () => {
    const clip = await timeClip(dir, { name: "real.mp4", durationSec: 1 });
    // Twice the size: half as many pictures as stamps.
    const misread = { ...tiny, height: 4 };
    const run = read(clip, { ffmpegPath: fake("ffmpeg-closes-odd"), format: misread });
    await expect(run).rejects.toMatchObject({ code: "media.frame_sync_lost" });
  });
});

describe("readFrames, live", () => {
  it("plays a file over and over on one time line until aborted", async () => {
    const clip = await timeClip(dir, { name: "loop.mp4", durationSec: 1 });
    const abort = new AbortController();
    const times: number[] = [];
    const result = await readFrames(
      {
        ffmpegPath: "ffmpeg",
        source: { url: clip, transport: "tcp", pace: "live", loop: true },
        probe: await probe(clip, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 }),
        format,
        fps: 10,
        watch: "full",
        startedAtMs: START,
        signal: abort.signal,
        maxInFlight: 1,
        log,
      },
      ({ at }) => {
        times.push(at.ptsSec);
        if (at.ptsSec > 2.2) abort.abort();
      },
    );
    expect(result.reason).toBe("shutdown");
    expect(times.at(-1)).toBeGreaterThan(2.2);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
