import { describe, expect, it } from "vitest";
import {
  averageReadings,
  CHANCES_PER_STEP,
  joinChances,
  readGrammatical,
  type SymbolChances,
} from "./ctc-beam.ts";
import { PLATE_SYMBOLS } from "./plate-grammar.ts";

/** What one column says: probabilities by symbol, `-` for nothing. */
type Column = Readonly<Record<string, number>>;

function chances(columns: readonly Column[]): SymbolChances {
  const values = new Float32Array(columns.length * CHANCES_PER_STEP);
  columns.forEach((column, step) => {
    for (const [symbol, chance] of Object.entries(column))
      values[step * CHANCES_PER_STEP + columnOf(symbol)] = chance;
  });
  return { steps: columns.length, values };
}

function columnOf(symbol: string): number {
  return symbol === "-" ? 0 : PLATE_SYMBOLS.indexOf(symbol) + 1;
}

/** Every symbol for certain, with nothing between. */
function certain(text: string): Column[] {
  return [...text].flatMap((symbol) => [{ [symbol]: 1 }, { "-": 1 }]);
}

/** Probability that the columns spell a text: the forward pass of Graves et al. 2006, over all alignments. */
function exactly({ steps, values }: SymbolChances, text: string): number {
  const states = ["-", ...[...text].flatMap((symbol) => [symbol, "-"])];
  let at: number[] = states.map((_, index) => (index === 0 ? 1 : 0));
  for (let step = 0; step < steps; step++) {
    at = states.map((symbol, index) => {
      const mayJump = symbol !== "-" && symbol !== states[index - 2];
      const before = (at[index] ?? 0) + (at[index - 1] ?? 0) + (mayJump ? (at[index - 2] ?? 0) : 0);
      return before * (values[step * CHANCES_PER_STEP + columnOf(symbol)] ?? 0);
    });
  }
  return (at.at(-1) ?? 0) + (at.at(-2) ?? 0);
}

describe("readGrammatical", () => {
  it("reads what is certain", () => {
    expect(readGrammatical(chances(certain("京A12345")))).toEqual([{ text: "京A12345", probability: 1 }]);
    expect(readGrammatical(chances(certain("粤BD12345")))[0]?.text).toBe("粤BD12345");
  });

  it("takes a symbol that goes on for one, and one after a gap for two", () => {
    const held: Column[] = [{ 京: 1 }, { 京: 1 }, { A: 1 }, ...certain("12345")];
    expect(readGrammatical(chances(held))[0]?.text).toBe("京A12345");
    const twice: Column[] = [
      { 京: 1 },
      { A: 1 },
      { 8: 1 },
      { "-": 1 },
      { 8: 1 },
      { 8: 1 },
      ...certain("345"),
    ];
    expect(readGrammatical(chances(twice))[0]?.text).toBe("京A88345");
  });

  it("prefers a plate to a likelier text that is none", () => {
    const columns: Column[] = [{ A: 0.7, 皖: 0.3 }, { "4": 0.6, A: 0.4 }, ...certain("B1C23")];
    const [best] = readGrammatical(chances(columns));
    expect(best?.text).toBe("皖AB1C23");
    expect(best?.probability).toBeCloseTo(0.12, 5);
  });

  it("does not let a third letter in", () => {
    const columns: Column[] = [...certain("京A"), ...certain("AB"), { C: 0.9, "8": 0.1 }, ...certain("12")];
    expect(readGrammatical(chances(columns)).map(({ text }) => text)).toEqual(["京AAB812"]);
  });

  it("leaves out a character that should not be there", () => {
    const columns: Column[] = [{ 京: 1 }, { A: 1 }, { "1": 0.4, "-": 0.6 }, ...certain("A2345"), { "-": 1 }];
    expect(readGrammatical(chances(columns)).map(({ text }) => text)).toEqual(["京AA2345"]);
  });

  it("spells nothing where there is no plate", () => {
    expect(readGrammatical(chances(certain("A12345")))).toEqual([]);
    expect(readGrammatical(chances([]))).toEqual([]);
    expect(readGrammatical(chances([{ "-": 1 }, { "-": 1 }]))).toEqual([]);
  });

  it("adds up all ways to spell a plate, as the forward pass does, and puts the likeliest first", () => {
    // Each column leans to one symbol, its neighbours to others: some ten thousand alignments.
    const leans = ["皖", "皖", "-", "A", "A", "-", "8", "8", "-", "8", "B", "0", "-", "C", "C", "2", "-"];
    const columns = leans.map((symbol, step): Column => {
      const other = leans[(step * 5 + 3) % leans.length] ?? "-";
      return symbol === other ? { [symbol]: 0.9, "-": 0.1 } : { [symbol]: 0.6, [other]: 0.15, "-": 0.25 };
    });
    const read = readGrammatical(chances(columns));
    expect(read.length).toBeGreaterThan(3);
    const [best] = read;
    for (const { text, probability } of read) {
      const all = exactly(chances(columns), text);
      // The search may lose an alignment on the way, but never invents one.
      expect(probability).toBeLessThanOrEqual(all * 1.000001);
      expect(best?.probability).toBeGreaterThanOrEqual(probability);
    }
    expect(best?.probability).toBeGreaterThan(0.95 * exactly(chances(columns), best?.text ?? ""));
  });
});

describe("joinChances", () => {
  it("reads the two lines of a plate as one", () => {
    const lines = [chances(certain("浙A")), chances(certain("12903"))];
    expect(readGrammatical(joinChances(lines))[0]).toEqual({ text: "浙A12903", probability: 1 });
  });
});

describe("averageReadings", () => {
  it("trusts what several framings say more than what one is sure of", () => {
    const framings = [
      [{ text: "皖A12345", probability: 0.9 }],
      [
        { text: "京A12345", probability: 0.8 },
        { text: "皖A12345", probability: 0.1 },
      ],
      [{ text: "京A12345", probability: 0.7 }],
    ];
    const [best, other] = averageReadings(framings);
    expect(best?.text).toBe("京A12345");
    expect(best?.probability).toBeCloseTo(0.5);
    expect(other?.probability).toBeCloseTo(1 / 3);
    expect(averageReadings([[], []])).toEqual([]);
  });
});
