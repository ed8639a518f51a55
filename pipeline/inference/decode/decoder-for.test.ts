import { describe, expect, it } from "vitest";
import { LAYOUT_CASES } from "../../../test-fixtures/tiny-model/layout-cases.ts";
import {
  TINY_HEIGHT,
  TINY_LABELS,
  TINY_WIDTH,
  tinySpec,
} from "../../../test-fixtures/tiny-model/tiny-model.ts";
import { byScore, suppress } from "../nms.ts";
import { CandidateBuffer } from "./candidate-buffer.ts";
import { decoderFor } from "./decoder-for.ts";

describe.each(LAYOUT_CASES)("decoding $name", ({ output, tensors, expected }) => {
  const decoder = decoderFor(tinySpec(new Uint8Array(), output), TINY_LABELS.length);
  const arrays = tensors.map(({ values }) => Float32Array.from(values));

  function read(outputs: readonly Float32Array[], minScore: number) {
    const candidates = new CandidateBuffer();
    decoder.decode(outputs, minScore, candidates);
    const order = byScore(candidates, 100);
    const chosen = decoder.overlapping ? suppress(candidates, order, 0.5, 100) : [...order];
    return chosen.map((index) => ({
      label: TINY_LABELS[candidates.classes[index] ?? -1],
      score: candidates.scores[index],
      box: [...candidates.boxes.subarray(index * 4, index * 4 + 4)],
    }));
  }

  it("finds what the arrays hold, in input pixels", () => {
    const found = read(arrays, 0.3);
    expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    found.forEach(({ score, box }, index) => {
      expect(score).toBeCloseTo(expected[index]?.score ?? Number.NaN, 5);
      box.forEach((value, side) => {
        expect(value).toBeCloseTo(expected[index]?.box[side] ?? Number.NaN, 3);
      });
    });
  });

  it("asks for the shapes that the arrays have", () => {
    const dims = decoder.outputs.map((wanted, index) =>
      wanted.dims.map((dim, axis) => (typeof dim === "string" ? tensors[index]?.dims[axis] : dim)),
    );
    expect(dims).toEqual(tensors.map((tensor) => tensor.dims));
  });

  it("leaves out what scores less than asked for", () => {
    const best = Math.max(...expected.map(({ score }) => score));
    expect(read(arrays, best - 1e-4).map(({ score }) => score)).toEqual([expect.closeTo(best, 5)]);
    expect(read(arrays, best + 1e-4)).toEqual([]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("ignores %s", (poison) => {
    const poisoned = arrays.map((array) => new Float32Array(array.length).fill(poison));
    expect(read(poisoned, 0)).toEqual([]);
    expect(read(poisoned, 0.3)).toEqual([]);
  });

  it("loses at most one detection to one NaN, wherever it stands", () => {
    const clean = read(arrays, 0.3).length;
    for (const array of arrays) {
      array.forEach((value, at) => {
        array[at] = Number.NaN;
        const found = read(arrays, 0.3);
        array[at] = value;
        expect(found.length).toBeGreaterThanOrEqual(clean - 1);
        expect(found.every(({ score, box }) => box.concat(score ?? Number.NaN).every(Number.isFinite))).toBe(
          true,
        );
      });
    }
  });

  it("does not depend on what it read before", () => {
    read(arrays, 0.001);
    expect(read(arrays, 0.3)).toEqual(read(arrays, 0.3));
  });
});

describe("CenterNet's peaks", () => {
  const output = { layout: "centernet", strides: [8] } as const;
  const decoder = decoderFor(tinySpec(new Uint8Array(), output), 1);
  const columns = TINY_WIDTH / 8;
  const rows = TINY_HEIGHT / 8;
  const distances = new Float32Array(4 * columns * rows).fill(4);

  function peaks(cells: Readonly<Record<number, number>>): number[] {
    const heat = new Float32Array(columns * rows);
    for (const [cell, score] of Object.entries(cells)) heat[Number(cell)] = score;
    const candidates = new CandidateBuffer();
    decoder.decode([heat, distances], 0.3, candidates);
    return Array.from(
      { length: candidates.length },
      (_, index) =>
        ((candidates.boxes[index * 4] as number) + 4) / 8 +
        columns * (((candidates.boxes[index * 4 + 1] as number) + 4) / 8),
    );
  }

  it("stand at the border and in the corners too", () => {
    expect(peaks({ 0: 0.5, 7: 0.5, 24: 0.5, 31: 0.5 })).toEqual([0, 7, 24, 31]);
  });

  it("do not reach round the edge of a row", () => {
    // Cell 7 ends the first row, cell 8 begins the second: far apart in the picture.
    expect(peaks({ 7: 0.5, 8: 0.75 })).toEqual([7, 8]);
  });

  it("are not beaten by an equal", () => {
    expect(peaks({ 9: 0.5, 10: 0.5 })).toEqual([9, 10]);
    expect(peaks({ 9: 0.5, 18: 0.75 })).toEqual([18]);
  });
});
