import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, patternClip } from "../../test-fixtures/clips.ts";
import { cutClip } from "./clip-cutter.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-signed-video-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const START_CODE = Buffer.from([0, 0, 0, 1]);
const IDR = 5;
const SEI = 6;
const USER_DATA = 5;

/** The NAL units of an Annex B stream (ITU-T H.264, annex B), without start codes. */
function nalUnits(stream: Buffer): Buffer[] {
  const starts: { at: number; length: number }[] = [];
  for (let at = stream.indexOf("000001", 0, "hex"); at >= 0; at = stream.indexOf("000001", at + 3, "hex"))
    starts.push({ at, length: 3 });
  return starts.map(({ at, length }, index) => {
    const next = starts[index + 1]?.at ?? stream.length;
    let end = next;
    // A fourth zero belongs to the start code behind it.
    while (end > at + length && index + 1 < starts.length && stream[end - 1] === 0) end -= 1;
    return stream.subarray(at + length, end);
  });
}

const typeOf = (nal: Buffer) => (nal[0] ?? 0) & 0x1f;

/** What a camera that signs its video puts before each key frame: user data with a signature of its own. */
function signatureFor(gop: number): Buffer {
  const payload = Buffer.from(Array.from({ length: 96 }, (_, at) => 1 + ((gop * 37 + at * 11) % 255)));
  return Buffer.concat([Buffer.from([SEI, USER_DATA, payload.length]), payload, Buffer.from([0x80])]);
}

async function annexB(source: string, name: string): Promise<Buffer[]> {
  const path = join(dir, name);
  await ffmpeg(["-i", source, "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", path]);
  return nalUnits(await readFile(path));
}

describe("what a camera signs in its stream", () => {
  it("reaches the clip bit by bit, with the pictures it signs", async () => {
    const plain = await patternClip(dir, "plain.h264", {
      durationSec: 8,
      args: ["-c:v", "libx264", "-g", "10", "-bf", "0", "-f", "h264"],
    });
    let gops = 0;
    const signed = nalUnits(await readFile(plain)).flatMap((nal) =>
      typeOf(nal) === IDR ? [START_CODE, signatureFor(gops++), START_CODE, nal] : [START_CODE, nal],
    );
    await writeFile(join(dir, "signed.h264"), Buffer.concat(signed));
    // As it comes from a camera, then as the ring keeps it.
    const [stream, ring] = [join(dir, "signed.ts"), join(dir, "ring.mkv")];
    await ffmpeg(["-r", "10", "-i", join(dir, "signed.h264"), "-c", "copy", stream]);
    await ffmpeg(["-i", stream, "-map", "0:v:0", "-c", "copy", "-f", "matroska", ring]);
    const clip = await cutClip({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: ring },
      codec: "h264",
      startSec: 2.5,
      endSec: 6.5,
      outPathWithoutExt: join(dir, "clip"),
    });
    const isSignature = (nal: Buffer) => typeOf(nal) === SEI && nal[1] === USER_DATA && nal[2] === 96;
    const found = (await annexB(clip.path, "clip.h264")).filter(isSignature);
    const first = Math.round(clip.startSec);
    const expected = Array.from({ length: found.length }, (_, at) => signatureFor(first + at));
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(found.map((nal) => nal.toString("hex"))).toEqual(expected.map((nal) => nal.toString("hex")));
    const pictures = (nals: Buffer[]) =>
      nals.filter((nal) => [1, IDR].includes(typeOf(nal))).map((nal) => nal.toString("hex"));
    const kept = pictures(await annexB(clip.path, "clip.h264"));
    const sent = pictures(await annexB(stream, "stream.h264"));
    const at = sent.indexOf(kept[0] ?? "");
    expect(sent.slice(at, at + kept.length)).toEqual(kept);
  });
});
