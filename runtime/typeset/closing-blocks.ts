import type { ComposedCell } from "../../casework/documents/composed-document.ts";
import { type Style, widthOf } from "./letters.ts";
import { drawCentred, drawLine, linesOf, MM, needRoom, PAGE, type Sheet, TEXT_WIDTH } from "./page.ts";
import type { Body } from "./text-blocks.ts";

/** Where an agency's round seal goes: 42 mm across. */
const SEAL_RADIUS = 21 * MM;
const GREY = "#8a8a8a";

/** Label and what was filled in; otherwise a line to sign on. */
export function drawSignature(sheet: Sheet, lines: readonly ComposedCell[], { style, leading }: Body): void {
  sheet.y += leading / 3;
  for (const { label, text } of lines) {
    const head = label === "" ? "" : `${label}：`;
    const inset = widthOf(head, style);
    const parts = text === "" ? [] : linesOf(text, TEXT_WIDTH - inset, style);
    needRoom(sheet, leading * Math.max(1, parts.length));
    drawLine(sheet, { text: head, width: inset, last: true }, PAGE.left, sheet.y, TEXT_WIDTH, style, leading);
    if (parts.length === 0) drawRule(sheet, PAGE.left + inset, sheet.y + leading * 0.78, 60 * MM);
    for (const [index, line] of parts.entries()) {
      const at = { ...line, last: true };
      drawLine(sheet, at, PAGE.left + inset, sheet.y + index * leading, TEXT_WIDTH - inset, style, leading);
    }
    sheet.y += leading * Math.max(1, parts.length);
  }
}

export function sealHeight({ leading }: Body): number {
  return Math.max(SEAL_RADIUS * 2, leading * 2) + leading / 2;
}

/** Agency and date to the right, the seal over both. */
export function drawSeal(
  sheet: Sheet,
  block: { agency: string; date: string },
  { style, leading }: Body,
): void {
  const height = Math.max(SEAL_RADIUS * 2, leading * 2) + leading / 2;
  needRoom(sheet, height);
  const agencyWidth = widthOf(block.agency, style);
  const dateWidth = widthOf(block.date, style);
  const width = Math.max(agencyWidth, dateWidth);
  const centre = PAGE.left + TEXT_WIDTH - Math.max(width / 2, SEAL_RADIUS) - style.size * 2;
  const middle = sheet.y + leading / 2 + SEAL_RADIUS;
  const { pdf } = sheet;
  pdf.save().lineWidth(0.7).strokeColor(GREY).dash(3, { space: 3 });
  pdf.circle(centre, middle, SEAL_RADIUS).stroke().undash().restore();
  const top = middle - leading;
  drawLine(sheet, plain(block.agency, agencyWidth), centre - agencyWidth / 2, top, width, style, leading);
  drawLine(sheet, plain(block.date, dateWidth), centre - dateWidth / 2, top + leading, width, style, leading);
  const mark: Style = { size: 10.5, weight: "regular", color: GREY };
  const markWidth = widthOf("（印章）", mark);
  drawLine(sheet, plain("（印章）", markWidth), centre - markWidth / 2, top + leading * 2, width, mark, 16);
  sheet.y += height;
}

/** 回执: cut off along the dashed line, signed and handed back. */
export function drawReceipt(
  sheet: Sheet,
  block: { title: string; lines: readonly string[] },
  body: Body,
): void {
  const style: Style = { ...body.style, size: 12 };
  const leading = 24;
  const rows = block.lines.map((text) => linesOf(text, TEXT_WIDTH, style, style.size * 2));
  needRoom(sheet, leading * (rows.flat().length + 2.5));
  sheet.y += leading / 2;
  const { pdf } = sheet;
  pdf.save().lineWidth(0.6).strokeColor(GREY).dash(4, { space: 3 });
  pdf
    .moveTo(PAGE.left, sheet.y)
    .lineTo(PAGE.left + TEXT_WIDTH, sheet.y)
    .stroke()
    .undash()
    .restore();
  sheet.y += leading / 4;
  drawCentred(sheet, block.title, { size: 14, weight: "bold" }, leading * 1.3, 6);
  for (const lines of rows) {
    for (const [index, line] of lines.entries()) {
      const inset = index === 0 ? style.size * 2 : 0;
      drawLine(sheet, line, PAGE.left + inset, sheet.y, TEXT_WIDTH - inset, style, leading);
      sheet.y += leading;
    }
  }
}

function drawRule(sheet: Sheet, x: number, y: number, width: number): void {
  sheet.pdf
    .lineWidth(0.6)
    .strokeColor("black")
    .moveTo(x, y)
    .lineTo(x + width, y)
    .stroke();
}

function plain(text: string, width: number) {
  return { text, width, last: true };
}
