import { expect, it } from "vitest";
import { CHANCES_PER_STEP, readGrammatical } from "./ctc-beam.ts";
import { foldChances, foldingOf, readGreedy } from "./fold-characters.ts";
import { PLATE_SYMBOLS } from "./plate-grammar.ts";

const CHARACTERS = ["", "京", "A", "a", "0", "O", "o", "Ｏ", "1", "I", "·", "合", " "];

/** One column a character, which gets 0.6; what stands beside it in the list gets 0.3. */
function output(texts: readonly string[]) {
  const data = new Float32Array(texts.length * CHARACTERS.length);
  texts.forEach((text, step) => {
    const index = CHARACTERS.indexOf(text);
    data[step * CHARACTERS.length + index] = 0.6;
    data[step * CHARACTERS.length + ((index + 1) % CHARACTERS.length)] = 0.3;
  });
  return { data, dims: [1, texts.length, CHARACTERS.length] };
}

it("counts look-alikes and small letters for the plate's own symbol, dots for nothing, others not at all", () => {
  const folding = foldingOf(CHARACTERS);
  const at = (symbol: string) => PLATE_SYMBOLS.indexOf(symbol) + 1;
  const [jing, a, zero, one] = ["京", "A", "0", "1"].map(at);
  expect([...folding]).toEqual([0, jing, a, a, zero, zero, zero, zero, one, one, 0, -1, 0]);
  const { steps, values } = foldChances(output(["A", "O", "·", "合"]), folding);
  expect(steps).toBe(4);
  expect(values[at("A")]).toBeCloseTo(0.9);
  expect(values[CHANCES_PER_STEP + at("0")]).toBeCloseTo(0.9);
  expect(values[2 * CHANCES_PER_STEP]).toBeCloseTo(0.6);
  expect(values.subarray(3 * CHANCES_PER_STEP + 1).every((chance) => chance === 0)).toBe(true);
});

it("makes a plate of what the recogniser spells with an O", () => {
  const texts = ["京", "", "A", "·", "O", "", "1", "", "0", "", "I", "", "o"];
  expect(readGreedy(output(texts), CHARACTERS)).toBe("京A·O10Io");
  expect(readGrammatical(foldChances(output(texts), foldingOf(CHARACTERS)))[0]?.text).toBe("京A01010");
});
