import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatMotRows, type MotRow, parseMotRows } from "./mot-challenge.ts";
import { trackSequence } from "./offline.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../test-fixtures/tracks/${name}`, import.meta.url), "utf8");

const still = (frames: readonly number[], confidence = 0.9): MotRow[] =>
  frames.map((frame) => ({ frame, id: -1, box: [10, 10, 50, 120], confidence }));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("trackSequence", () => {
  it("gives the recorded tracks for the recorded street: two walkers meet, one is hidden, one stands", () => {
    const detections = parseMotRows(fixture("street.det.txt"), "street.det.txt");
    expect(formatMotRows(trackSequence(detections, { fps: 10 }))).toBe(fixture("street.expected.txt"));
  });

  it("writes back the sightings before confirmation and fills a short gap, not a long one", () => {
    const frames = (rows: readonly MotRow[]) => rows.map((row) => row.frame);
    const short = trackSequence(still([...range(1, 10), ...range(14, 20)]), { fps: 10 });
    expect(frames(short)).toEqual(range(1, 20));
    const long = trackSequence(still([...range(1, 10), ...range(21, 30)]), { fps: 10 });
    expect(frames(long)).toEqual([...range(1, 10), ...range(21, 30)]);
    expect(new Set(long.map((row) => row.id))).toEqual(new Set([1]));
  });

  it("drops a flicker, and a track much more doubtful than the file's good ones", () => {
    expect(trackSequence(still([5, 6]), { fps: 10 })).toEqual([]);
    const doubtful = still(range(1, 20), 0.74).map((row): MotRow => ({ ...row, box: [300, 10, 340, 120] }));
    const rows = trackSequence([...still(range(1, 40)), ...doubtful], { fps: 10 });
    expect(new Set(rows.map((row) => row.box[0] > 200))).toEqual(new Set([false]));
  });

  it("gives the same on any scale of scores, and nothing for an empty file", () => {
    const detections = parseMotRows(fixture("street.det.txt"), "street.det.txt");
    const boxes = (rows: readonly MotRow[]) => rows.map(({ frame, id, box }) => ({ frame, id, box }));
    const percent = detections.map((row) => ({ ...row, confidence: row.confidence * 100 }));
    expect(boxes(trackSequence(percent, { fps: 10 }))).toEqual(boxes(trackSequence(detections, { fps: 10 })));
    expect(trackSequence([], { fps: 10 })).toEqual([]);
  });
});
