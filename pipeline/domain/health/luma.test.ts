import { expect, it } from "vitest";
import { type FrameFormat, frameBytes } from "../ports.ts";
import { POINTS, samplePoints } from "./frame-stats.ts";
import { lumaOf } from "./luma.ts";

const cases = (["yuv420p", "rgb24", "bgr24"] as const).flatMap((pixelFormat) =>
  (["stretch", "letterbox-topleft", "letterbox-center"] as const).map((resize) => ({ pixelFormat, resize })),
);

it.each(cases)("sees the picture and nothing of the padding: $pixelFormat, $resize", (shape) => {
  const format: FrameFormat = { width: 64, height: 64, padByte: 255, ...shape };
  const pixels = new Uint8Array(frameBytes(format)).fill(255);
  // A picture twice as wide as high, its brightness rising downwards.
  const luma = lumaOf(pixels, format, 200, 100);
  expect([luma.width, luma.height]).toEqual([64, shape.resize === "stretch" ? 64 : 32]);
  for (let y = 0; y < luma.height; y++)
    for (let x = 0; x < luma.width; x++) pixels[luma.offset + y * luma.rowStride + x * luma.step] = y;
  const top = shape.resize === "letterbox-center" ? 16 : 0;
  const bytesPerPixel = shape.pixelFormat === "yuv420p" ? 1 : 3;
  expect(pixels[(top + 5) * 64 * bytesPerPixel + (bytesPerPixel === 3 ? 1 : 0)]).toBe(5);
  const points = new Float32Array(POINTS);
  const checksum = samplePoints(luma, points);
  expect(points[0]).toBe(0);
  expect(points.at(-1)).toBe(luma.height - 1);
  expect(Math.max(...points)).toBeLessThan(luma.height);
  expect(samplePoints(luma, points)).toBe(checksum);
  pixels[luma.offset] = 200;
  expect(samplePoints(luma, points)).not.toBe(checksum);
});
