import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, patternClip, timeClip, timeError } from "../../test-fixtures/clips.ts";
import { cutClip } from "./clip-cutter.ts";
import { type ListedPacket, parsePacketList } from "./packet-list.ts";
import { grabPictures } from "./picture-grabber.ts";
import { probe } from "./probe.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-cut-test-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const probed = (path: string) => probe(path, { ffprobePath: "ffprobe", transport: "tcp", timeoutMs: 20_000 });

async function packetsOf(path: string): Promise<ListedPacket[]> {
  const list = `${path}.list`;
  await ffmpeg(["-i", path, "-map", "0:v", "-c", "copy", "-f", "framehash", "-hash", "md5", list]);
  return parsePacketList(await readFile(list, "utf8"));
}

/** The clip's packets are a run of the source's packets, byte for byte. */
async function expectCopied(source: string, clip: string) {
  const of = (await packetsOf(source)).map(({ hash }) => hash);
  const cut = (await packetsOf(clip)).map(({ hash }) => hash);
  const at = of.indexOf(cut[0] ?? "");
  expect(at).toBeGreaterThanOrEqual(0);
  expect(cut).toEqual(of.slice(at, at + cut.length));
}

describe("cutClip", () => {
  it.each([
    ["h264 with B-frames", "a.mp4", ["-c:v", "libx264", "-bf", "2", "-g", "10"], "mp4"],
    ["hevc", "b.mkv", ["-c:v", "libx265", "-x265-params", "log-level=none:keyint=10"], "mp4"],
    ["mpeg4 in AVI", "c.avi", ["-c:v", "mpeg4", "-g", "10"], "mp4"],
    ["mpeg4 with B-frames in AVI", "d.avi", ["-c:v", "mpeg4", "-bf", "2", "-g", "10"], "mp4"],
    ["msmpeg4v3", "e.avi", ["-c:v", "msmpeg4v3", "-g", "10"], "mkv"],
    ["gif", "f.gif", [], "mkv"],
  ])("copies %s", async (_, name, args, extension) => {
    const source = await patternClip(dir, name, { durationSec: 8, args: [...args] });
    const { codec } = await probed(source);
    const clip = await cutClip({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: source },
      codec,
      startSec: 3.45,
      endSec: 6.2,
      outPathWithoutExt: join(dir, `cut of ${name}`),
    });
    expect(clip.path).toBe(join(dir, `cut of ${name}.${extension}`));
    expect(clip.startSec).toBeLessThanOrEqual(3.45 + 0.001);
    if (codec !== "gif") expect(clip.startSec).toBeGreaterThan(1.9);
    expect(clip.endSec).toBeGreaterThan(6);
    expect(clip.endSec).toBeLessThan(7);
    await expectCopied(source, clip.path);
    const facts = await probed(clip.path);
    expect(facts.codec).toBe(codec);
    expect(facts.durationSec).toBeCloseTo(clip.endSec - clip.startSec, 0);
    expect((await readdir(dir)).filter((file) => file.endsWith(".packets"))).toEqual([]);
  });

  it("says where it really begins: the pictures agree", async () => {
    const source = await timeClip(dir, { name: "time.mp4", gop: 20, bFrames: 2 });
    const clip = await cutClip({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: source },
      codec: "h264",
      startSec: 5.3,
      endSec: 8,
      outPathWithoutExt: join(dir, "time-cut"),
    });
    expect(clip.startSec).toBeCloseTo(4, 3);
    const [first] = await grabPictures({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: clip.path },
      probe: await probed(clip.path),
      ptsSecs: [0],
      dir,
      signal: new AbortController().signal,
    });
    expect(timeError(await grey(first?.path ?? ""), clip.startSec)).toBeLessThan(0.045);
  });

  it("is the same file each time", async () => {
    const source = await patternClip(dir, "same.mp4", { args: ["-g", "10"] });
    const cut = (name: string) =>
      cutClip({
        ffmpegPath: "ffmpeg",
        from: { kind: "file", url: source },
        codec: "h264",
        startSec: 1,
        endSec: 3,
        outPathWithoutExt: join(dir, name),
      });
    const [one, two] = [await cut("one"), await cut("two")];
    expect((await readFile(one.path)).equals(await readFile(two.path))).toBe(true);
  });

  it("says when nothing is there, and leaves nothing behind", async () => {
    const source = await patternClip(dir, "short.mp4", { args: ["-g", "10"] });
    const order = {
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: source },
      codec: "h264",
      startSec: 1,
      endSec: 2,
      outPathWithoutExt: join(dir, "none"),
    } as const;
    await expect(
      cutClip({ ...order, from: { kind: "file", url: join(dir, "gone.mp4") } }),
    ).rejects.toMatchObject({
      code: "media.clip_cut_failed",
    });
    await expect(cutClip({ ...order, signal: AbortSignal.abort() })).rejects.toThrow();
    expect((await readdir(dir)).filter((name) => name.startsWith("none"))).toEqual([]);
  });
});

async function grey(path: string): Promise<number> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  return data[Math.floor((info.width * info.height) / 2) * info.channels] ?? -99;
}

describe("grabPictures", () => {
  it.each([
    ["plain", { name: "p.mp4", bFrames: 2, gop: 25 }],
    ["varying frame rate", { name: "v.mkv", keep: "lt(mod(n,17),3)+gt(mod(n,23),14)", gop: 9 }],
    ["transport stream", { name: "t.ts", gop: 25, bFrames: 2 }],
    ["AVI with B-frames", { name: "x.avi", gop: 25, codec: ["-c:v", "mpeg4", "-q:v", "1", "-bf", "2"] }],
  ])("shows the moments asked for: %s", async (_, options) => {
    const clip = await timeClip(dir, { durationSec: 8, ...options });
    const facts = await probed(clip);
    const ptsSecs = [0.2, 3.3, 7.7, 4.05];
    const pictures = await grabPictures({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: clip },
      probe: facts,
      ptsSecs,
      dir: await mkdtemp(join(dir, "pictures %d-")),
      signal: new AbortController().signal,
    });
    expect(pictures).toHaveLength(4);
    // AVI counts by decoding order: its times are up to two frames off, everywhere alike.
    const shift = options.name.endsWith(".avi")
      ? timeShift(await grey(pictures[1]?.path ?? ""), pictures[1]?.ptsSec ?? 0)
      : 0;
    for (const [index, { path, ptsSec }] of pictures.entries()) {
      const reach = "keep" in options ? 1.5 : 0.051;
      expect(Math.abs(ptsSec - (ptsSecs[index] ?? 99))).toBeLessThan(reach);
      expect(timeError(await grey(path), ptsSec + shift)).toBeLessThan(0.045);
      expect(await sharp(path).metadata()).toMatchObject({ format: "jpeg", width: 64, height: 48 });
    }
  });

  it("gives the last picture for a moment just past the end, and an error beyond", async () => {
    const clip = await timeClip(dir, { name: "end.mp4", durationSec: 3 });
    const order = {
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: clip },
      probe: await probed(clip),
      dir: await mkdtemp(join(dir, "end-")),
      signal: new AbortController().signal,
    } as const;
    expect((await grabPictures({ ...order, ptsSecs: [3.2] }))[0]?.ptsSec).toBeCloseTo(2.9, 3);
    await expect(grabPictures({ ...order, ptsSecs: [60] })).rejects.toMatchObject({
      code: "media.picture_grab_failed",
    });
    expect((await readdir(order.dir)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("keeps the colours of an HD stream", async () => {
    const clip = join(dir, "hd.mp4");
    await ffmpeg([
      ...["-f", "lavfi", "-i", "color=0xC83214:s=1280x720:r=5:d=1,format=rgb24"],
      ...[
        "-vf",
        "scale=out_color_matrix=bt709,format=yuv420p",
        "-c:v",
        "libx264",
        "-colorspace",
        "bt709",
        clip,
      ],
    ]);
    const [picture] = await grabPictures({
      ffmpegPath: "ffmpeg",
      from: { kind: "file", url: clip },
      probe: await probed(clip),
      ptsSecs: [0.4],
      dir,
      signal: new AbortController().signal,
    });
    const pixel = await sharp(picture?.path)
      .extract({ left: 640, top: 360, width: 1, height: 1 })
      .raw()
      .toBuffer();
    for (const [at, value] of [0xc8, 0x32, 0x14].entries())
      expect(Math.abs((pixel[at] ?? 0) - value)).toBeLessThan(5);
  });
});

/** Whole frames (0.1 s) between the picture and the time it is said to be of. */
function timeShift(value: number, ptsSec: number): number {
  const shifts = [-0.2, -0.1, 0, 0.1, 0.2];
  return shifts.find((shift) => timeError(value, ptsSec + shift) < 0.045) ?? Number.NaN;
}
