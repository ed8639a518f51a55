import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import type { FrameFormat } from "../domain/ports.ts";
import { readPicture } from "./picture.ts";

const folder = mkdtempSync(join(tmpdir(), "picture-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stretch: FrameFormat = { width: 8, height: 4, pixelFormat: "rgb24", resize: "stretch", padByte: 114 };

/** A picture of one colour, or of a left and a right half. */
async function save(
  name: string,
  width: number,
  height: number,
  left: string,
  right = left,
): Promise<string> {
  const half = await sharp({ create: { width: width / 2, height, channels: 3, background: right } })
    .png()
    .toBuffer();
  const path = join(folder, name);
  await sharp({ create: { width, height, channels: 3, background: left } })
    .composite([{ input: half, left: width / 2, top: 0 }])
    .toFile(path);
  return path;
}

function pixelAt(pixels: Uint8Array, format: FrameFormat, x: number, y: number): number[] {
  return [...pixels.subarray((y * format.width + x) * 3, (y * format.width + x) * 3 + 3)];
}

describe("readPicture", () => {
  it("stretches to the format and tells the source's size", async () => {
    const path = await save("halves.png", 40, 60, "#ff0000", "#0000ff");
    const { pixels, sourceWidth, sourceHeight } = await readPicture(path, stretch);
    expect([pixels.length, sourceWidth, sourceHeight]).toEqual([96, 40, 60]);
    expect(pixelAt(pixels, stretch, 0, 0)).toEqual([255, 0, 0]);
    expect(pixelAt(pixels, stretch, 7, 3)).toEqual([0, 0, 255]);
  });

  it("orders the bytes as the model wants them", async () => {
    const path = await save("colour.png", 40, 60, "#102030");
    const { pixels } = await readPicture(path, { ...stretch, pixelFormat: "bgr24" });
    expect(pixelAt(pixels, stretch, 3, 2)).toEqual([0x30, 0x20, 0x10]);
  });

  it.each([
    ["letterbox-topleft", 0, 3],
    ["letterbox-center", 2, 0],
  ] as const)("pads a %s with the format's byte", async (resize, inside, outside) => {
    const format = { ...stretch, resize, height: 8 };
    const wide = await save(`wide-${resize}.png`, 80, 40, "#ff0000");
    const { pixels } = await readPicture(wide, format);
    const row = (y: number) => pixelAt(pixels, format, 4, y);
    expect(row(inside)).toEqual([255, 0, 0]);
    expect(row(inside + 3)).toEqual([255, 0, 0]);
    expect(row(7)).toEqual([114, 114, 114]);
    expect(row(outside)).toEqual(resize === "letterbox-center" ? [114, 114, 114] : [255, 0, 0]);
  });

  it("turns a photo upright by its orientation", async () => {
    const path = join(folder, "turned.jpg");
    // Stored on its side: what is left in the file is up in the picture (orientation 6 turns it clockwise).
    const stored = await save("stored.png", 60, 40, "#ff0000", "#0000ff");
    await sharp(stored).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toFile(path);
    const { pixels, sourceWidth, sourceHeight } = await readPicture(path, stretch);
    expect([sourceWidth, sourceHeight]).toEqual([40, 60]);
    expect(pixelAt(pixels, stretch, 0, 0)[0]).toBeGreaterThan(240);
    expect(pixelAt(pixels, stretch, 7, 0)[0]).toBeGreaterThan(240);
    expect(pixelAt(pixels, stretch, 0, 3)[2]).toBeGreaterThan(240);
  });

  it("makes three 8-bit channels of grey, alpha, sixteen bits and CMYK", async () => {
    const colour = await save("plain.png", 40, 40, "#808080");
    const grey = join(folder, "grey.png");
    await sharp(colour).toColourspace("b-w").toFile(grey);
    const deep = join(folder, "deep.png");
    await sharp(colour).toColourspace("rgb16").toFile(deep);
    const clear = join(folder, "clear.png");
    await sharp(colour).ensureAlpha(0.5).toFile(clear);
    const print = join(folder, "print.jpg");
    await sharp(colour).toColourspace("cmyk").toFile(print);
    for (const path of [grey, deep, clear, print]) {
      const { pixels } = await readPicture(path, stretch);
      expect(pixels.length, path).toBe(96);
      for (const value of pixelAt(pixels, stretch, 4, 2))
        expect(Math.abs(value - 128), path).toBeLessThan(16);
    }
  });

  it.each([
    ["a text", Buffer.from("no picture at all")],
    ["nothing", Buffer.alloc(0)],
  ])("names the file that holds %s", async (_, content) => {
    const path = join(folder, "broken.jpg");
    writeFileSync(path, content);
    await expect(readPicture(path, stretch)).rejects.toMatchObject({
      code: "picture.unreadable",
      message: expect.stringContaining(path),
    });
  });

  it("names the file that is cut off, or not there", async () => {
    const whole = await sharp(await save("whole.png", 400, 400, "#ff0000", "#00ff00"))
      .jpeg()
      .toBuffer();
    const cut = join(folder, "cut.jpg");
    writeFileSync(cut, whole.subarray(0, whole.length / 2));
    for (const path of [cut, join(folder, "gone.jpg"), folder]) {
      await expect(readPicture(path, stretch)).rejects.toMatchObject({
        code: "picture.unreadable",
        message: expect.stringContaining(path),
      });
    }
  });
});
