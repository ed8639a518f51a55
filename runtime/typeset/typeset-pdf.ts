import PDFDocument from "pdfkit";
import type { ComposedBlock, ComposedDocument } from "../../casework/documents/composed-document.ts";
import { documentCodes } from "../../casework/documents/document-codes.ts";
import { drawReceipt, drawSeal, drawSignature, sealHeight } from "./closing-blocks.ts";
import type { Pdf } from "./glyphs.ts";
import { drawText, type Style, widthOf } from "./letters.ts";
import { drawCentred, linesOf, MM, needRoom, newPage, PAGE, type Sheet, TEXT_WIDTH } from "./page.ts";
import { withStandIns } from "./rare-letters.ts";
import { drawGrid, drawTable } from "./table-blocks.ts";
import { type Body, drawHeading, drawList, drawParagraph } from "./text-blocks.ts";

/** 三号 for letters that go out: 28 letters a line, 22 lines a page (GB/T 9704). */
const LETTER: Body = bodyOf(15.75, 28.9);
/** 小四 for forms: what stays in the file, and what is signed and filed. */
const FORM: Body = bodyOf(12, 22);

/**
 * The document as an A4 PDF, fonts embedded. Same document, fonts and software: same bytes. A Chinese letter that no
 * installed font has becomes a visible stand-in; throws `MissingGlyphError` where it stands in a name.
 */
export async function typesetPdf(composed: ComposedDocument): Promise<Buffer> {
  const document = withStandIns(composed);
  const pdf: Pdf = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: "1.7",
    lang: "zh-CN",
    displayTitle: true,
    info: infoOf(document),
  });
  const bytes = collect(pdf);
  const sheet: Sheet = { pdf, document, y: 0 };
  newPage(sheet);
  drawTitle(sheet);
  const { external, mark } = documentCodes[document.code];
  const body = external && mark !== null ? LETTER : FORM;
  for (const [index, block] of document.blocks.entries()) {
    // A seal never stands on a page without text.
    if (document.blocks[index + 1]?.kind === "seal")
      needRoom(sheet, heightOf(block, body) + sealHeight(body));
    drawBlock(sheet, block, body);
  }
  drawFurniture(sheet);
  pdf.end();
  return bytes;
}

function infoOf({ title, number, agency, issuedOn, code, templateVersion }: ComposedDocument) {
  // The day it was issued, not the moment it was typeset: a second run must give the same file.
  const date = new Date(`${issuedOn}T00:00:00+08:00`);
  return {
    Title: number === null ? title : `${title} ${number}`,
    Author: agency,
    Subject: `${code} ${templateVersion}`,
    Creator: "Forewarn",
    Producer: "Forewarn",
    CreationDate: date,
    ModDate: date,
  };
}

function collect(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(Buffer.concat(parts)));
    pdf.on("error", reject);
  });
}

function drawTitle(sheet: Sheet): void {
  const { document } = sheet;
  drawCentred(sheet, document.agency, { size: 18, weight: "bold" }, 32, 2);
  drawCentred(sheet, document.title, { size: 22, weight: "bold" }, 42, 2);
  const style: Style = { size: 14, weight: "regular" };
  if (document.number !== null) drawCentred(sheet, document.number, style, 26);
  sheet.y += 8;
}

function drawBlock(sheet: Sheet, block: ComposedBlock, body: Body): void {
  switch (block.kind) {
    case "heading":
      drawHeading(sheet, block.text, body);
      return;
    case "paragraph":
      drawParagraph(sheet, block, body);
      return;
    case "list":
      drawList(sheet, block.items, block.marker, body);
      return;
    case "table":
      drawTable(sheet, block.rows);
      return;
    case "grid":
      drawGrid(sheet, block.columns, block.rows);
      return;
    case "signature":
      drawSignature(sheet, block.lines, body);
      return;
    case "seal":
      drawSeal(sheet, block, body);
      return;
    case "receipt":
      drawReceipt(sheet, block, body);
      return;
  }
}

/** Of a text block; others are as high as their page wants. */
function heightOf(block: ComposedBlock, { style, leading }: Body): number {
  if (block.kind === "signature") return block.lines.length * leading;
  return block.kind === "paragraph"
    ? linesOf(block.text, TEXT_WIDTH, style, style.size * 2).length * leading
    : 0;
}

const SMALL: Style = { size: 10.5, weight: "regular" };
const FAINT: Style = { ...SMALL, color: "#666666" };

/** Once the number of pages is known: whose document, which, and the page. */
function drawFurniture({ pdf, document }: Sheet): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    const page = `第 ${index + 1} 页 共 ${count} 页`;
    const foot = PAGE.height - PAGE.bottom + 12 * MM;
    drawText(pdf, page, PAGE.left + (TEXT_WIDTH - widthOf(page, SMALL)) / 2, foot, SMALL);
    const head = PAGE.top - 10 * MM;
    if (index > 0) drawText(pdf, headOf(document), PAGE.left, head, FAINT);
    if (document.preview) drawRight(pdf, "草稿　未制发", head, FAINT);
  }
}

function headOf({ agency, title, number }: ComposedDocument): string {
  return number === null ? `${agency}　${title}` : `${agency}　${number}`;
}

function drawRight(pdf: Pdf, text: string, baseline: number, style: Style): void {
  drawText(pdf, text, PAGE.left + TEXT_WIDTH - widthOf(text, style), baseline, style);
}

function bodyOf(size: number, leading: number): Body {
  return { style: { size, weight: "regular" }, bold: { size, weight: "bold" }, leading };
}
