import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignByGain } from "./assignment.ts";

const total = (gains: readonly (readonly number[])[], pairs: readonly (readonly [number, number])[]) =>
  pairs.reduce((sum, [row, column]) => sum + (gains[row]?.[column] ?? Number.NaN), 0);

/** Best total by trying everything. */
function bestTotal(gains: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number {
  const own = gains[row];
  if (own === undefined) return 0;
  const options = own.map((gain, column) =>
    taken.includes(column) ? 0 : Math.max(0, gain) + bestTotal(gains, row + 1, [...taken, column]),
  );
  return Math.max(bestTotal(gains, row + 1, taken), ...options);
}

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: -3, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe("assignByGain", () => {
  it("finds what trying every assignment finds, pairs nothing twice and nothing without gain", () => {
    fc.assert(
      fc.property(matrix, (gains) => {
        const pairs = assignByGain(gains);
        expect(total(gains, pairs)).toBe(bestTotal(gains));
        expect(new Set(pairs.map(([row]) => row)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
        expect(pairs.every(([row, column]) => (gains[row]?.[column] ?? 0) > 0)).toBe(true);
      }),
    );
  });

  it("does not trade one good pair for two poor ones", () => {
    expect(
      assignByGain([
        [0.6, 0.01],
        [0.01, 0],
      ]),
    ).toEqual([[0, 0]]);
  });

  it("decides ties the same way every time", () => {
    const tie = [
      [1, 1],
      [1, 1],
    ];
    expect(assignByGain(tie)).toEqual(assignByGain(tie));
    expect(assignByGain(tie)).toHaveLength(2);
  });

  it("has nothing to pair in empty input", () => {
    expect(assignByGain([])).toEqual([]);
    expect(assignByGain([[], []])).toEqual([]);
  });
});
