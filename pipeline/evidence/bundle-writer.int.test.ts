import { appendFile, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { BundleInput } from "./bundle-input.ts";
import { writeBundle } from "./bundle-writer.ts";
import { BundleExistsError, BundleInputError, BundleSourceError, BundleWriteError } from "./errors.ts";
import { manifestSchema } from "./manifest-schema.ts";
import { cleanTempBundles } from "./temp-bundles.ts";
import {
  fakeSources,
  makeCamera,
  makeCandidate,
  makeInput,
  newSiteKey,
  silentLog,
  tempDir,
} from "./testing/bundle-fixture.ts";
import { verifyBundle } from "./verify.ts";
import { thisWriter } from "./writer-identity.ts";

const MOMENTS = ["1-first", "2-middle", "3-trigger"];

describe("writeBundle", () => {
  it("makes a whole, sealed bundle and leaves nothing else behind", async () => {
    const input = await makeInput();
    const { dir, manifest, manifestSha256, created } = await writeBundle(input);
    expect(created).toBe(true);
    expect(await readdir(input.outDir)).toEqual(["cnd_0001"]);
    const pictures = MOMENTS.flatMap((moment) => [`close-${moment}.jpg`, `still-${moment}.jpg`]).sort();
    expect((await readdir(join(dir, "originals"))).sort()).toEqual(["clip.mp4", ...pictures].sort());
    expect((await readdir(join(dir, "masked"))).sort()).toEqual(pictures);
    expect(manifestSchema.parse(JSON.parse(await readFile(join(dir, "manifest.json"), "utf8")))).toEqual(
      manifest,
    );
    expect(await verifyBundle(dir, { trustedKeys: [input.siteKey.publicKeyPem] })).toMatchObject({
      ok: true,
      bundleId: "cnd_0001",
      problems: [],
      facts: { manifestSha256, keyId: input.siteKey.keyId, keyTrust: "trusted", sequence: 1, files: 13 },
    });
    expect(manifest.clip).toMatchObject({
      file: "originals/clip.mp4",
      startSec: 12.4,
      endSec: 87.4,
      startAt: "2026-01-01T04:00:12.400Z",
    });
  });

  it("keeps the recording's own JPEG bytes as originals", async () => {
    const seen: Buffer[] = [];
    const sources = fakeSources();
    const { dir, manifest } = await writeBundle(
      await makeInput({
        sources: {
          ...sources,
          grabStills: async (times, folder) => {
            const pictures = await sources.grabStills(times, folder);
            for (const { path } of pictures) seen.push(await readFile(path));
            return pictures;
          },
        },
      }),
    );
    expect(manifest.frames.map((frame) => frame.encoding)).toEqual(Array(3).fill("as_grabbed"));
    for (const [index, frame] of manifest.frames.entries())
      expect((await readFile(join(dir, frame.file))).equals(seen[index] ?? Buffer.alloc(0))).toBe(true);
  });

  it("is byte for byte the same for the same input", async () => {
    const siteKey = newSiteKey();
    const first = await writeBundle(await makeInput({ siteKey }));
    const second = await writeBundle(await makeInput({ siteKey }));
    for (const file of ["manifest.json", "seal.json"])
      expect((await readFile(join(first.dir, file))).equals(await readFile(join(second.dir, file)))).toBe(
        true,
      );
  });

  it("records the true time of a picture that is not quite the sighting's", async () => {
    const sources = fakeSources();
    const shifted: BundleInput["sources"] = {
      ...sources,
      grabStills: async (times, dir) =>
        (await sources.grabStills(times, dir)).map((picture) => ({
          ...picture,
          ptsSec: picture.ptsSec + 0.5,
        })),
    };
    const { manifest } = await writeBundle(await makeInput({ sources: shifted }));
    expect(manifest.frames[2]).toMatchObject({
      ptsSec: 77.9,
      sightingPtsSec: 77.4,
      capturedAt: "2026-01-01T04:01:17.900Z",
      clockOffsetMs: 12,
    });
  });

  it("asks once for a moment that is first, middle and trigger in one", async () => {
    const asked: (readonly number[])[] = [];
    const sources = fakeSources();
    const candidate = makeCandidate();
    const { trigger } = candidate.keySightings;
    const { manifest } = await writeBundle(
      await makeInput({
        candidate: { ...candidate, keySightings: { first: trigger, middle: trigger, trigger } },
        sources: {
          ...sources,
          grabStills: (times, dir) => {
            asked.push(times);
            return sources.grabStills(times, dir);
          },
        },
      }),
    );
    expect(asked).toEqual([[77.4]]);
    expect(manifest.frames).toHaveLength(3);
  });

  it("leaves an intact bundle of the same id untouched", async () => {
    const input = await makeInput();
    const first = await writeBundle(input);
    const before = await stat(join(first.dir, "manifest.json"));
    const again = await writeBundle({
      ...input,
      chain: { sequence: 9, previousManifestSha256: "1".repeat(64) },
    });
    expect(again).toEqual({ ...first, created: false });
    expect((await stat(join(first.dir, "manifest.json"))).mtimeMs).toBe(before.mtimeMs);
  });

  it("never overwrites a broken or foreign bundle that is in the way", async () => {
    const input = await makeInput();
    const { dir } = await writeBundle(input);
    await expect(writeBundle({ ...input, siteKeys: [newSiteKey().publicKeyPem] })).rejects.toThrow(
      BundleExistsError,
    );
    await appendFile(join(dir, "originals/clip.mp4"), "x");
    await expect(writeBundle(input)).rejects.toThrow(/clip\.mp4 has 4097 bytes.*move it away/s);
    const other = await makeInput();
    await mkdir(join(other.outDir, "cnd_0001"));
    await expect(writeBundle(other)).rejects.toThrow(BundleExistsError);
  });

  it("lets two writers of one candidate at once both end with the same bundle", async () => {
    const input = await makeInput();
    const [one, two] = await Promise.all([writeBundle(input), writeBundle(input)]);
    expect(one.manifestSha256).toBe(two.manifestSha256);
    expect(await readdir(input.outDir)).toEqual(["cnd_0001"]);
    expect((await verifyBundle(one.dir)).ok).toBe(true);
  });
});

describe("a fault in the middle", () => {
  const broken: [string, Partial<BundleInput["sources"]>, new (...args: never[]) => Error][] = [
    ["no picture comes", { grabStills: () => Promise.reject(new Error("no such time")) }, BundleWriteError],
    ["a picture is missing", { grabStills: () => Promise.resolve([]) }, BundleSourceError],
    [
      "a picture is cut off",
      {
        grabStills: async (times, dir) => {
          const pictures = await fakeSources().grabStills(times, dir);
          for (const { path } of pictures) await writeFile(path, (await readFile(path)).subarray(0, 4000));
          return pictures;
        },
      },
      BundleSourceError,
    ],
    [
      "a picture is of another time",
      {
        grabStills: async (times, dir) =>
          (await fakeSources().grabStills(times, dir)).map(({ path, ptsSec }) => ({
            path,
            ptsSec: ptsSec + 9,
          })),
      },
      BundleSourceError,
    ],
    ["the clip fails", { cutClip: () => Promise.reject(new Error("disk full")) }, BundleWriteError],
    [
      "the clip does not show the trigger",
      { cutClip: async (_s, _e, out) => ({ path: `${out}.mp4`, startSec: 0, endSec: 20, codec: "h264" }) },
      BundleSourceError,
    ],
    [
      "the clip was never written",
      { cutClip: async (startSec, endSec, out) => ({ path: `${out}.mp4`, startSec, endSec, codec: "h264" }) },
      BundleWriteError,
    ],
  ];

  it.each(broken)("leaves nothing when %s", async (_what, sources, error) => {
    const input = await makeInput({ sources: fakeSources(sources) });
    await expect(writeBundle(input)).rejects.toThrow(error);
    expect(await readdir(input.outDir)).toEqual([]);
    const again = await writeBundle({ ...input, sources: fakeSources() });
    expect((await verifyBundle(again.dir)).ok).toBe(true);
  });

  it("leaves nothing when sealing fails, and begins nothing for a wrong input", async () => {
    const siteKey = { ...newSiteKey(), sign: () => raise(new Error("no key")) };
    const input = await makeInput({ siteKey });
    await expect(writeBundle(input)).rejects.toThrow(BundleWriteError);
    const candidate = makeCandidate({ ruleId: "gone" });
    await expect(writeBundle({ ...input, candidate })).rejects.toThrow(BundleInputError);
    expect(await readdir(input.outDir)).toEqual([]);
  });
});

describe("privacy masks", () => {
  const polygon = [
    [0, 0],
    [0.25, 0],
    [0.25, 0.5],
    [0, 0.5],
  ] as const;

  it("are black in every stored picture, and the clip is cut elsewhere and coded anew", async () => {
    const scratchDir = await tempDir();
    const outDir = await tempDir();
    const sources = fakeSources();
    const cutInto: string[] = [];
    const { dir, manifest } = await writeBundle(
      await makeInput({
        outDir,
        scratchDir,
        camera: makeCamera({ privacyMasks: [polygon] }),
        sources: {
          ...sources,
          grabStills: (times, into) => {
            cutInto.push(into);
            return sources.grabStills(times, into);
          },
          cutClip: (startSec, endSec, into) => {
            cutInto.push(into);
            return sources.cutClip(startSec, endSec, into);
          },
        },
      }),
    );
    expect(cutInto.map((path) => path.startsWith(`${scratchDir}/`))).toEqual([true, true]);
    expect(await readdir(scratchDir)).toEqual([]);
    expect(manifest.clip).toMatchObject({ file: "originals/clip.mp4", encoding: "masked_at_capture" });
    expect((await readFile(join(dir, "originals/clip.mp4"))).equals(Buffer.alloc(2048, 0x5a))).toBe(true);
    expect(manifest.masks.privacy).toEqual({ state: "masked_at_capture", polygons: [polygon] });
    expect(manifest.proof.method).toContain("视频片段因此重新编码");
    expect(manifest.files).toHaveLength(13);
    for (const folder of ["originals", "masked"])
      for (const moment of MOMENTS) {
        // Blocks across an edge (of JPEG, of the pixelation) mix both sides; from y = 143 the zone is drawn.
        const size = folder === "originals" ? { width: 158, height: 174 } : { width: 118, height: 130 };
        const hidden = { left: 1, top: 1, ...size };
        const pixels = await sharp(join(dir, folder, `still-${moment}.jpg`))
          .extract(hidden)
          .raw()
          .toBuffer();
        expect(Math.max(...pixels)).toBeLessThanOrEqual(6);
      }
    expect((await verifyBundle(dir)).ok).toBe(true);
  });
});

describe("cleanTempBundles", () => {
  it("removes what dead writers left and nothing else", async () => {
    const outDir = await tempDir();
    const dead = `.tmp-${thisWriter.host}-999999999-0123456789ab-01234567`;
    const formerLife = `.tmp-${thisWriter.host}-${process.pid}-0123456789ab-01234567`;
    // Containers give the same pids: of another machine's writer only its age tells.
    const elsewhere = `.tmp-00000000-${process.pid}-0123456789ab-01234567`;
    for (const name of [dead, formerLife, elsewhere, "cnd_1", ".tmp-notes"])
      await mkdir(join(outDir, name, "bundle"), { recursive: true });
    let during: string[] = [];
    const sources = fakeSources();
    await writeBundle(
      await makeInput({
        outDir,
        log: silentLog,
        sources: {
          ...sources,
          cutClip: async (startSec, endSec, out) => {
            during = await cleanTempBundles(outDir);
            return sources.cutClip(startSec, endSec, out);
          },
        },
      }),
    );
    expect(during.sort()).toEqual([dead, formerLife].sort());
    expect((await readdir(outDir)).sort()).toEqual([elsewhere, ".tmp-notes", "cnd_0001", "cnd_1"]);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(outDir, elsewhere), longAgo, longAgo);
    expect(await cleanTempBundles(outDir)).toEqual([elsewhere]);
    expect(await cleanTempBundles(join(outDir, "nowhere"))).toEqual([]);
  });
});

function raise(error: Error): never {
  throw error;
}
