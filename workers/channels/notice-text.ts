import { type Letter, letterText } from "../../casework/warning/warning.ts";
import type { Channel } from "./channel.ts";

export interface Words {
  /** The channel's own text with `{{link}}` for the link, or null. */
  readonly text: string | null;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
  readonly link: string;
}

const LINK = /\{\{\s*link\s*\}\}/g;

/** What is said over a channel: its own text, or what can be made of the letter. A link is never spoken. */
export function wordsFor({ words }: Pick<Channel, "words">, told: Words): string {
  const { text, link } = told;
  if (text !== null) return text.replaceAll(LINK, () => (words === "speech" ? "" : link)).trim();
  switch (words) {
    case "letter":
      return [letterText(told.letterZh), link, letterText(told.letterEn), link].join("\n\n");
    case "message":
      return `【${told.letterZh.signature}】${gist(told.letterZh)}详情：${link}`;
    case "speech":
      return `${told.letterZh.salutation}${gist(told.letterZh)}`;
  }
}

/** What was seen, and what is asked: the first two paragraphs. */
function gist({ paragraphs }: Letter): string {
  return paragraphs.slice(0, 2).join("");
}
