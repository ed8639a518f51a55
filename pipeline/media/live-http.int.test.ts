import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg } from "../../test-fixtures/clips.ts";
import type { Log } from "../domain/ports.ts";
import { type CaptureState, superviseCapture } from "./capture-supervisor.ts";
import { probe } from "./probe.ts";

const patience = { timeout: 60_000, interval: 50 };
const format = { width: 64, height: 36, pixelFormat: "yuv420p", resize: "stretch", padByte: 114 } as const;
const TOKEN = "t0ken-that-is-secret";

/** Plays files one after the other, at their own speed, into a process of its own. */
function player(args: readonly string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn("ffmpeg", ["-nostdin", "-v", "error", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  return child as ChildProcess & { stdout: NodeJS.ReadableStream };
}

describe("a camera that speaks HTTP", { timeout: 120_000 }, () => {
  let dir: string;
  let clip: string;
  const cleanups: (() => unknown)[] = [];
  const said: string[] = [];
  const hear = (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: hear, info: hear, warn: hear, error: hear };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-http-"));
    clip = join(dir, "clip.mkv");
    await make(clip, "320x180");
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    said.length = 0;
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function make(path: string, size: string, options: readonly string[] = []): Promise<void> {
    await ffmpeg([
      ...["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=10`, "-t", "6", "-pix_fmt", "yuv420p"],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", ...options, path],
    ]);
  }

  async function serve(answer: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Whoever asks gets the clip, over and over, at its own speed. */
  const endless = (container: string) => (_req: IncomingMessage, res: ServerResponse) => {
    const camera = player(["-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", container, "pipe:1"]);
    camera.stdout.pipe(res);
    res.once("close", () => camera.kill("SIGKILL"));
  };

  function watch(url: string) {
    const abort = new AbortController();
    const seen: { ptsSec: number; capturedAt: number; sourceWidth: number }[] = [];
    const states: CaptureState[] = [];
    const done = superviseCapture(
      {
        ffmpegPath: "ffmpeg",
        source: { url, transport: "tcp", pace: "live", loop: false },
        probeSource: (signal) =>
          probe(url, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000, signal }),
        format,
        fps: 5,
        watch: "full",
        signal: abort.signal,
        maxInFlight: 1,
        onState: (state) => void states.push(state),
        log,
      },
      ({ at, sourceWidth }) => void seen.push({ ...at, sourceWidth }),
    );
    cleanups.push(async () => {
      abort.abort();
      await done;
    });
    return { seen, states };
  }

  const isInOrder = (seen: readonly { ptsSec: number; capturedAt: number }[]) =>
    seen.every((at, index) => {
      const before = seen[index - 1];
      return before === undefined || (at.ptsSec > before.ptsSec && at.capturedAt > before.capturedAt);
    });
  const isNow = (at: number | undefined) => Math.abs((at ?? 0) - Date.now()) < 5_000;

  it.each(["flv", "mpegts"])("as %s is watched, and its token shown nowhere", async (container) => {
    const base = await serve(endless(container));
    const { seen } = watch(`${base}/live?token=${TOKEN}`);
    await expect.poll(() => seen.length, patience).toBeGreaterThan(8);
    expect(isInOrder(seen)).toBe(true);
    expect(isNow(seen.at(-1)?.capturedAt)).toBe(true);
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
    );
    expect(commands.join("\n")).not.toContain(TOKEN);
    expect(said.join("\n")).not.toContain(TOKEN);
  });

  it("as a live HLS playlist is watched", async () => {
    const folder = join(dir, "hls");
    await mkdir(folder);
    const camera = player([
      ...["-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "1"],
      ...["-hls_list_size", "4", "-hls_flags", "delete_segments", join(folder, "live.m3u8")],
    ]);
    cleanups.push(() => camera.kill("SIGKILL"));
    const base = await serve((req, res) => {
      readFile(join(folder, (req.url ?? "/").slice(1))).then(
        (bytes) => res.end(bytes),
        () => res.writeHead(404).end(),
      );
    });
    const { seen } = watch(`${base}/live.m3u8`);
    await expect.poll(() => seen.length, patience).toBeGreaterThan(8);
    expect(isInOrder(seen)).toBe(true);
  });

  it("cannot make us read files of this machine by a playlist", async () => {
    const secret = join(dir, "secret.ts");
    await make(secret, "320x180");
    const base = await serve((_req, res) => {
      res.end(`#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile://${secret}\n`);
    });
    const { states, seen } = watch(`${base}/live.m3u8`);
    await expect.poll(() => states.at(-1)?.phase, patience).toBe("waiting");
    expect(seen).toEqual([]);
  });

  it("whose picture changes its size is asked what it is now, and watched on, on the same time line", async () => {
    const large = join(dir, "large.mkv");
    await make(large, "640x480");
    const since = Date.now();
    const changes = new EventEmitter();
    let shown = clip;
    const base = await serve((_req, res) => {
      const show = () => {
        const camera = player([
          ...["-re", "-stream_loop", "-1", "-i", shown, "-c", "copy", "-f", "mpegts"],
          ...["-output_ts_offset", String((Date.now() - since) / 1000), "pipe:1"],
        ]);
        camera.stdout.pipe(res, { end: false });
        res.once("close", () => camera.kill("SIGKILL"));
        changes.once("change", () => {
          camera.kill("SIGKILL");
          if (!res.destroyed) show();
        });
      };
      show();
    });
    const { seen, states } = watch(`${base}/live`);
    await expect.poll(() => seen.length, patience).toBeGreaterThan(3);
    shown = large;
    changes.emit("change");
    await expect.poll(() => seen.at(-1)?.sourceWidth, patience).toBe(640);
    expect(new Set(states.map(({ lastExit }) => lastExit))).toEqual(new Set([null, "picture_changed"]));
    expect(seen[0]?.sourceWidth).toBe(320);
    expect(isInOrder(seen)).toBe(true);
  });

  it("whose clock is set forward and back again stays on one time line, at the right time", async () => {
    const now = join(dir, "now.ts");
    const later = join(dir, "later.ts");
    await make(now, "320x180");
    await make(later, "320x180", ["-output_ts_offset", "7200"]);
    const joined = join(dir, "jumps.ts");
    const bytes = [await readFile(now), await readFile(later), await readFile(now)];
    await writeFile(joined, Buffer.concat(bytes));
    const size = bytes.reduce((sum, { length }) => sum + length, 0);
    const base = await serve((_req, res) => {
      // At about the clip's own speed, byte by byte: a player would mend the time stamps.
      void (async () => {
        const all = await readFile(joined);
        const step = Math.ceil(size / 18 / 10);
        for (let at = 0; at < all.length && !res.destroyed; at += step) {
          res.write(all.subarray(at, at + step));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        res.end();
      })();
    });
    const { seen } = watch(`${base}/live`);
    // Six seconds before the clock jumps by two hours, six after it, and six when it is back.
    await expect.poll(() => seen.length, patience).toBeGreaterThan(45);
    expect(isInOrder(seen)).toBe(true);
    expect(isNow(seen.at(-1)?.capturedAt)).toBe(true);
  });
});
