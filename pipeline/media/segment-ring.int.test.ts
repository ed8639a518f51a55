import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timeClip, timeError } from "../../test-fixtures/clips.ts";
import type { Log } from "../domain/ports.ts";
import { superviseCapture } from "./capture-supervisor.ts";
import { cutClip } from "./clip-cutter.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";
import { newFrameCounts } from "./frame-delivery.ts";
import { readFrames } from "./frame-reader.ts";
import { grabPictures } from "./picture-grabber.ts";
import { probe } from "./probe.ts";
import { SegmentRing } from "./segment-ring.ts";

const nothing = () => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const format = { width: 32, height: 24, pixelFormat: "rgb24", resize: "stretch", padByte: 114 } as const;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-ring-test-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const probed = (path: string) => probe(path, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 });

const segmentsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith(".mkv"));

/** A ring filled from a clip as fast as it goes, and the frames seen meanwhile. */
async function fill(name: string, limits: { maxAgeSec: number; maxBytes: number }, baseSec = 0) {
  const clip = await timeClip(dir, { name: `${name}.mp4`, gop: 10, bFrames: 2, durationSec: 20, fps: 10 });
  const ring = await SegmentRing.open({ dir: join(dir, `${name} 100%`), log, ...limits });
  const seen: { ptsSec: number; grey: number }[] = [];
  await readFrames(
    {
      ffmpegPath: "ffmpeg",
      source: { url: clip, transport: "tcp", pace: "fast", loop: false },
      probe: await probed(clip),
      format,
      fps: 1,
      watch: "full",
      startedAtMs: 0,
      ptsBaseSec: baseSec,
      signal: new AbortController().signal,
      maxInFlight: 1,
      ring: ring.beginRun(baseSec),
      log,
    },
    ({ at, pixels }) => void seen.push({ ptsSec: at.ptsSec, grey: pixels[99] ?? -99 }),
  );
  return { clip, ring, seen };
}

describe("SegmentRing", () => {
  it("cuts clips and pictures of exactly the moments the frames were of", async () => {
    const { clip, ring, seen } = await fill("exact", { maxAgeSec: 60, maxBytes: 1e9 }, 1000);
    expect(ring.segments.map(({ startSec, endSec }) => [startSec, endSec])).toEqual(
      [0, 4, 8, 12, 16].map((start) => [1000 + start, 1004 + start]),
    );
    const facts = await probed(clip);
    const cut = await cutClip({
      ffmpegPath: "ffmpeg",
      from: { kind: "ring", ring },
      codec: facts.codec,
      startSec: 1006.5,
      endSec: 1013,
      outPathWithoutExt: join(dir, "ring-cut"),
    });
    expect(cut.startSec).toBeLessThanOrEqual(1006.5);
    expect(cut.startSec).toBeGreaterThanOrEqual(1004);
    expect(cut.endSec).toBeGreaterThan(1012.9);
    expect((await probed(cut.path)).durationSec).toBeCloseTo(cut.endSec - cut.startSec, 1);

    const wanted = seen.filter((_, index) => index % 3 === 1);
    const pictures = await grabPictures({
      ffmpegPath: "ffmpeg",
      from: { kind: "ring", ring },
      probe: facts,
      ptsSecs: wanted.map(({ ptsSec }) => ptsSec),
      dir,
      signal: new AbortController().signal,
    });
    for (const [index, { path, ptsSec }] of pictures.entries()) {
      expect(ptsSec).toBeCloseTo(wanted[index]?.ptsSec ?? 0, 2);
      const { data } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
      expect(timeError(data[0] ?? -99, ptsSec - 1000)).toBeLessThan(0.045);
    }
    await expect(
      cutClip({
        ffmpegPath: "ffmpeg",
        from: { kind: "ring", ring },
        codec: "h264",
        startSec: 2000,
        endSec: 2010,
        outPathWithoutExt: join(dir, "never"),
      }),
    ).rejects.toMatchObject({ code: "media.not_recorded" });
  });

  it("forgets what is too old, and what is too much", async () => {
    const byAge = await fill("age", { maxAgeSec: 6, maxBytes: 1e9 });
    expect(byAge.ring.segments.map(({ startSec }) => startSec)).toEqual([12, 16]);
    expect(await segmentsIn(join(dir, "age 100%"))).toHaveLength(2);
    expect(byAge.ring.losses).toEqual({ segments: 0, prunedEarlySec: 0, unrecordedRuns: 0 });
    const bySize = await fill("size", { maxAgeSec: 60, maxBytes: 1 });
    expect(bySize.ring.segments.map(({ startSec }) => startSec)).toEqual([16]);
    expect(await segmentsIn(join(dir, "size 100%"))).toHaveLength(1);
    expect(bySize.ring.losses.prunedEarlySec).toBe(16);
  });

  it("keeps what the process before it recorded as long as it is young enough, and nobody else's files", async () => {
    const { ring } = await fill("left", { maxAgeSec: 60, maxBytes: 1e9 }, 1000);
    const folder = join(dir, "left 100%");
    await writeFile(join(folder, "notes.txt"), "mine");
    // Begun when its writer was killed: nobody knows its times.
    await writeFile(join(folder, "ring-1-000009.mkv"), "cut off");
    await ring.close();
    const reopen = (nowSec: number) =>
      SegmentRing.open({ dir: folder, maxAgeSec: 10, maxBytes: 1e9, log }, nowSec);

    const next = await reopen(1021);
    expect(next.segments).toEqual(ring.segments.slice(2));
    expect(next.beginRun(1025).args.at(-1)).toContain("ring-2-");
    expect(await segmentsIn(folder)).toHaveLength(3);
    expect((await reopen(2000)).segments).toEqual([]);
    expect(await segmentsIn(folder)).toEqual([]);
    expect(await readdir(folder)).toContain("notes.txt");
  });

  it("gives up what an index says that cannot be read", async () => {
    const { ring } = await fill("broken", { maxAgeSec: 60, maxBytes: 1e9 }, 1000);
    await ring.close();
    const folder = join(dir, "broken 100%");
    await writeFile(join(folder, "index.json"), '[{"name":"../../etc/passwd","run":1}]');
    const next = await SegmentRing.open({ dir: folder, maxAgeSec: 60, maxBytes: 1e9, log }, 1021);
    expect(next.segments).toEqual([]);
    expect(await segmentsIn(folder)).toEqual([]);
  });

  it("takes up another process's recording by when its segments were listed", async () => {
    const clip = await timeClip(dir, { name: "other.mp4", gop: 10, durationSec: 10, fps: 10 });
    const ring = await SegmentRing.open({ dir: join(dir, "other"), maxAgeSec: 60, maxBytes: 1e9, log });
    const run = ring.beginRun(() => 504);
    await runFfmpeg({
      ffmpegPath: "ffmpeg",
      args: ["-nostdin", "-v", "error", "-i", clip, ...run.args],
      signal: new AbortController().signal,
      onPipe3: run.readList,
    });
    await run.end();
    expect(ring.segments.map(({ startSec, endSec }) => [startSec, endSec])).toEqual([
      [500, 504],
      [504, 508],
      [508, 510],
    ]);
  });

  it("tells when a moment is safely recorded", async () => {
    const { ring } = await fill("wait", { maxAgeSec: 60, maxBytes: 1e9 });
    expect(await ring.waitUntil(19, new AbortController().signal)).toBe(true);
    const abort = new AbortController();
    const waiting = ring.waitUntil(25, abort.signal);
    abort.abort();
    expect(await waiting).toBe(false);
  });
});

describe("superviseCapture", () => {
  it("dates the pictures of a live stream by its own clock, and does not believe its end", async () => {
    const clip = await timeClip(dir, { name: "live.ts", durationSec: 9, gop: 5 });
    // Gives each who asks the clip at its own speed, and hangs up at its end: exit code 0 for ffmpeg.
    const server = createServer((_, response) => {
      const camera = spawn("ffmpeg", [
        ...["-v", "error", "-re", "-i", clip, "-c", "copy", "-f", "mpegts", "pipe:1"],
      ]);
      camera.stdout.pipe(response);
      response.once("close", () => camera.kill("SIGKILL"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/live`;
    const abort = new AbortController();
    const seen: { capturedAt: number; ptsSec: number; grey: number }[] = [];
    const exits: (string | null)[] = [];
    const counts = newFrameCounts();
    try {
      await superviseCapture(
        {
          ffmpegPath: "ffmpeg",
          source: { url, transport: "tcp", pace: "live", loop: false },
          probeSource: async () => ({ ...(await probed(clip)), durationSec: null }),
          format,
          fps: 5,
          watch: "full",
          signal: abort.signal,
          maxInFlight: 1,
          log,
          counts,
          onState: ({ phase, lastExit }) => {
            if (phase !== "waiting") return;
            exits.push(lastExit);
            abort.abort();
          },
        },
        ({ at, pixels }) => void seen.push({ ...at, grey: pixels[99] ?? -99 }),
      );
    } finally {
      server.close();
    }
    expect(exits).toEqual(["closed"]);
    expect(counts.decoded).toBe(90);
    expect(counts.analysed + counts.dropped).toBe(45);
    expect(seen.length).toBeGreaterThan(5);
    const [first] = seen;
    // The time line is everybody's; the first picture says where on it the clip began.
    const shownAt = Array.from({ length: 45 }, (_, at) => at / 5).reduce((best, sec) =>
      timeError(first?.grey ?? -99, sec) < timeError(first?.grey ?? -99, best) ? sec : best,
    );
    const baseSec = (first?.ptsSec ?? 0) - shownAt;
    expect(Math.abs(baseSec - Date.now() / 1000)).toBeLessThan(60);
    for (const { capturedAt, ptsSec, grey } of seen) {
      expect(timeError(grey, ptsSec - baseSec)).toBeLessThan(0.045);
      // The stream's own intervals to 0.1 %, and a millisecond of rounding.
      const byStream = (ptsSec - (first?.ptsSec ?? 0)) * 1000;
      expect(Math.abs(capturedAt - (first?.capturedAt ?? 0) - byStream)).toBeLessThan(byStream / 1000 + 1.1);
    }
  });

  it("starts again after each end, on one time line, until told to stop", async () => {
    const clip = await timeClip(dir, { name: "again.mp4", durationSec: 2 });
    const ring = await SegmentRing.open({ dir: join(dir, "again"), maxAgeSec: 60, maxBytes: 1e9, log });
    const abort = new AbortController();
    const times: number[] = [];
    const exits: (string | null)[] = [];
    let probes = 0;
    await superviseCapture(
      {
        ffmpegPath: "ffmpeg",
        source: { url: clip, transport: "tcp", pace: "fast", loop: false },
        probeSource: (signal) => {
          probes += 1;
          const path = probes === 2 ? join(dir, "unplugged.mp4") : clip;
          return probe(path, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000, signal });
        },
        format,
        fps: 2,
        watch: "full",
        signal: abort.signal,
        maxInFlight: 1,
        log,
        ring,
        onState: ({ phase, lastExit }) => {
          if (phase !== "waiting") return;
          exits.push(lastExit);
          if (exits.length === 3) abort.abort();
        },
      },
      ({ at }) => void times.push(at.ptsSec),
    );
    expect(exits).toEqual(["closed", "media.source_not_found", "closed"]);
    expect(times).toHaveLength(8);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(ring.segments.map(({ run }) => run)).toEqual([1, 2]);
  });
});
