import { formatDateZh } from "../../casework/clocks/date.ts";
import type { PublicDecision } from "../../casework/publication/public-text.ts";

export interface ListedDecision {
  readonly url: string;
  readonly decision: PublicDecision;
}

/** Pages without scripts and without anything loaded from elsewhere. */
export function decisionListPage(items: readonly ListedDecision[], nextUrl: string | null): string {
  const rows = items.map(
    ({ url, decision }) => `<li><a href="${text(url)}">${text(headingOf(decision))}</a></li>`,
  );
  return page(
    "行政处罚决定公示",
    `<h1>行政处罚决定公示</h1>
${rows.length === 0 ? "<p>目前没有公示的行政处罚决定。</p>" : `<ul>${rows.join("\n")}</ul>`}
${nextUrl === null ? "" : `<p><a href="${text(nextUrl)}">下一页</a></p>`}`,
  );
}

export function decisionPage(decision: PublicDecision): string {
  if (decision.kind === "withdrawn") {
    return page(
      "已撤回",
      `<h1>已撤回</h1>
<p>该行政处罚决定信息已于${text(formatDateZh(decision.on))}撤回公示。</p>
<p>撤回理由：${text(decision.reason)}</p>`,
    );
  }
  const lines = decision.lines.map(
    ({ label, text: line }) => `<tr><th scope="row">${text(label)}</th><td>${text(line)}</td></tr>`,
  );
  return page(decision.title, `<h1>${text(decision.title)}</h1>\n<table>${lines.join("\n")}</table>`);
}

/** Says the same for what was never there and what is not public. */
export function noDecisionPage(): string {
  return page("未找到", "<h1>未找到</h1><p>没有这条公示信息，请返回公示列表查看。</p>");
}

function headingOf(decision: PublicDecision): string {
  if (decision.kind === "withdrawn") return `已撤回（${formatDateZh(decision.on)}）`;
  const named = ["决定书文号", "被处罚人", "案由"];
  return decision.lines
    .filter(({ label }) => named.includes(label))
    .map((line) => line.text)
    .join(" · ");
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noarchive"><title>${text(title)}</title>
<style>
body{margin:0;background:#f4f5f7;color:#1b1b1b;font:16px/1.8 "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{background:#fff;max-width:860px;margin:32px auto;padding:40px 48px;border:1px solid #ddd}
h1{font-size:24px;margin:0 0 24px}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #ccc;padding:8px 12px;text-align:left;vertical-align:top}th{width:8em;background:#fafafa;font-weight:600}
@media(max-width:760px){main{margin:0;padding:24px 18px}}
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
