/** Longer lines lose their end: a program that never writes a line break must not fill our memory. */
const LONGEST_LINE = 4_096;

/** Cuts a stream of text into lines. Holds at most one unfinished line of `LONGEST_LINE` characters. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    // ffmpeg rewrites its progress line with a bare carriage return.
    const pieces = text.split(/\r\n|\n|\r/);
    const last = pieces.pop() ?? "";
    for (const piece of pieces) {
      const line = (this.#rest + piece).slice(0, LONGEST_LINE);
      this.#rest = "";
      if (line !== "") this.#onLine(line);
    }
    this.#rest = (this.#rest + last).slice(0, LONGEST_LINE);
  }

  /** The stream is over: what is left is the last line. */
  end(): void {
    const line = this.#rest;
    this.#rest = "";
    if (line !== "") this.#onLine(line);
  }
}
