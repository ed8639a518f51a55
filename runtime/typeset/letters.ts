import type { Face, Weight } from "./fonts.ts";
import { glyphOf, openFace, type Pdf } from "./glyphs.ts";

export interface Style {
  /** Points. */
  readonly size: number;
  readonly weight: Weight;
  readonly color?: string;
}

/** Choose between shapes of one letter; fonts without them would show a box. */
const SELECTORS = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;

/** Points. */
export function widthOf(text: string, { size, weight }: Style): number {
  let width = 0;
  for (const letter of text.replaceAll(SELECTORS, "")) width += glyphOf(letter, weight).width;
  return (width * size) / 1_000;
}

/** Draws one line, each letter in the face that has it. Points from the page's left and top; `spacing` after each letter. */
export function drawText(
  pdf: Pdf,
  text: string,
  x: number,
  baseline: number,
  style: Style,
  spacing = 0,
): void {
  let at = x;
  for (const run of runsOf(text.replaceAll(SELECTORS, ""), style.weight)) {
    openFace(pdf, run.face);
    pdf
      .fontSize(style.size)
      .fillColor(style.color ?? "black")
      .text(run.text, at, baseline, { lineBreak: false, baseline: "alphabetic", characterSpacing: spacing });
    at += widthOf(run.text, style) + spacing * [...run.text].length;
  }
}

function runsOf(text: string, weight: Weight): { face: Face; text: string }[] {
  const runs: { face: Face; text: string }[] = [];
  for (const wanted of text) {
    const { face, letter } = glyphOf(wanted, weight);
    const run = runs.at(-1);
    if (run?.face === face) run.text += letter;
    else runs.push({ face, text: letter });
  }
  return runs;
}
