import type { SymbolChances } from "./ctc-beam.ts";
import { type Folding, foldChances, foldingOf, readGreedy } from "./fold-characters.ts";
import { type Quad, rectify, sizeOfQuad } from "./rectify.ts";
import type { RgbPicture } from "./rgb-picture.ts";
import { type Tensor, toTensor } from "./text-tensor.ts";

/** Runs one graph on one tensor. */
export type RunGraph = (input: Tensor) => Promise<Tensor>;

/** A recogniser of single lines of text: PP-OCRv4's, or another with the same input and output. */
export interface LineRecogniser {
  readonly run: RunGraph;
  /** By class; class 0 is the blank. */
  readonly characters: readonly string[];
  readonly folding: Folding;
}

/** @param characters of the recogniser, by class, the blank first */
export function lineRecogniser(run: RunGraph, characters: readonly string[]): LineRecogniser {
  return { run, characters, folding: foldingOf(characters) };
}

/** As PP-OCRv4's recogniser was trained: 48 rows, at least 320 columns, −1 to 1. */
const HEIGHT = 48;
const LEAST_WIDTH = 320;
const MAX_WIDTH = 640;
const NORMALISATION = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

export interface LineReading {
  readonly raw: string;
  readonly chances: SymbolChances;
  /** The line made flat, `HEIGHT` rows. */
  readonly flat: RgbPicture;
}

/** Makes a line flat and reads it. */
export async function readLine(
  { run, characters, folding }: LineRecogniser,
  picture: RgbPicture,
  quad: Quad,
): Promise<LineReading> {
  const { width, height } = sizeOfQuad(quad);
  const columns = Math.min(MAX_WIDTH, Math.max(HEIGHT, Math.round((HEIGHT * width) / height)));
  const flat = rectify(picture, quad, { width: columns, height: HEIGHT });
  const output = await run(toTensor(flat, Math.max(LEAST_WIDTH, columns), NORMALISATION));
  return { raw: readGreedy(output, characters), chances: foldChances(output, folding), flat };
}
