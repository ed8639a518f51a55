import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MissingToolError } from "../domain/errors.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";

const fake = (name: string) => fileURLToPath(new URL(`../../test-fixtures/bin/${name}.mjs`, import.meta.url));
const running = new AbortController();

const drain = (onBytes: () => void = () => undefined) => ({
  onStdout: (_stdout: object, dog: { beat(): void }) => ({
    space: () => new Uint8Array(1000),
    take: () => {
      dog.beat();
      onBytes();
      return true;
    },
  }),
});

describe("runFfmpeg", () => {
  it("ends a process that gives nothing and ignores SIGTERM", async () => {
    let pid = 0;
    const exit = await runFfmpeg({
      ffmpegPath: fake("ffmpeg-freezes"),
      args: [],
      signal: running.signal,
      stallAfterMs: 500,
      onStderrLine: (line) => {
        pid = Number(/pid (\d+)/.exec(line)?.[1] ?? pid);
        return false;
      },
      ...drain(),
    });
    expect(exit).toMatchObject({ reason: "stalled", exitCode: null, signal: "SIGKILL" });
    expect(pid).toBeGreaterThan(1);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("ends a living one when aborted", async () => {
    const abort = new AbortController();
    const exit = await runFfmpeg({
      ffmpegPath: "ffmpeg",
      args: ["-f", "lavfi", "-i", "testsrc2,realtime", "-f", "rawvideo", "pipe:1"],
      signal: abort.signal,
      ...drain(() => abort.abort()),
    });
    expect(exit).toMatchObject({ reason: "shutdown", signal: null });
    expect(exit.stderrTail.join("\n")).toContain("received signal 15");
  });

  it("does not start at all when aborted before", async () => {
    const run = { ffmpegPath: "/nowhere/ffmpeg", args: [], signal: AbortSignal.abort() };
    expect((await runFfmpeg(run)).reason).toBe("shutdown");
  });

  it("reports a death with its last words, without the password", async () => {
    const exit = await runFfmpeg({
      ffmpegPath: fake("ffmpeg-dies"),
      args: ["-i", "rtsp://admin:geheim@192.0.2.1/1"],
      signal: running.signal,
      ...drain(),
    });
    expect(exit).toMatchObject({ reason: "failed", exitCode: 3 });
    expect(exit.stderrTail.join("\n")).toContain("rtsp://***@192.0.2.1/1");
    expect(exit.stderrTail.join("\n")).not.toContain("geheim");
  });

  it("keeps the last hundred lines of a flood", async () => {
    const exit = await runFfmpeg({ ffmpegPath: fake("ffmpeg-floods"), args: [], signal: running.signal });
    expect(exit.reason).toBe("closed");
    expect(exit.stderrTail).toHaveLength(100);
    expect(exit.stderrTail.at(-1)).toContain("line 19999");
  });

  it("says how to get ffmpeg when it is not there", async () => {
    const run = { ffmpegPath: "/nowhere/ffmpeg", args: [], signal: running.signal };
    await expect(runFfmpeg(run)).rejects.toThrow(MissingToolError);
  });
});
