import { numberZh } from "../../casework/documents/format-zh.ts";
import type { ListMarker } from "../../casework/documents/template.ts";
import type { Style } from "./letters.ts";
import { drawLine, linesOf, needRoom, PAGE, type Sheet, TEXT_WIDTH } from "./page.ts";

export interface Body {
  readonly style: Style;
  readonly bold: Style;
  readonly leading: number;
}

export function drawHeading(sheet: Sheet, text: string, { bold, leading }: Body): void {
  // Never alone at the foot of a page.
  needRoom(sheet, leading * 3);
  drawRunning(sheet, text, bold, leading, bold.size * 2);
}

export function drawParagraph(
  sheet: Sheet,
  block: { readonly text: string; readonly indent: boolean; readonly align: "left" | "center" | "right" },
  { style, leading }: Body,
): void {
  if (block.align === "left") {
    drawRunning(sheet, block.text, style, leading, block.indent ? style.size * 2 : 0);
    return;
  }
  for (const line of linesOf(block.text, TEXT_WIDTH, style)) {
    needRoom(sheet, leading);
    const free = TEXT_WIDTH - line.width;
    const x = PAGE.left + (block.align === "right" ? free : free / 2);
    drawLine(sheet, { ...line, last: true }, x, sheet.y, TEXT_WIDTH, style, leading);
    sheet.y += leading;
  }
}

export function drawList(sheet: Sheet, items: readonly string[], marker: ListMarker, body: Body): void {
  for (const [index, item] of items.entries())
    drawRunning(
      sheet,
      `${markerOf(marker, index + 1)}${item}`,
      body.style,
      body.leading,
      body.style.size * 2,
    );
}

function markerOf(marker: ListMarker, number: number): string {
  if (marker === "none") return "";
  return marker === "chinese" ? `（${numberZh(number)}）` : `${number}.`;
}

function drawRunning(sheet: Sheet, text: string, style: Style, leading: number, indent: number): void {
  const lines = linesOf(text, TEXT_WIDTH, style, indent);
  for (const [index, line] of lines.entries()) {
    // Two lines stay together at either end of a page.
    const together = index === 0 || index === lines.length - 2 ? Math.min(2, lines.length - index) : 1;
    needRoom(sheet, leading * together);
    const inset = index === 0 ? indent : 0;
    drawLine(sheet, line, PAGE.left + inset, sheet.y, TEXT_WIDTH - inset, style, leading);
    sheet.y += leading;
  }
}
