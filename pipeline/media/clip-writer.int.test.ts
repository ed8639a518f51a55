import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MissingToolError } from "../domain/errors.ts";
import { ClipWriteError, openClipWriter } from "./clip-writer.ts";

const SIZE = { width: 320, height: 240 };
const frame = new Uint8Array(SIZE.width * SIZE.height * 3);
const freezes = fileURLToPath(new URL("../../test-fixtures/bin/ffmpeg-freezes.mjs", import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-clip-writer-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function open(name: string, ffmpegPath: string, stallAfterMs?: number) {
  const outPath = join(dir, `${name}.mp4`);
  const { signal } = new AbortController();
  const stall = stallAfterMs === undefined ? {} : { stallAfterMs };
  return { outPath, writer: openClipWriter({ ffmpegPath, outPath, size: SIZE, fps: 5, signal, ...stall }) };
}

describe("openClipWriter", () => {
  it("makes a film of frames", async () => {
    const { writer, outPath } = open("film", "ffmpeg");
    for (let count = 0; count < 5; count += 1) await writer.write(frame);
    await writer.finish();
    expect(existsSync(outPath)).toBe(true);
  });

  it("ends an ffmpeg that takes no frame, or does not come to an end", async () => {
    const deaf = open("deaf", freezes, 300);
    await expect(deaf.writer.write(frame)).rejects.toThrow(/deaf\.mp4 .*stalled for 0\.3 s/);
    await deaf.writer.abort();
    const endless = open("endless", freezes, 300);
    await expect(endless.writer.finish()).rejects.toThrow(ClipWriteError);
    await endless.writer.abort();
  });

  it("says how to get ffmpeg when it is not there", async () => {
    const { writer } = open("none", "/nowhere/ffmpeg");
    await expect(writer.write(frame)).rejects.toThrow(MissingToolError);
  });
});
