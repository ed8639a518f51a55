import { expect, it } from "vitest";
import type { FrameFormat } from "../../domain/ports.ts";
import { yuvToRgb } from "./colour.ts";
import { SyntheticPicture } from "./synthetic-picture.ts";

const colour = { matrix: "bt709", range: "limited" } as const;
const picture = (seed: number) => new SyntheticPicture(seed, { width: 1920, height: 1080 }, colour);
const planar: FrameFormat = {
  width: 96,
  height: 64,
  pixelFormat: "yuv420p",
  resize: "letterbox-center",
  padByte: 114,
};

it("is the same in both formats, margins included, and says something", () => {
  const packed = { ...planar, pixelFormat: "bgr24" } as const;
  const yuv = picture(1).frame(planar, planar);
  const bgr = picture(1).frame(packed, planar);
  const { matrix, offset } = yuvToRgb(colour);
  const luma = planar.width * planar.height;
  for (let y = 0; y < planar.height; y++) {
    for (let x = 0; x < planar.width; x++) {
      const cell = luma + (y >> 1) * (planar.width / 2) + (x >> 1);
      const parts = [yuv[y * planar.width + x] ?? 0, yuv[cell] ?? 0, yuv[cell + luma / 4] ?? 0];
      matrix.forEach((row, channel) => {
        const value = row.reduce((sum, part, at) => sum + part * ((parts[at] ?? 0) - (offset[at] ?? 0)), 0);
        // Within rounding: nothing was clipped.
        expect(Math.abs(value - (bgr[3 * (y * planar.width + x) + 2 - channel] ?? 0))).toBeLessThan(0.6);
      });
    }
  }
  expect(new Set(yuv.subarray(0, luma)).size).toBeGreaterThan(60);
});

it("is another one for another number, and the same one for the same", () => {
  expect(picture(2).frame(planar, planar)).toEqual(picture(2).frame(planar, planar));
  expect(picture(2).frame(planar, planar)).not.toEqual(picture(3).frame(planar, planar));
});
