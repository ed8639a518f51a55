/** Control and format characters (bidirectional ones among them), line and paragraph separators, halves of pairs. */
const TRICKS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A text of unknown origin as one line that a terminal shows as it is: what could move the cursor, change colours, turn
 * the direction of reading or begin a line is written as its code (`\u001b`). Canonical JSON without line breaks stays
 * JSON of the same meaning.
 */
export function printable(text: string): string {
  return text.replace(TRICKS, (found) =>
    // Characters beyond 16 bits have two codes, as JSON has them.
    found
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
