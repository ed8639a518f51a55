import { describe, expect, it } from "vitest";
import { inputDims, TensorFiller } from "./preprocess.ts";

const facts = { width: 2, height: 1, mean: [10, 20, 30], std: [1, 2, 4] } as const;
const pixels = Uint8Array.from([10, 22, 38, 255, 0, 30]);

describe("TensorFiller", () => {
  it("lays planes one after the other for NCHW", () => {
    const filler = new TensorFiller({ ...facts, layout: "NCHW" });
    filler.fill(pixels);
    expect([...filler.data]).toEqual([0, 245, 1, -10, 2, 0]);
    expect(inputDims({ ...facts, layout: "NCHW" })).toEqual([1, 3, 1, 2]);
  });

  it("keeps pixels together for NHWC", () => {
    const filler = new TensorFiller({ ...facts, layout: "NHWC" });
    filler.fill(pixels);
    expect([...filler.data]).toEqual([0, 1, 2, 245, -10, 0]);
    expect(inputDims({ ...facts, layout: "NHWC" })).toEqual([1, 1, 2, 3]);
  });

  it("computes (v − mean) / std for every byte", () => {
    const mean = [123.675, 116.28, 103.53] as const;
    const std = [58.395, 57.12, 57.375] as const;
    const filler = new TensorFiller({ width: 256, height: 1, layout: "NHWC", mean, std });
    filler.fill(Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3)));
    filler.data.forEach((value, index) => {
      const channel = (index % 3) as 0 | 1 | 2;
      expect(value).toBeCloseTo((Math.floor(index / 3) - mean[channel]) / std[channel], 5);
    });
  });

  it("reuses its buffer", () => {
    const filler = new TensorFiller({ ...facts, layout: "NCHW" });
    const { data } = filler;
    filler.fill(new Uint8Array(6));
    filler.fill(pixels);
    expect(filler.data).toBe(data);
    expect([...data]).toEqual([0, 245, 1, -10, 2, 0]);
  });
});
