import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iou } from "./domain/box.ts";
import type { Log } from "./domain/ports.ts";
import type { Box } from "./domain/types.ts";
import { groundOf } from "./evidence/plate/plate-colour.ts";
import type { PlateReader } from "./evidence/plate/plate-reader.ts";
import { openPlateReader } from "./open-plate-reader.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const plates = join(packageRoot, "..", "shared", "footage", "plates");
const noPlates = existsSync(join(plates, "plates.json")) ? "" : " (skipped: needs ../shared/footage/plates)";
const nothing = () => undefined;
const warnings: string[] = [];
const log: Log = {
  debug: nothing,
  info: nothing,
  error: nothing,
  warn: (fields, message) => void warnings.push(`${message}: ${JSON.stringify(fields)}`),
};

let reader: PlateReader;
beforeAll(async () => {
  const opened = await openPlateReader({ packageRoot, log });
  if (opened === null) throw new Error(`the reader did not open: ${warnings.join()}`);
  reader = opened;
});
afterAll(() => reader.close());

async function decode(picture: Sharp) {
  const { data, info } = await picture
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

const SIZE = { width: 1280, height: 720 };

interface Drawn {
  readonly text: string;
  readonly ground: string;
  readonly ink: string;
  /** Centre in pixels, turned by degrees and leaning. */
  readonly at: readonly [number, number];
  readonly turn?: number;
}

/** The characters as they stand on a plate 220 pixels wide: narrow and high, with a gap after the second. */
function characters(text: string): string {
  const symbols = [...text];
  const pitch = 192 / symbols.length;
  return symbols
    .map((symbol, index) => {
      const x = (index - symbols.length / 2 + 0.5) * pitch + (index < 2 ? -7 : 3);
      return `<text transform="translate(${x} 20) scale(${pitch / 34} 1.25)">${symbol}</text>`;
    })
    .join("");
}

/** A grey street with a dark vehicle-like block for each plate, and the plates on them. */
function street(drawn: readonly Drawn[]) {
  const parts = drawn.map(
    ({ text, ground, ink, at: [x, y], turn = 0 }) => `
      <rect x="${x - 210}" y="${y - 220}" width="420" height="330" rx="30" fill="#4a4d55"/>
      <g transform="translate(${x} ${y}) rotate(${turn}) skewY(${turn / 2})">
        <rect x="-110" y="-35" width="220" height="70" rx="6" fill="${ground}"/>
        <g font-size="42" font-weight="bold" font-family="Noto Sans CJK SC, sans-serif"
          text-anchor="middle" fill="${ink}">${characters(text)}</g>
      </g>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">
    <rect width="100%" height="100%" fill="#9aa0a6"/>${parts.join("")}</svg>`;
  return decode(sharp(Buffer.from(svg)).jpeg({ quality: 90 }));
}

/** Of the block around a plate. */
function vehicleAt([x, y]: readonly [number, number]): Box {
  return [(x - 210) / SIZE.width, (y - 220) / SIZE.height, (x + 210) / SIZE.width, (y + 110) / SIZE.height];
}

const chineseFonts = spawnSync("fc-list", [":lang=zh-cn", "family"], { encoding: "utf8" }).stdout ?? "";
const noFont = chineseFonts.trim() === "" ? " (skipped: no font with Chinese glyphs)" : "";

describe.skipIf(noFont !== "")(`drawn plates${noFont}`, () => {
  it.each([
    ["川A572F4", "blue", "#1d4fa8", "#ffffff", 0],
    ["浙B12903", "yellow", "#e6b422", "#111111", 6],
    ["粤BD12345", "green", "#6fcf97", "#111111", -6],
  ] as const)("%s is read, with its place and colour", async (text, kind, ground, ink, turn) => {
    const at = [640, 420] as const;
    const picture = await street([{ text, ground, ink, at, turn }]);
    const found = await reader.read(picture, vehicleAt(at));
    expect(found).toMatchObject({ text, kind, grammatical: true });
    expect(found?.confidence).toBeGreaterThan(0.8);
    const around: Box = [530 / SIZE.width, 380 / SIZE.height, 750 / SIZE.width, 460 / SIZE.height];
    expect(iou(found?.box ?? [0, 0, 0, 0], around)).toBeGreaterThan(0.4);
    const crop = await sharp(found?.crop).metadata();
    expect(crop).toMatchObject({ format: "jpeg", height: 96 });
    expect(crop.exif).toBeUndefined();
    // All of it is plate: the crop follows the turned outline.
    expect(groundOf(await decode(sharp(found?.crop)))).toBe(kind);
  });

  it("reads a plate of two lines, upper line first", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">
      <rect width="100%" height="100%" fill="#4a4d55"/>
      <rect x="210" y="180" width="220" height="110" rx="6" fill="#e6b422"/>
      <g font-weight="bold" font-family="Noto Sans CJK SC, sans-serif" text-anchor="middle" fill="#111">
        <text x="320" y="219" font-size="36">浙 B</text>
        <text x="320" y="281" font-size="62">12903</text>
      </g></svg>`;
    const found = await reader.read(await decode(sharp(Buffer.from(svg))), [0, 0, 1, 1]);
    expect(found).toMatchObject({ text: "浙B12903", kind: "yellow" });
    expect(iou(found?.box ?? [0, 0, 0, 0], [210 / 640, 180 / 480, 430 / 640, 290 / 480])).toBeGreaterThan(
      0.6,
    );
  });

  it("reads the subject's plate, not its neighbour's", async () => {
    const left = { text: "川A572F4", ground: "#1d4fa8", ink: "#ffffff", at: [300, 420] as const };
    const right = { text: "京C8X0Z1", ground: "#1d4fa8", ink: "#ffffff", at: [950, 420] as const };
    const picture = await street([left, right]);
    expect((await reader.read(picture, vehicleAt(left.at)))?.text).toBe("川A572F4");
    expect((await reader.read(picture, vehicleAt(right.at)))?.text).toBe("京C8X0Z1");
  });

  it.each(["停车收费", "TAXI 96966", "合肥城泊", "13800138000"])("suggests nothing for %s", async (text) => {
    const at = [640, 420] as const;
    const picture = await street([{ text, ground: "#1d4fa8", ink: "#ffffff", at }]);
    expect(await reader.read(picture, vehicleAt(at))).toBeNull();
  });
});

describe("a picture without text, or without a vehicle", () => {
  it("gives no suggestion", async () => {
    const picture = await street([]);
    expect(await reader.read(picture, [0.2, 0.2, 0.8, 0.8])).toBeNull();
    expect(await reader.read(picture, [0.8, 0.2, 0.2, 0.8])).toBeNull();
    expect(await reader.read(picture, [0.5, 0.5, 0.5001, 0.5001])).toBeNull();
  });
});

// Real plates are never part of this repository: where they lie beside it, they are read.
describe.skipIf(noPlates !== "")(`real plates${noPlates}`, () => {
  interface Labelled {
    readonly file: string;
    readonly texts: readonly string[];
  }
  const listed = (): { full: Labelled[]; crops: Labelled[] } => {
    const { full, crops } = JSON.parse(readFileSync(join(plates, "plates.json"), "utf8")) as {
      full: { items: { file: string; plates: { text: string }[] }[] };
      crops: { items: { file: string; text: string }[] };
    };
    return {
      full: full.items.map(({ file, plates: shown }) => ({ file, texts: shown.map(({ text }) => text) })),
      crops: crops.items.map(({ file, text }) => ({ file, texts: [text] })),
    };
  };
  /** @param margin grey around the picture, in pixels: a plate that is cut out has nothing left of its vehicle */
  async function readAll(
    labelled: readonly Labelled[],
    margin: number,
  ): Promise<{ right: number; wrong: number }> {
    const count = { right: 0, wrong: 0 };
    for (const { file, texts } of labelled) {
      const shown = sharp(join(plates, "..", file)).extend({
        top: margin,
        bottom: margin,
        left: margin,
        right: margin,
        background: "#4a4d55",
      });
      const found = await reader.read(await decode(shown), [0, 0, 1, 1]);
      if (found !== null) count[texts.includes(found.text) ? "right" : "wrong"]++;
    }
    return count;
  }

  it("reads most whole pictures, and hardly any wrongly", async () => {
    const { full } = listed();
    const { right, wrong } = await readAll(full, 0);
    expect(right).toBeGreaterThanOrEqual(0.85 * full.length);
    // One of the labels does not say what the picture shows (docs/plates.md).
    expect(wrong).toBeLessThanOrEqual(1);
  }, 300_000);

  it("finds and reads most plates that are cut out and small", async () => {
    const crops = listed().crops.filter((_, index) => index % 5 === 0);
    const { right, wrong } = await readAll(crops, 60);
    expect(right).toBeGreaterThanOrEqual(0.85 * crops.length);
    expect(wrong).toBeLessThanOrEqual(0.03 * crops.length);
  }, 300_000);
});

describe("when it cannot be had", () => {
  it("is none, and the log says what to do", async () => {
    const empty = await mkdtemp(join(tmpdir(), "forewarn-no-plates-"));
    try {
      warnings.length = 0;
      expect(await openPlateReader({ packageRoot: empty, log })).toBeNull();
      expect(warnings.join()).toMatch(/plates are not read.*model\.file_missing.*npm ci/);
    } finally {
      await rm(empty, { recursive: true, force: true });
    }
  });

  it("says so after it was closed, and closes twice", async () => {
    const other = await openPlateReader({ packageRoot, log });
    await other?.close();
    await other?.close();
    await expect(other?.read(await street([]), [0, 0, 1, 1])).rejects.toMatchObject({
      code: "inference.closed",
    });
  });
});
