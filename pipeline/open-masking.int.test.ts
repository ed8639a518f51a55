import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HiddenPixels, headOfLabel } from "../scripts/eval/masking-recall.ts";
import type { Box } from "./domain/types.ts";
import { findPrivate } from "./evidence/masking/find-private.ts";
import type { MaskingDetectors, RgbPicture } from "./evidence/masking/finder.ts";
import { silentLog } from "./evidence/testing/bundle-fixture.ts";
import { openMasking } from "./open-masking.ts";

const packageRoot = join(import.meta.dirname, "..");
const footage = join(packageRoot, "../shared/footage");
const clip = join(footage, "clips/vtest.avi");
const truth = join(footage, "mot/PETS09-S2L1/gt.txt");

let dir: string;
let detectors: MaskingDetectors;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-open-masking-"));
  detectors = await openMasking({
    modelsDir: dir,
    packageRoot,
    executionProviders: ["cpu"],
    threads: 1,
    log: silentLog,
  });
});
afterAll(async () => {
  await detectors.close();
  await rm(dir, { recursive: true, force: true });
});

async function readRgb(path: string): Promise<RgbPicture> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, size: { width: info.width, height: info.height } };
}

describe("openMasking", () => {
  it("needs nothing but the npm package, and no plate model", () => {
    expect([detectors.objects.modelId, detectors.faces.modelId, detectors.plates]).toEqual([
      "centernet",
      "blazeface",
      null,
    ]);
  });

  it("finds nothing to hide in a picture of nothing", async () => {
    const size = { width: 320, height: 240 };
    expect(await findPrivate({ size, pixels: new Uint8Array(320 * 240 * 3).fill(128) }, detectors)).toEqual(
      [],
    );
  });

  it.skipIf(!existsSync(clip) || !existsSync(truth))(
    "hides the heads of pedestrians (needs ../shared/footage/clips/vtest.avi and its ground truth)",
    async () => {
      const path = join(dir, "frame.png");
      // Frame 401, counted from one as the ground truth does.
      const select = ["-vf", "select=eq(n\\,400)", "-frames:v", "1"];
      await promisify(execFile)("ffmpeg", ["-v", "error", "-i", clip, ...select, path]);
      const picture = await readRgb(path);
      const { width, height } = picture.size;
      const heads = readFileSync(truth, "utf8")
        .split("\n")
        .map((line) => line.split(",").map(Number))
        .filter(([frame]) => frame === 401)
        .map(([, , left = 0, top = 0, w = 0, h = 0]): Box => {
          return headOfLabel(
            [left / width, top / height, (left + w) / width, (top + h) / height],
            picture.size,
          );
        });
      const hidden = new HiddenPixels(picture.size, await findPrivate(picture, detectors));
      expect(heads.length).toBeGreaterThan(2);
      for (const head of heads) expect(hidden.shareOf(head)).toBeGreaterThan(0.6);
      // Hiding everything would find every head too.
      expect(hidden.shareOf([0, 0, 1, 1])).toBeLessThan(0.2);
    },
  );
});
