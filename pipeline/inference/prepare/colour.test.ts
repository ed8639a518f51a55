import { describe, expect, it } from "vitest";
import { type StreamColour, yuvToModel, yuvToRgb } from "./colour.ts";

function rgb(colour: StreamColour, yuv: readonly number[]): number[] {
  const { matrix, offset } = yuvToRgb(colour);
  return matrix.map((row) =>
    row.reduce((sum, part, at) => sum + part * ((yuv[at] ?? 0) - (offset[at] ?? 0)), 0),
  );
}

describe("yuvToRgb", () => {
  // The 100 % colour bars as BT.601 and BT.709 print them, in 8 bits (rounded there, so ± 2 here).
  it.each([
    ["bt601", "limited", [235, 128, 128], [255, 255, 255]],
    ["bt601", "limited", [16, 128, 128], [0, 0, 0]],
    ["bt601", "limited", [81, 90, 240], [255, 0, 0]],
    ["bt601", "limited", [145, 54, 34], [0, 255, 0]],
    ["bt709", "limited", [63, 102, 240], [255, 0, 0]],
    ["bt709", "limited", [173, 42, 26], [0, 255, 0]],
    ["bt709", "limited", [32, 240, 118], [0, 0, 255]],
    ["bt601", "full", [76, 85, 255], [255, 0, 0]],
    ["bt601", "full", [0, 128, 128], [0, 0, 0]],
  ] as const)("%s %s %j is %j", (matrix, range, yuv, expected) => {
    const got = rgb({ matrix, range }, yuv);
    got.forEach((value, channel) => {
      expect(Math.abs(value - (expected[channel] ?? 0))).toBeLessThanOrEqual(2);
    });
  });
});

it("yuvToModel is conversion, order of channels and normalisation in one", () => {
  const colour = { matrix: "bt709", range: "limited" } as const;
  const input = { colour: "BGR", mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] } as const;
  const { matrix, zero } = yuvToModel(colour, input);
  const yuv = [90, 110, 150];
  const [red = 0, green = 0, blue = 0] = rgb(colour, yuv);
  const normalised = [blue, green, red].map(
    (value, at) => (value - (input.mean[at] ?? 0)) / (input.std[at] ?? 1),
  );
  const got = matrix.map((row) =>
    row.reduce((sum, part, at) => sum + part * ((yuv[at] ?? 0) - (zero[at] ?? 0)), 0),
  );
  expect(got).toEqual(normalised.map((value) => expect.closeTo(value, 6)));
});
