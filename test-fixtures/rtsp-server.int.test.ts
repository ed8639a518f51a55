import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { patternClip } from "./clips.ts";
import { type RtspServerOptions, startRtspServer, whyNoRtspServer } from "./rtsp-server.ts";
import { startFaultProxy } from "./tcp-fault-proxy.ts";

const AUTH = { user: "viewer", password: "p@ss:w/rd" };
const CLIP_FRAMES = 10;
const why = await whyNoRtspServer();

describe.skipIf(why !== undefined)(
  `a camera for tests${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    let folder: string;
    let h264: string;
    let h265: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "forewarn-rtsp-"));
      const pixels = ["-pix_fmt", "yuv420p"];
      h264 = await patternClip(folder, "h264.mkv", {
        durationSec: CLIP_FRAMES / 10,
        args: [...pixels, "-c:v", "libx264", "-g", "5", "-bf", "0"],
      });
      // Open groups: pictures are shown before the key frame that they come after.
      h265 = await patternClip(folder, "h265.mkv", {
        args: [...pixels, "-c:v", "libx265", "-x265-params", "keyint=5:log-level=error"],
      });
    });
    afterAll(() => rm(folder, { recursive: true }));

    async function camera(options: Omit<RtspServerOptions, "file">) {
      const server = await startRtspServer({ file: options.codec === "h264" ? h264 : h265, ...options });
      onTestFinished(server.close);
      return server;
    }

    it.each([
      { codec: "h264", auth: AUTH, transport: "tcp" },
      { codec: "h264", auth: { ...AUTH, scheme: "basic" }, transport: "udp" },
      { codec: "h265", auth: AUTH, transport: "udp" },
      { codec: "h265", auth: AUTH, tls: true, transport: "tcp" },
    ] as const)(
      "is watched with its password only: $codec over $transport, tls: $tls",
      async ({ transport, ...options }) => {
        const server = await camera({ ...options, transports: [transport] });
        expect(await framesOf(server.urlWithCredentials, transport, CLIP_FRAMES)).toHaveLength(CLIP_FRAMES);
        await expect(framesOf(server.url, transport, 1)).rejects.toThrow("401 Unauthorized");
      },
    );

    it("plays on past the end of its clip, its time going on", async () => {
      const server = await camera({ codec: "h264" });
      const times = await framesOf(server.url, "tcp", 2 * CLIP_FRAMES + 2);
      expect(stepsOf(times).every((step) => Math.abs(step - 0.1) < 0.02)).toBe(true);
    });

    it("freezes, thaws and begins with the key frame that is due, in the midst of its clip", async () => {
      const server = await camera({ codec: "h265" });
      await framesOf(server.url, "tcp", CLIP_FRAMES);
      const state = async () => (await readFile(`/proc/${server.pid}/stat`, "utf8")).split(") ")[1]?.[0];
      server.freeze();
      await expect.poll(state).toBe("T");
      server.thaw();
      expect(await framesOf(server.url, "tcp", CLIP_FRAMES)).toHaveLength(CLIP_FRAMES);
    });

    it("loses RTP packets on the way when told", async () => {
      const server = await camera({ codec: "h264" });
      const proxy = await startFaultProxy(server.port);
      onTestFinished(proxy.close);
      const url = server.url.replace(`:${server.port}`, `:${proxy.port}`);
      expect(await complaintsOf(url)).not.toMatch(/missed|error while decoding|concealing/);
      proxy.losePackets(4);
      expect(await complaintsOf(url)).toMatch(/missed|error while decoding|concealing/);
    });
  },
);

/** What ffmpeg has to say of a clip's length of a stream. */
async function complaintsOf(url: string): Promise<string> {
  const input = ["-rtsp_transport", "tcp", "-analyzeduration", "100000", "-i", url];
  const output = ["-map", "0:v:0", "-c", "copy", "-frames:v", String(CLIP_FRAMES), "-f", "null", "-"];
  const { stderr } = await promisify(execFile)("ffmpeg", ["-nostdin", "-v", "warning", ...input, ...output]);
  return stderr;
}

/** Presentation times, in seconds, of the first frames; fails with what ffmpeg says. */
async function framesOf(url: string, transport: string, count: number): Promise<number[]> {
  // Without the second one ffmpeg looks for seconds at a stream that is as slow as a camera.
  const input = ["-rtsp_transport", transport, "-analyzeduration", "100000", "-i", url];
  const output = ["-map", "0:v:0", "-c", "copy", "-frames:v", String(count), "-f", "framecrc", "-"];
  const { stdout } = await promisify(execFile)("ffmpeg", ["-nostdin", "-v", "error", ...input, ...output]);
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/m.exec(stdout) ?? [];
  const pts = [...stdout.matchAll(/^0, +-?\d+, +(-?\d+),/gm)];
  return pts.map(([, time]) => (Number(time) * Number(numerator)) / Number(denominator));
}

/** From each time to the next. */
function stepsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? Number.NaN));
}
