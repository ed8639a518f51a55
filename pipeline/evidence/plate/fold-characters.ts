import { CHANCES_PER_STEP, type SymbolChances } from "./ctc-beam.ts";
import { PLATE_SYMBOLS } from "./plate-grammar.ts";
import type { Tensor } from "./text-tensor.ts";

/** What plates do not have and what it is a picture of: letters that the standard leaves out because of this. */
const LOOKS_LIKE: Readonly<Record<string, string>> = { O: "0", o: "0", I: "1", l: "1" };
/** Between office and serial, or between characters: nothing that is written down. */
const NOTHING = /^[\s·•・.,:'\-—_|]$/u;

/** For each class of a recogniser, which column of `SymbolChances` it counts for; −1: none. */
export type Folding = Int16Array;

/**
 * @param characters of the recogniser, by class; class 0 is its blank
 */
export function foldingOf(characters: readonly string[]): Folding {
  return Int16Array.from(characters, (character, index) => {
    if (index === 0 || NOTHING.test(character)) return 0;
    const upper = LOOKS_LIKE[character] ?? character.normalize("NFKC").toUpperCase();
    const symbol = PLATE_SYMBOLS.indexOf(LOOKS_LIKE[upper] ?? upper);
    return symbol < 0 ? -1 : symbol + 1;
  });
}

/** @param output `[1, steps, classes]`, each row the probabilities of all classes */
export function foldChances({ data, dims }: Tensor, folding: Folding): SymbolChances {
  const steps = dims[1] ?? 0;
  const classes = folding.length;
  const values = new Float32Array(steps * CHANCES_PER_STEP);
  for (let step = 0; step < steps; step++) {
    for (let index = 0; index < classes; index++) {
      const column = folding[index] as number;
      if (column < 0) continue;
      const at = step * CHANCES_PER_STEP + column;
      values[at] = (values[at] as number) + (data[step * classes + index] as number);
    }
  }
  return { steps, values };
}

/** What the recogniser itself would say: the likeliest class of each step, repetitions and blanks left out. */
export function readGreedy({ data, dims }: Tensor, characters: readonly string[]): string {
  const steps = dims[1] ?? 0;
  const classes = characters.length;
  let text = "";
  let last = 0;
  for (let step = 0; step < steps; step++) {
    let best = 0;
    for (let index = 1; index < classes; index++)
      if ((data[step * classes + index] as number) > (data[step * classes + best] as number)) best = index;
    if (best !== 0 && best !== last) text += characters[best];
    last = best;
  }
  return text;
}
