/** Never at the start of a line. */
const NOT_FIRST = new Set("，。、；：？！）》」』】〕〉”’％‰℃…—·,.;:?!)]}%".split(""));
/** Never at the end of a line. */
const NOT_LAST = new Set("（《「『【〔〈“‘([{¥￥№第".split(""));

export interface Line {
  readonly text: string;
  readonly width: number;
  /** The paragraph ends here: its letters are not spread to the right edge. */
  readonly last: boolean;
}

/**
 * Breaks one paragraph by the rules of Chinese typesetting: no closing punctuation at the start of a line, no opening one
 * at its end; Latin words, numbers and dates with their unit stay whole where they fit on a line. `indent` narrows the
 * first line. `measure`: width of a text.
 */
export function breakLines(
  text: string,
  options: { readonly width: number; readonly indent: number; readonly measure: (text: string) => number },
): Line[] {
  const { width, indent, measure } = options;
  const pieces = piecesOf(text).flatMap((piece) => (measure(piece) > width ? [...piece] : [piece]));
  const lines: Line[] = [];
  let start = 0;
  while (start < pieces.length) {
    const room = lines.length === 0 ? width - indent : width;
    const end = endOfLine(pieces, start, room, measure);
    const line = pieces.slice(start, end).join("");
    const trimmed = end < pieces.length ? line.trimEnd() : line;
    lines.push({ text: trimmed, width: measure(trimmed), last: end === pieces.length });
    start = end;
    while (pieces[start] === " ") start += 1;
  }
  const final = lines.at(-1);
  if (final !== undefined && !final.last) lines[lines.length - 1] = { ...final, last: true };
  return lines;
}

function endOfLine(
  pieces: readonly string[],
  start: number,
  room: number,
  measure: (text: string) => number,
): number {
  let used = 0;
  let end = start;
  while (end < pieces.length) {
    used += measure(pieces[end] ?? "");
    if (used > room && end > start) break;
    end += 1;
  }
  if (end >= pieces.length) return pieces.length;
  for (let at = end; at > start; at -= 1) if (mayBreakBefore(pieces, at)) return at;
  // Nothing but punctuation: better a rule broken than a line that never ends.
  return end;
}

function mayBreakBefore(pieces: readonly string[], at: number): boolean {
  const before = pieces[at - 1] ?? "";
  const after = pieces[at] ?? "";
  return !NOT_FIRST.has([...after][0] ?? "") && !NOT_LAST.has([...before].at(-1) ?? "");
}

/** Latin words and numbers in one piece, with 年月日 and the like behind a number; every other letter alone. */
function piecesOf(text: string): string[] {
  return (
    text.match(
      /[\p{Script=Latin}\p{N}_@#&+\-/.,:'¥￥]*[\p{Script=Latin}\p{Nd}]+[年月日时分秒元号条项款]?|./gsu,
    ) ?? []
  );
}
