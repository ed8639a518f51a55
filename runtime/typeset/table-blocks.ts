import type { ComposedCell } from "../../casework/documents/composed-document.ts";
import type { Line } from "./break-lines.ts";
import type { Style } from "./letters.ts";
import {
  drawLine,
  isFresh,
  linesOf,
  needRoom,
  newPage,
  PAGE,
  roomLeft,
  type Sheet,
  TEXT_WIDTH,
} from "./page.ts";

const CELL: Style = { size: 12, weight: "regular" };
const HEAD: Style = { size: 12, weight: "bold" };
const LEADING = 18;
const PADDING = 5;
const LABEL_WIDTH = 86;
/** Narrower cells keep a ragged edge: spreading would tear few letters apart. */
const LEAST_SPREAD_WIDTH = 250;

interface Column {
  readonly width: number;
  readonly style: Style;
  readonly centred: boolean;
}

interface Cell extends Column {
  readonly lines: readonly Line[];
}

/** A form: label and text, one or two pairs in a row. */
export function drawTable(
  sheet: Sheet,
  rows: readonly { readonly cells: readonly ComposedCell[]; readonly lines: number }[],
): void {
  sheet.y += PADDING;
  for (const row of rows) {
    const width = TEXT_WIDTH / row.cells.length - LABEL_WIDTH;
    const cells = row.cells.flatMap(({ label, text }) => [
      cellOf(label, { width: LABEL_WIDTH, style: HEAD, centred: true }),
      cellOf(text, { width, style: CELL, centred: false }),
    ]);
    drawRow(sheet, cells, row.lines);
  }
  sheet.y += PADDING;
}

/** A table with a head, which each page repeats. */
export function drawGrid(
  sheet: Sheet,
  columns: readonly { readonly zh: string; readonly width: number }[],
  rows: readonly (readonly string[])[],
): void {
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  const widths = columns.map(({ width }) => (TEXT_WIDTH * width) / total);
  const head = columns.map(({ zh }, index) =>
    cellOf(zh, { width: widths[index] ?? 0, style: HEAD, centred: true }),
  );
  sheet.y += PADDING;
  needRoom(sheet, (LEADING + 2 * PADDING) * 2);
  drawRow(sheet, head, 1);
  for (const row of rows) {
    const cells = widths.map((width, index) =>
      cellOf(row[index] ?? "", { width, style: CELL, centred: false }),
    );
    if (roomLeft(sheet) < heightOf(cells, 1)) {
      newPage(sheet);
      drawRow(sheet, head, 1);
    }
    drawRow(sheet, cells, 1);
  }
  sheet.y += PADDING;
}

function cellOf(text: string, column: Column): Cell {
  return { ...column, lines: text === "" ? [] : linesOf(text, column.width - 2 * PADDING, column.style) };
}

function heightOf(cells: readonly Cell[], least: number): number {
  return Math.max(least, ...cells.map(({ lines }) => lines.length)) * LEADING + 2 * PADDING;
}

/** Lines of a row below which a split would look torn. */
const LEAST_SPLIT = 3;

/** A row that would leave a large gap, or that no page holds, is continued on the next one. */
function drawRow(sheet: Sheet, cells: readonly Cell[], least: number): void {
  let rest = cells;
  let wanted = least;
  while (heightOf(rest, wanted) > roomLeft(sheet)) {
    const fit = Math.floor((roomLeft(sheet) - 2 * PADDING) / LEADING);
    const longest = Math.max(0, ...rest.map(({ lines }) => lines.length));
    if (fit >= LEAST_SPLIT && longest >= fit + LEAST_SPLIT && longest > 8) {
      drawCells(sheet, part(rest, 0, fit), fit);
      rest = part(rest, fit);
      wanted = 1;
    } else if (isFresh(sheet)) {
      // A form whose blank space is higher than a page: what fits must do.
      wanted = Math.min(wanted - 1, fit);
      if (wanted < 1) break;
      continue;
    }
    newPage(sheet);
  }
  drawCells(sheet, rest, wanted);
}

function part(cells: readonly Cell[], from: number, to?: number): Cell[] {
  return cells.map((cell) => ({ ...cell, lines: cell.lines.slice(from, to) }));
}

function drawCells(sheet: Sheet, cells: readonly Cell[], least: number): void {
  const height = heightOf(cells, least);
  let x = PAGE.left;
  sheet.pdf.lineWidth(0.6).strokeColor("black");
  for (const { width, lines, style, centred } of cells) {
    sheet.pdf.rect(x, sheet.y, width, height).stroke();
    const top = centred ? sheet.y + (height - lines.length * LEADING) / 2 : sheet.y + PADDING;
    for (const [index, line] of lines.entries()) {
      const inset = centred ? (width - line.width) / 2 : PADDING;
      const set = centred || width < LEAST_SPREAD_WIDTH ? { ...line, last: true } : line;
      drawLine(sheet, set, x + inset, top + index * LEADING, width - 2 * PADDING, style, LEADING);
    }
    x += width;
  }
  sheet.y += height;
}
