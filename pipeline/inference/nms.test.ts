import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iou } from "../domain/box.ts";
import { CandidateBuffer } from "./decode/candidate-buffer.ts";
import { byScore, suppress } from "./nms.ts";

type Row = readonly [x1: number, y1: number, x2: number, y2: number, score: number, classIndex: number];

function bufferOf(rows: readonly Row[]): CandidateBuffer {
  const buffer = new CandidateBuffer();
  for (const row of rows) buffer.push(...row);
  return buffer;
}

function kept(rows: readonly Row[], iouLimit = 0.5, keep = 100): number[] {
  const buffer = bufferOf(rows);
  return suppress(buffer, byScore(buffer, 1000), iouLimit, keep);
}

describe("suppress", () => {
  it("keeps the better of two boxes of one class that overlap", () => {
    expect(
      kept([
        [0, 0, 10, 10, 0.5, 0],
        [1, 0, 11, 10, 0.75, 0],
      ]),
    ).toEqual([1]);
  });

  it("never lets one class suppress another", () => {
    expect(
      kept([
        [0, 0, 10, 10, 0.5, 0],
        [0, 0, 10, 10, 0.75, 1],
      ]),
    ).toEqual([1, 0]);
  });

  it("keeps boxes that overlap by exactly the limit", () => {
    // 5 of 15 shared: IoU 1/3
    expect(
      kept(
        [
          [0, 0, 10, 1, 0.75, 0],
          [5, 0, 15, 1, 0.5, 0],
        ],
        1 / 3,
      ),
    ).toEqual([0, 1]);
    expect(
      kept(
        [
          [0, 0, 10, 1, 0.75, 0],
          [5, 0, 15, 1, 0.5, 0],
        ],
        0.33,
      ),
    ).toEqual([0]);
  });

  it("lets a suppressed box suppress nobody", () => {
    // A chain: the first overlaps the second, the second the third, the first not the third.
    expect(
      kept(
        [
          [0, 0, 10, 1, 0.9, 0],
          [4, 0, 14, 1, 0.8, 0],
          [8, 0, 18, 1, 0.7, 0],
        ],
        0.4,
      ),
    ).toEqual([0, 2]);
  });

  it("keeps the model's own order among equals, and no more than asked for", () => {
    const rows: Row[] = Array.from({ length: 600 }, (_, index) => [index * 10, 0, index * 10 + 9, 9, 0.5, 0]);
    expect(kept(rows, 0.5, 3)).toEqual([0, 1, 2]);
  });

  it("keeps boxes without area apart from everything", () => {
    expect(
      kept([
        [5, 5, 5, 5, 0.9, 0],
        [5, 5, 5, 5, 0.8, 0],
        [0, 0, 10, 10, 0.7, 0],
      ]),
    ).toEqual([0, 1, 2]);
  });

  it("holds for any boxes: survivors do not overlap within a class, the rest overlaps a better survivor", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const row = fc
      .tuple(unit, unit, unit, unit, unit, fc.nat(1))
      .map(
        ([x, y, w, h, score, classIndex]): Row => [
          x * 50,
          y * 50,
          x * 50 + 1 + w * 20,
          y * 50 + 1 + h * 20,
          score,
          classIndex,
        ],
      );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const buffer = bufferOf(rows);
        const survivors = kept(rows);
        const overlap = (a: number, b: number) => {
          const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = buffer.boxes.subarray(a * 4, a * 4 + 4);
          const [bx1 = 0, by1 = 0, bx2 = 0, by2 = 0] = buffer.boxes.subarray(b * 4, b * 4 + 4);
          return buffer.classes[a] === buffer.classes[b]
            ? iou([ax1, ay1, ax2, ay2], [bx1, by1, bx2, by2])
            : 0;
        };
        for (let index = 0; index < rows.length; index++) {
          const rank = survivors.indexOf(index);
          const better = rank < 0 ? survivors : survivors.slice(0, rank);
          expect(better.some((other) => overlap(other, index) > 0.5)).toBe(rank < 0);
        }
      }),
    );
  });
});
