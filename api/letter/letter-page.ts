import type { Letter } from "../../casework/warning/warning.ts";

export interface LetterPicture {
  /** Masked copies only, below the letter's own link. */
  readonly url: string;
  readonly captionZh: string;
  readonly captionEn: string;
}

/** The letter as one page that reads like paper, without scripts and without anything loaded from elsewhere. */
export function letterPage(letters: { zh: Letter; en: Letter }, pictures: readonly LetterPicture[]): string {
  const { zh, en } = letters;
  return page(
    zh.title,
    `<h1>${text(zh.title)}</h1>
<p class="salutation">${text(zh.salutation)}</p>
${paragraphs(zh)}
<div class="pictures">${pictures.map(figure).join("")}</div>
<p class="issued">${text(zh.signature)}<br>${text(zh.date)}</p>
<hr>
<section lang="en"><h2>${text(en.title)}</h2>
<p>${text(en.salutation)}</p>
${paragraphs(en)}
<p>${text(en.signature)} · ${text(en.date)}</p></section>`,
  );
}

function paragraphs(letter: Letter): string {
  return letter.paragraphs.map((line) => `<p>${text(line)}</p>`).join("\n");
}

function figure(picture: LetterPicture): string {
  const caption = `${text(picture.captionZh)} · ${text(picture.captionEn)}`;
  return `<figure><img src="${text(picture.url)}" alt="${text(picture.captionZh)}"><figcaption>${caption}</figcaption></figure>`;
}

/** Says the same for a wrong, a revoked and an expired link, so that guessing teaches nothing. */
export function unknownLetterPage(): string {
  return page(
    "链接无效",
    `<h1>链接无效或已过期</h1><p>请核对短信或信函中的完整链接；如仍无法打开，请联系发出通知的城市管理部门。</p>
<hr><section lang="en"><h2>This link is not valid</h2><p>Please check the whole link in your message, or ask the city management office that sent it.</p></section>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${text(title)}</title>
<style>
body{margin:0;background:#e9ecef;color:#1b1b1b;font:17px/1.9 "Noto Serif SC","Noto Serif CJK SC","Songti SC",SimSun,serif}
main{background:#fff;max-width:720px;margin:32px auto;padding:56px 64px;box-shadow:0 2px 18px #0002}
h1{text-align:center;font-size:26px;letter-spacing:.15em;margin:8px 0 28px}h2{font-size:18px}
main>p{text-indent:2em;margin:0 0 10px}
main>p.salutation,main>p.issued{text-indent:0}.issued{text-align:right;margin-top:28px!important}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:14px;margin:18px 0}
figure{margin:0}img{width:100%;display:block;border:1px solid #ccc}figcaption{font-size:13px;color:#555;line-height:1.5}
hr{border:0;border-top:1px solid #ccc;margin:32px 0 20px}section{font-family:Georgia,serif;font-size:15px;line-height:1.6;color:#333}
@media(max-width:760px){main{margin:0;padding:28px 22px}}
</style></head><body><main>
${body}
</main></body></html>`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function text(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
