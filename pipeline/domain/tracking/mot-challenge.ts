import { type Fault, InvalidInputError } from "../errors.ts";
import type { Box } from "../types.ts";

/** One row of a MOTChallenge file. `box` in pixels, as corners. */
export interface MotRow {
  /** From 1. */
  readonly frame: number;
  /** -1 in detection files. */
  readonly id: number;
  readonly box: Box;
  /** Score in detection and result files; in ground truth 0 means "ignore this row". */
  readonly confidence: number;
}

const COLUMNS = ["frame", "id", "x", "y", "width", "height", "confidence"] as const;

/**
 * Reads MOTChallenge text (`frame,id,x,y,width,height,confidence,…`; commas or blanks, further columns are
 * ignored, empty lines skipped).
 * @param source name of the file, for the error
 * @throws InvalidInputError with the line number of every malformed line
 */
export function parseMotRows(text: string, source: string): MotRow[] {
  const rows: MotRow[] = [];
  const faults: Fault[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") return;
    const row = parseLine(line.trim().split(/\s*,\s*|\s+/));
    if (typeof row === "string") faults.push({ path: `line ${index + 1}`, message: row });
    else rows.push(row);
  });
  if (faults.length > 0) throw new InvalidInputError(source, faults);
  return rows;
}

/** The row, or what is wrong with it. */
function parseLine(fields: readonly string[]): MotRow | string {
  const numbers = COLUMNS.map((_, column) => toNumber(fields[column]));
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const found = fields[bad] === undefined ? "nothing" : `"${fields[bad]}"`;
    return `column ${bad + 1} (${COLUMNS[bad]}) must be a number, found ${found}`;
  }
  const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0, confidence = 0] = numbers;
  if (!Number.isInteger(frame) || frame < 1) {
    return `column 1 (frame) must be a whole number from 1, found "${fields[0]}"`;
  }
  return { frame, id, box: [x, y, x + width, y + height], confidence };
}

function toNumber(field: string | undefined): number {
  return field === undefined || field === "" ? Number.NaN : Number(field);
}

/** Writes result rows, sorted by frame and id, pixels to two decimals. */
export function formatMotRows(rows: readonly MotRow[]): string {
  return [...rows]
    .sort((a, b) => a.frame - b.frame || a.id - b.id)
    .map(({ frame, id, box: [x1, y1, x2, y2], confidence }) => {
      const numbers = [x1, y1, x2 - x1, y2 - y1].map((value) => value.toFixed(2));
      return `${frame},${id},${numbers.join(",")},${confidence.toFixed(4)},-1,-1,-1\n`;
    })
    .join("");
}

/**
 * Brings detection scores to 0–1. Scores already there stay as they are. Otherwise, for the whole file: all
 * equal (often -1, "not given") → 1; some negative (margins of a classifier) → logistic function; at most
 * 100 → percent; else (boosting sums) → s / (s + median), so that the middle of the file is 0.5.
 */
export function normaliseScores(rows: readonly MotRow[]): MotRow[] {
  const lowest = rows.reduce((least, row) => Math.min(least, row.confidence), Number.POSITIVE_INFINITY);
  const highest = rows.reduce((most, row) => Math.max(most, row.confidence), Number.NEGATIVE_INFINITY);
  if (lowest >= 0 && highest <= 1) return [...rows];
  const toUnit = unitScale(lowest, highest, scoreQuantile(rows, 0.5));
  return rows.map((row) => ({ ...row, confidence: toUnit(row.confidence) }));
}

function unitScale(lowest: number, highest: number, median: number): (score: number) => number {
  if (lowest === highest) return () => 1;
  if (lowest < 0) return (score) => 1 / (1 + Math.exp(-score));
  if (highest <= 100) return (score) => score / 100;
  return (score) => score / (score + median);
}

/** The score that the given share of rows stays below; 0 when there are none. */
export function scoreQuantile(rows: readonly MotRow[], share: number): number {
  const sorted = rows.map((row) => row.confidence).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Frame number → its rows, in file order. */
export function rowsByFrame(rows: readonly MotRow[]): Map<number, MotRow[]> {
  const frames = new Map<number, MotRow[]>();
  for (const row of rows) {
    const frame = frames.get(row.frame);
    if (frame === undefined) frames.set(row.frame, [row]);
    else frame.push(row);
  }
  return frames;
}
