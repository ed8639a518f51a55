/** A table of Markdown; bars inside a cell would end it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellOf).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

function cellOf(text: string): string {
  return text.replaceAll("|", "｜").replaceAll("\n", " ");
}

/** What stands between `<!-- name:begin -->` and `<!-- name:end -->`; throws where a mark is missing. */
export function readBlock(markdown: string, name: string): string {
  const { start, end } = find(markdown, name);
  return markdown.slice(start, end).trim();
}

export function replaceBlock(markdown: string, name: string, text: string): string {
  const { start, end } = find(markdown, name);
  return `${markdown.slice(0, start)}\n${text}\n${markdown.slice(end)}`;
}

function find(markdown: string, name: string): { start: number; end: number } {
  const begin = `<!-- ${name}:begin -->`;
  const start = markdown.indexOf(begin);
  const end = markdown.indexOf(`<!-- ${name}:end -->`);
  if (start === -1 || end < start) throw new Error(`there are no marks around ${name}`);
  return { start: start + begin.length, end };
}
