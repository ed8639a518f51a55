import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, patternClip, timeClip } from "../../test-fixtures/clips.ts";
import { probe } from "./probe.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-probe-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const options = { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 } as const;

describe("probe", () => {
  it("tells size, rate, length and key frame interval", async () => {
    const clip = await timeClip(dir, { name: "plain.mp4", gop: 15 });
    expect(await probe(clip, options)).toMatchObject({
      codec: "h264",
      width: 64,
      height: 48,
      fps: 10,
      startSec: 0,
      hasAudio: false,
      keyframeIntervalSec: 1.5,
    });
    expect((await probe(clip, options)).durationSec).toBeCloseTo(10, 1);
  });

  it("gives the size people see: rotated upright, square pixels", async () => {
    const wide = await patternClip(dir, "wide.mp4", { durationSec: 1, args: ["-vf", "setsar=2"] });
    expect(await probe(wide, options)).toMatchObject({ width: 320, height: 90 });
    const flat = await patternClip(dir, "flat.mp4", { durationSec: 1 });
    const turned = join(dir, "turned.mp4");
    await ffmpeg(["-i", flat, "-c", "copy", "-metadata:s:v", "rotate=90", turned]);
    expect(await probe(turned, options)).toMatchObject({ width: 90, height: 160 });
  });

  it("knows one key frame is no interval", async () => {
    const clip = await timeClip(dir, { name: "one-key.mkv", gop: 1000, durationSec: 3 });
    expect((await probe(clip, options)).keyframeIntervalSec).toBeNull();
  });

  it("names what is wrong with what is no video", async () => {
    const code = (path: string) =>
      probe(path, options).then(
        () => "fine",
        (fault: { code: string }) => fault.code,
      );
    const clip = await timeClip(dir, { name: "whole.mp4", durationSec: 2 });
    const text = join(dir, "notes.txt");
    await writeFile(text, "Not a video at all.\n".repeat(200));
    const empty = join(dir, "empty.mp4");
    await writeFile(empty, "");
    const cut = join(dir, "cut.mp4");
    const pattern = await patternClip(dir, "pattern.mp4");
    await writeFile(cut, (await readFile(pattern)).subarray(0, 2000));
    const sound = join(dir, "sound.wav");
    await ffmpeg(["-f", "lavfi", "-i", "sine=d=1", sound]);
    const picture = join(dir, "picture.jpg");
    await ffmpeg(["-i", clip, "-frames:v", "1", picture]);
    const dashed = join(dir, "-x concat:y.mp4");
    await copyFile(clip, dashed);

    expect(await code(join(dir, "absent.mp4"))).toBe("media.source_not_found");
    expect(await code(dir)).toBe("media.not_a_video");
    expect(await code(text)).toBe("media.not_a_video");
    expect(await code(empty)).toBe("media.not_a_video");
    expect(await code(sound)).toBe("media.not_a_video");
    expect(await code(picture)).toBe("media.not_a_video");
    expect(await code(cut)).toBe("media.corrupt_video");
    expect(await code("ftp://host/clip.mp4")).toBe("media.source_not_allowed");
    expect(await code(dashed)).toBe("fine");
  });

  it("does not follow a playlist to a file it was not asked for", async () => {
    const playlist = join(dir, "evil.m3u8");
    await writeFile(
      playlist,
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
    );
    await expect(probe(playlist, options)).rejects.toMatchObject({ code: expect.stringMatching(/^media\./) });
  });

  it("gives up on a server that does not speak, and stops when told to", async () => {
    const server = createServer((socket) => socket.on("error", () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const url = `http://user:geheim@127.0.0.1:${port}/live.flv`;
    const late = probe(url, { ...options, timeoutMs: 300 });
    await expect(late).rejects.toMatchObject({ code: "media.probe_timeout" });
    await expect(late).rejects.not.toThrow(/geheim/);
    const abort = new AbortController();
    const aborted = probe(url, { ...options, signal: abort.signal });
    abort.abort(new Error("leaving"));
    await expect(aborted).rejects.toThrow("leaving");
    server.close();
    await expect(probe(url, options)).rejects.toMatchObject({ code: "media.source_unreachable" });
  });
});
