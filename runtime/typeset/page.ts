import type { ComposedDocument } from "../../casework/documents/composed-document.ts";
import { breakLines, type Line } from "./break-lines.ts";
import type { Pdf } from "./glyphs.ts";
import { drawText, type Style, widthOf } from "./letters.ts";

export const MM = 72 / 25.4;
/** A4, with the margins of official letters (GB/T 9704). */
export const PAGE = {
  width: 210 * MM,
  height: 297 * MM,
  left: 28 * MM,
  right: 26 * MM,
  top: 37 * MM,
  bottom: 35 * MM,
};
export const TEXT_WIDTH = PAGE.width - PAGE.left - PAGE.right;
const LOWEST = PAGE.height - PAGE.bottom;

/** A PDF being written from top to bottom; `y` is the next free point from the top of the page. */
export interface Sheet {
  readonly pdf: Pdf;
  readonly document: ComposedDocument;
  y: number;
}

export function newPage(sheet: Sheet): void {
  sheet.pdf.addPage({ size: "A4", margin: 0 });
  sheet.y = PAGE.top;
}

export function roomLeft(sheet: Sheet): number {
  return LOWEST - sheet.y;
}

/** Nothing stands on this page yet. */
export function isFresh(sheet: Sheet): boolean {
  return sheet.y <= PAGE.top;
}

/** Turns the page unless so much fits. What is higher than a page starts on a new one. */
export function needRoom(sheet: Sheet, height: number): void {
  if (roomLeft(sheet) < height && !isFresh(sheet)) newPage(sheet);
}

export function linesOf(text: string, width: number, style: Style, indent = 0): Line[] {
  return text
    .split("\n")
    .flatMap((part) => breakLines(part, { width, indent, measure: (piece) => widthOf(piece, style) }));
}

/** More than this would show as gaps. Part of the size, per letter. */
const LARGEST_SPREAD = 0.16;

/** Draws a line; all but a paragraph's last are spread to the right edge. */
export function drawLine(
  sheet: Sheet,
  line: Line,
  x: number,
  y: number,
  width: number,
  style: Style,
  leading: number,
) {
  const gaps = [...line.text].length - 1;
  const spread = line.last || gaps < 1 ? 0 : (width - line.width) / gaps;
  const baseline = y + leading / 2 + style.size * 0.36;
  drawText(sheet.pdf, line.text, x, baseline, style, spread <= style.size * LARGEST_SPREAD ? spread : 0);
}

export function drawCentred(sheet: Sheet, text: string, style: Style, leading: number, spacing = 0): void {
  for (const line of linesOf(text, TEXT_WIDTH, style)) {
    needRoom(sheet, leading);
    const width = line.width + spacing * ([...line.text].length - 1);
    const x = PAGE.left + (TEXT_WIDTH - width) / 2;
    drawText(sheet.pdf, line.text, x, sheet.y + leading / 2 + style.size * 0.36, style, spacing);
    sheet.y += leading;
  }
}
