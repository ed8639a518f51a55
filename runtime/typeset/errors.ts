import { RefusedError } from "../../store/errors.ts";

/** A name holds Chinese letters that no installed font has: a document must not go out with a gap in a name. */
export class MissingGlyphError extends RefusedError {
  constructor(letters: readonly string[]) {
    const named = letters.map((letter) => `${letter}（${codeOf(letter)}）`).join("、");
    super({
      code: "document.glyph_missing",
      messageZh: `已安装的字体中没有姓名、名称用字${named}，文书不能缺字制发。请联系系统管理员安装含该字的字体后再制作。`,
      messageEn: `No installed font has ${letters.join(" ")} of a name; install a font for rare Chinese letters, then try again.`,
    });
  }
}

/** As standards name a letter: `U+31350`. */
export function codeOf(letter: string): string {
  const hex = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, "0")}`;
}
