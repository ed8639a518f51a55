import { advance, completed, EMPTY_PREFIX, PLATE_SYMBOLS, type PlatePrefix } from "./plate-grammar.ts";

/**
 * What a text recogniser says of one line: for each of `steps` columns, the probability of nothing (0) and of each
 * plate symbol (1 + index into PLATE_SYMBOLS), row by row. Rows need not add up to 1: what other characters got is lost.
 */
export interface SymbolChances {
  readonly steps: number;
  /** `steps × (1 + PLATE_SYMBOLS.length)` numbers, 0–1. */
  readonly values: Float32Array;
}

export const CHANCES_PER_STEP = 1 + PLATE_SYMBOLS.length;

/** Lines one after the other, as one text. */
export function joinChances(lines: readonly SymbolChances[]): SymbolChances {
  const steps = lines.reduce((sum, line) => sum + line.steps, 0);
  const values = new Float32Array(steps * CHANCES_PER_STEP);
  let to = 0;
  for (const line of lines) {
    values.set(line.values, to);
    to += line.values.length;
  }
  return { steps, values };
}

/** A plate that the columns may spell. */
export interface GrammaticalReading {
  readonly text: string;
  /** 0–1: the sum over all ways in which the columns spell it. */
  readonly probability: number;
}

/** Readings of the same plate in several framings as one list: mean probabilities, the most probable first. */
export function averageReadings(framings: readonly (readonly GrammaticalReading[])[]): GrammaticalReading[] {
  const sums = new Map<string, number>();
  for (const { text, probability } of framings.flat()) sums.set(text, (sums.get(text) ?? 0) + probability);
  return [...sums]
    .map(([text, sum]) => ({ text, probability: sum / framings.length }))
    .sort((a, b) => b.probability - a.probability);
}

/** Prefixes kept per column. */
const WIDTH = 24;
/** Symbols less likely than this in a column are not followed. */
const LEAST_CHANCE = 1e-5;

interface Beam {
  readonly text: string;
  readonly last: string;
  readonly prefix: PlatePrefix;
  /** Probability of all ways that end with a blank, and of those that end with the last symbol. */
  blank: number;
  symbol: number;
}

/**
 * Prefix beam search over connectionist temporal classification outputs (Hannun et al. 2014), in which only what can
 * become a plate is followed, so the most probable plate wins even where the most probable text is none.
 *
 * @returns plates, the most probable first; empty when the columns spell none
 */
export function readGrammatical({ steps, values }: SymbolChances): GrammaticalReading[] {
  let beams: Beam[] = [{ text: "", last: "", prefix: EMPTY_PREFIX, blank: 1, symbol: 0 }];
  for (let step = 0; step < steps; step++) {
    const row = values.subarray(step * CHANCES_PER_STEP, (step + 1) * CHANCES_PER_STEP);
    beams = extend(beams, row, likelySymbols(row));
  }
  return beams
    .filter(({ prefix }) => completed(prefix).length > 0)
    .map(({ text, blank, symbol }) => ({ text, probability: Math.min(1, blank + symbol) }));
}

function likelySymbols(row: Float32Array): number[] {
  const found: number[] = [];
  for (let index = 1; index < row.length; index++)
    if ((row[index] as number) >= LEAST_CHANCE) found.push(index);
  return found;
}

function extend(beams: readonly Beam[], row: Float32Array, symbols: readonly number[]): Beam[] {
  const next = new Map<string, Beam>();
  const add = (text: string, last: string, prefix: PlatePrefix, blank: number, symbol: number) => {
    const there = next.get(text);
    if (there === undefined) {
      next.set(text, { text, last, prefix, blank, symbol });
    } else {
      there.blank += blank;
      there.symbol += symbol;
    }
  };
  for (const beam of beams) {
    const whole = beam.blank + beam.symbol;
    add(beam.text, beam.last, beam.prefix, whole * (row[0] as number), 0);
    for (const index of symbols) {
      const chance = row[index] as number;
      const symbol = PLATE_SYMBOLS[index - 1] as string;
      const same = symbol === beam.last;
      // The same symbol again without a blank between is still the one there is.
      if (same) add(beam.text, beam.last, beam.prefix, 0, beam.symbol * chance);
      const begun = (same ? beam.blank : whole) * chance;
      const prefix = begun > 0 ? advance(beam.prefix, symbol) : null;
      if (prefix !== null) add(beam.text + symbol, symbol, prefix, 0, begun);
    }
  }
  return [...next.values()]
    .filter(({ blank, symbol }) => blank + symbol > 0)
    .sort((a, b) => b.blank + b.symbol - (a.blank + a.symbol))
    .slice(0, WIDTH);
}
