import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Box } from "../domain/types.ts";
import { BundleSourceError } from "./errors.ts";
import { brokenDetectors, fakeDetectors } from "./masking/testing/masking-fixture.ts";
import { captionSvg } from "./overlay.ts";
import { cutClose, makeMaskedCopies, readStill } from "./stills.ts";
import { noisePicture, PICTURE, SUBJECT, tempDir } from "./testing/bundle-fixture.ts";

const NOTHING_DRAWN = { zone: [[0, 0]] as const, lines: ["2026-01-01 12:00:00 +08:00"] };

async function pictureFile(format: "jpeg" | "png", exif = false): Promise<string> {
  const { data, info } = noisePicture();
  const path = join(await tempDir(), `picture.${format}`);
  const picture = sharp(data, { raw: { ...info, channels: 3 } });
  if (exif) picture.withExif({ IFD0: { Copyright: "somebody", ImageDescription: "where it was" } });
  await (format === "jpeg" ? picture.jpeg({ quality: 95 }) : picture.png()).toFile(path);
  return path;
}

/** How much neighbouring pixels differ: near zero inside the blocks of a pixelated picture. */
async function detail(image: Buffer, box: Box): Promise<number> {
  const left = Math.round(box[0] * PICTURE.width);
  const top = Math.round(box[1] * PICTURE.height);
  const width = Math.round(box[2] * PICTURE.width) - left;
  const height = Math.round(box[3] * PICTURE.height) - top;
  const { data } = await sharp(image)
    .extract({ left, top, width, height })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let sum = 0;
  for (let index = 1; index < data.length; index += 1)
    sum += Math.abs((data[index] ?? 0) - (data[index - 1] ?? 0));
  return sum / data.length;
}

/** Markers of a JPEG's segments up to its picture data (ITU-T T.81, annex B). */
function segmentsOf(jpeg: Buffer): number[] {
  const markers: number[] = [];
  for (let at = 2; at < jpeg.length && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2))
    markers.push(jpeg[at + 1] ?? 0);
  return markers;
}

describe("readStill", () => {
  it("keeps JPEG bytes, converts anything else, refuses what is no picture", async () => {
    expect(await readStill(await pictureFile("jpeg"), [])).toMatchObject({
      encoding: "as_grabbed",
      size: PICTURE,
    });
    const converted = await readStill(await pictureFile("png"), []);
    expect(converted.encoding).toBe("converted_to_jpeg");
    expect((await sharp(converted.jpeg).metadata()).format).toBe("jpeg");
    const text = join(await tempDir(), "text.jpg");
    await writeFile(text, "not a picture");
    await expect(readStill(text, [])).rejects.toThrow(BundleSourceError);
  });

  it("reads grey pictures too (night mode)", async () => {
    const path = join(await tempDir(), "grey.jpg");
    await sharp({ create: { width: 64, height: 48, channels: 3, background: "#888" } })
      .greyscale()
      .jpeg()
      .toFile(path);
    const still = await readStill(path, []);
    expect(still.pixels.length).toBe(64 * 48 * 3);
    await expect(
      makeMaskedCopies(still, { box: SUBJECT, label: "car" }, NOTHING_DRAWN),
    ).resolves.toBeDefined();
  });
});

describe("cutClose", () => {
  it("is the subject with a quarter of its size around it, in the picture's own pixels", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const { width, height } = await sharp(await cutClose(still, SUBJECT)).metadata();
    expect([width, height]).toEqual([192, 162]);
  });
});

describe("makeMaskedCopies", () => {
  const outside: Box[] = [
    [0.02, 0.02, 0.98, 0.45],
    [0.02, 0.5, 0.35, 0.95],
    [0.65, 0.5, 0.98, 0.95],
  ];

  it("hides everything but the subject", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const { wide } = await makeMaskedCopies(still, { box: SUBJECT, label: "car" }, NOTHING_DRAWN);
    for (const box of outside)
      expect(await detail(wide, box)).toBeLessThan((await detail(still.jpeg, box)) / 8);
    const inside: Box = [0.42, 0.53, 0.58, 0.77];
    expect(await detail(wide, inside)).toBeGreaterThan((await detail(still.jpeg, inside)) * 0.8);
  });

  it("hides a person's head as well", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const { wide } = await makeMaskedCopies(still, { box: SUBJECT, label: "person" }, NOTHING_DRAWN);
    const head: Box = [0.42, 0.52, 0.58, 0.59];
    const body: Box = [0.42, 0.63, 0.58, 0.77];
    expect(await detail(wide, head)).toBeLessThan((await detail(still.jpeg, head)) / 8);
    expect(await detail(wide, body)).toBeGreaterThan((await detail(still.jpeg, body)) * 0.8);
  });

  it("hides what detectors find, keeps the street, and says what it hid", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const walker = { label: "person", box: [0.1, 0.1, 0.2, 0.6], score: 0.6 } as const;
    const detectors = fakeDetectors({ objects: [walker] });
    const { wide, masking } = await makeMaskedCopies(
      still,
      { box: SUBJECT, label: "car" },
      NOTHING_DRAWN,
      detectors,
    );
    expect(masking).toMatchObject({ mode: "private_regions", reason: null, close: [] });
    expect(masking.wide.map(({ kind }) => kind)).toEqual(["head"]);
    expect(masking.detectors).toContainEqual({
      id: "faces-model",
      sha256: detectors.faces.modelSha256,
      minScore: 0.1,
    });
    const head: Box = [0.11, 0.11, 0.19, 0.25];
    const street: Box = [0.7, 0.1, 0.9, 0.4];
    expect(await detail(wide, head)).toBeLessThan((await detail(still.jpeg, head)) / 8);
    expect(await detail(wide, street)).toBeGreaterThan(4 * (await detail(wide, head)));
  });

  it("hides all but the subject when a detector fails, and says so", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const fault = new BundleSourceError("stands for any fault with a code");
    const { wide, masking } = await makeMaskedCopies(
      still,
      { box: SUBJECT, label: "car" },
      NOTHING_DRAWN,
      brokenDetectors(fault),
    );
    expect(masking).toMatchObject({ mode: "all_but_subject", detectors: [], wide: [] });
    expect(masking.reason).toContain(fault.message);
    for (const box of outside)
      expect(await detail(wide, box)).toBeLessThan((await detail(still.jpeg, box)) / 8);
  });

  it("enlarges a vehicle far away and only it, but never a person", async () => {
    const still = await readStill(await pictureFile("png"), []);
    const far: Box = [0.4, 0.5, 0.45, 0.6];
    const closeOf = async (label: string) => {
      const { close } = await makeMaskedCopies(still, { box: far, label }, NOTHING_DRAWN, fakeDetectors({}));
      return sharp(close).metadata();
    };
    const [vehicle, person] = [await closeOf("car"), await closeOf("person")];
    // Close-ups are 48 × 54 pixels of the picture, with the caption below.
    expect(vehicle.height).toBeGreaterThan(54 * 6);
    expect(person.height).toBeLessThan(54 * 3);
  });

  it("is written anew: no byte of a JPEG's metadata, thumbnail or colour profile", async () => {
    const still = await readStill(await pictureFile("jpeg", true), []);
    expect(segmentsOf(still.jpeg)).toContain(0xe1);
    const { wide, close } = await makeMaskedCopies(
      still,
      { box: SUBJECT, label: "car" },
      NOTHING_DRAWN,
      fakeDetectors({}),
    );
    for (const copy of [wide, close]) {
      // APP1 to APP15 and comments hold EXIF, XMP, IPTC, ICC and maker's notes.
      expect(
        segmentsOf(copy).filter((marker) => (marker > 0xe0 && marker <= 0xef) || marker === 0xfe),
      ).toEqual([]);
      // JFIF's own header may hold a thumbnail: its width and height are 0.
      if (copy[3] === 0xe0) expect([copy[18], copy[19]]).toEqual([0, 0]);
    }
  });

  it("adds the caption below the picture and carries no metadata over", async () => {
    const still = await readStill(await pictureFile("jpeg", true), []);
    expect((await sharp(still.jpeg).metadata()).exif).toBeDefined();
    const copies = await makeMaskedCopies(
      still,
      { box: SUBJECT, label: "car" },
      { ...NOTHING_DRAWN, lines: ["<&>\u0000 无字体", "二"] },
    );
    for (const copy of [copies.wide, copies.close, await cutClose(still, SUBJECT)]) {
      const { exif, xmp, icc, iptc } = await sharp(copy).metadata();
      expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
    }
    const { width, height } = await sharp(copies.wide).metadata();
    expect(width).toBe(PICTURE.width);
    expect(height).toBeGreaterThan(PICTURE.height);
    expect((await sharp(copies.close).metadata()).width).toBeGreaterThanOrEqual(640);
  });

  const fonts = spawnSync("fc-list", [":lang=zh-cn", "family"], { encoding: "utf8" }).stdout ?? "";
  it.skipIf(fonts.trim() === "")("is captioned in Chinese (needs a font with Chinese glyphs)", async () => {
    const drawn = async (text: string) => {
      const pixels = await sharp(captionSvg([text], 320).svg)
        .raw()
        .toBuffer();
      return createHash("sha256").update(pixels).digest("hex");
    };
    // Where glyphs are missing every character is the same box.
    const pictures = await Promise.all(["人行道", "口行道", "人行路"].map(drawn));
    expect(new Set(pictures).size).toBe(3);
  });

  it("is made on a machine without any font", async () => {
    const dir = await tempDir();
    const fontconfig = join(dir, "fonts.conf");
    await writeFile(fontconfig, `<fontconfig><dir>${dir}</dir><cachedir>${dir}</cachedir></fontconfig>`);
    const module = JSON.stringify(new URL("./stills.ts", import.meta.url).href);
    const script = `
      const { readStill, makeMaskedCopies } = await import(${module});
      const still = await readStill(${JSON.stringify(await pictureFile("jpeg"))}, []);
      const subject = { box: [0.4, 0.5, 0.6, 0.8], label: "car" };
      const copies = await makeMaskedCopies(still, subject, { zone: [[0, 0]], lines: ["摄像机 camera"] });
      console.log(copies.wide.length > 1000);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script],
      { env: { PATH: "/usr/bin:/bin", FONTCONFIG_FILE: fontconfig } },
    );
    expect(stdout.trim()).toBe("true");
  });

  it("manages a box at the edge and one of no size", async () => {
    const still = await readStill(await pictureFile("png"), []);
    for (const box of [
      [-0.1, 0.9, 1.2, 1.3],
      [1, 1, 1, 1],
      [0.5, 0.5, 0.5, 0.5],
    ] as Box[])
      for (const label of ["car", "person"])
        await expect(makeMaskedCopies(still, { box, label }, NOTHING_DRAWN)).resolves.toBeDefined();
  });
});
