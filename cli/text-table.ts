/** East Asian wide and full-width characters, and pictures: two columns of a terminal each. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
/** Take no column of their own. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** A terminal would obey them: a camera's name must not move the cursor. */
const CONTROL = /\p{Cc}/gu;

export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** Wider cells are cut; default: as wide as the widest. */
  readonly maxWidth?: number;
}

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text, or as much of its beginning as fits with an ellipsis behind it. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Lines of a table with a heading, two blanks between columns, no blanks at the ends.
 * @param paint colours one finished cell: its place and its text without padding
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: (text: string, row: number, column: number) => string = (text) => text,
): string[] {
  const cells = rows.map((row) =>
    columns.map(({ maxWidth }, index) => {
      const text = (row[index] ?? "").replaceAll(CONTROL, "�");
      return maxWidth === undefined ? text : cut(text, maxWidth);
    }),
  );
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ""))),
  );
  const line = (texts: readonly string[], painted: (text: string, column: number) => string) =>
    columns
      .map(({ align }, index) => {
        const text = texts[index] ?? "";
        const blanks = " ".repeat((widths[index] ?? 0) - displayWidth(text));
        const shown = painted(text, index);
        return align === "right" ? blanks + shown : shown + blanks;
      })
      .join("  ")
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      (text) => text,
    ),
    ...cells.map((row, at) => line(row, (text, column) => paint(text, at, column))),
  ];
}
