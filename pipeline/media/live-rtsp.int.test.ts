import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg } from "../../test-fixtures/clips.ts";
import { type RtspServer, startRtspServer, whyNoRtspServer } from "../../test-fixtures/rtsp-server.ts";
import { type FaultProxy, startFaultProxy } from "../../test-fixtures/tcp-fault-proxy.ts";
import type { Log } from "../domain/ports.ts";
import { type CaptureState, superviseCapture } from "./capture-supervisor.ts";
import { newFrameCounts } from "./frame-delivery.ts";
import { probe } from "./probe.ts";
import { SegmentRing } from "./segment-ring.ts";

const whyNot = await whyNoRtspServer();
const patience = { timeout: 40_000, interval: 50 };
const format = { width: 64, height: 36, pixelFormat: "yuv420p", resize: "stretch", padByte: 114 } as const;
const password = "s3cr#t";

/** What anybody on this machine may read of anybody's programs. */
async function everyCommandLine(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
}

describe.skipIf(whyNot !== undefined)(
  `a camera that speaks RTSP${whyNot ? ` (skipped: ${whyNot})` : ""}`,
  () => {
    let dir: string;
    const cleanups: (() => unknown)[] = [];
    const said: string[] = [];
    const hear = (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { debug: hear, info: hear, warn: hear, error: hear };
    const clips = { h264: "", h265: "" };

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "forewarn-rtsp-"));
      const encoders = { h264: "libx264", h265: "libx265" };
      for (const codec of ["h264", "h265"] as const) {
        const short = join(dir, `${codec}-short.mkv`);
        clips[codec] = join(dir, `${codec}.mkv`);
        await ffmpeg([
          ...["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-t", "4", "-pix_fmt", "yuv420p"],
          ...["-c:v", encoders[codec], "-preset", "ultrafast", "-g", "10", "-bf", "0", short],
        ]);
        // As long as any test may take.
        await ffmpeg(["-stream_loop", "60", "-i", short, "-c", "copy", clips[codec]]);
      }
    });
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
      said.length = 0;
    });
    afterAll(() => rm(dir, { recursive: true, force: true }));

    async function serve(options: { codec?: "h264" | "h265"; locked?: boolean }): Promise<RtspServer> {
      const codec = options.codec ?? "h264";
      const auth = options.locked === true ? { auth: { user: "admin", password } } : {};
      const server = await startRtspServer({ file: clips[codec], codec, ...auth });
      cleanups.push(() => server.close());
      return server;
    }

    async function proxy(port: number): Promise<FaultProxy> {
      const between = await startFaultProxy(port);
      cleanups.push(() => between.close());
      return between;
    }

    /** Watches until the test is over. */
    function watch(url: string, options: { transport?: "tcp" | "udp"; ring?: SegmentRing } = {}) {
      const { transport = "tcp", ring } = options;
      const abort = new AbortController();
      const times: { ptsSec: number; capturedAt: number }[] = [];
      const states: CaptureState[] = [];
      const counts = newFrameCounts();
      const done = superviseCapture(
        {
          ffmpegPath: "ffmpeg",
          source: { url, transport, pace: "live", loop: false },
          probeSource: (signal) =>
            probe(url, { ffprobePath: "ffprobe", transport, timeoutMs: 10_000, signal }),
          format: async () => format,
          fps: 5,
          watch: "full",
          stallAfterMs: 6_000,
          signal: abort.signal,
          maxInFlight: 1,
          counts,
          ...(ring ? { ring } : {}),
          onState: (state) => void states.push(state),
          log,
        },
        ({ at }) => void times.push(at),
      );
      const stop = async () => {
        abort.abort();
        await done;
      };
      cleanups.push(stop);
      return { times, states, counts, stop };
    }

    const inOrder = (times: readonly { ptsSec: number; capturedAt: number }[]) =>
      times.every((at, index) => {
        const before = times[index - 1];
        return before === undefined || (at.ptsSec > before.ptsSec && at.capturedAt > before.capturedAt);
      });

    it.each([
      { codec: "h264", transport: "tcp" },
      { codec: "h265", transport: "tcp" },
      { codec: "h264", transport: "udp" },
    ] as const)("is watched: $codec over $transport", async ({ codec, transport }) => {
      const server = await serve({ codec });
      const seen = watch(server.url, { transport });
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(10);
      expect(inOrder(seen.times)).toBe(true);
      const last = seen.times.at(-1);
      expect(Math.abs((last?.capturedAt ?? 0) - Date.now())).toBeLessThan(3_000);
      expect(seen.states.at(-1)?.phase).toBe("running");
      expect(seen.counts.decoded).toBeGreaterThanOrEqual(seen.counts.analysed);
    });

    it("keeps its password to itself: no process, no log line, no error shows it", async () => {
      const server = await serve({ locked: true });
      const url = (word: string) => server.url.replace("//", `//admin:${encodeURIComponent(word)}@`);
      const seen = watch(url(password));
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(0);
      const commands = (await everyCommandLine()).join("\n");
      expect(commands).toContain("pipe:0");
      expect(commands).not.toContain(encodeURIComponent(password));
      await seen.stop();

      const refused = watch(url("wrong-w0rd"));
      await expect.poll(() => refused.states.at(-1)?.lastExit, patience).toBe("media.source_unauthorized");
      expect(said.join("\n")).not.toMatch(/s3cr|wrong-w0rd|wrong%2Dw0rd/);
    });

    it("is watched again when the line was cut and is back, on the same time line", async () => {
      const server = await serve({});
      const line = await proxy(server.port);
      const ring = await SegmentRing.open({ dir: join(dir, "cut"), maxAgeSec: 120, maxBytes: 1e9, log });
      const seen = watch(`rtsp://127.0.0.1:${line.port}/camera`, { ring });
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(3);
      line.cut();
      await expect.poll(() => seen.states.at(-1)?.phase, patience).toBe("waiting");
      const before = seen.times.length;
      line.restore();
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(before + 3);
      expect(inOrder(seen.times)).toBe(true);
      await seen.stop();
      expect(seen.states.at(-1)).toMatchObject({ phase: "ended", stalls: 0 });
      expect(seen.states.at(-1)?.restarts).toBeGreaterThan(0);
    });

    it("that hangs with its connection open is called stalled, and taken up when it moves again", async () => {
      const server = await serve({});
      const seen = watch(server.url);
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(3);
      server.freeze();
      await expect
        .poll(() => seen.states.at(-1), patience)
        .toMatchObject({ phase: "waiting", lastExit: "stalled" });
      server.thaw();
      const before = seen.times.length;
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(before + 3);
      expect(inOrder(seen.times)).toBe(true);
    });

    it("behind a line too slow for it loses frames, never their order", async () => {
      const server = await serve({});
      const line = await proxy(server.port);
      const seen = watch(`rtsp://127.0.0.1:${line.port}/camera`);
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(3);
      const { size } = await stat(clips.h264);
      line.throttle(Math.round((size / 244) * 0.6));
      const before = seen.times.length;
      await expect.poll(() => seen.times.length, patience).toBeGreaterThan(before + 5);
      expect(inOrder(seen.times)).toBe(true);
    });
  },
);
