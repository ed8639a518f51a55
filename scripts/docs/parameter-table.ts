import type { Period } from "../../casework/clocks/clock.ts";
import { formatYuan } from "../../casework/money.ts";
import { listParameters, type ParameterRow } from "../../config/parameters.ts";
import { markdownTable } from "./markdown.ts";

/** Any day on which every rule of the catalogue is in force. */
const DAY = "2026-11-26";

const units: Readonly<Record<Period["unit"], string>> = {
  WD: "个工作日",
  CD: "日",
  MO: "个月",
  YR: "年",
};

/** Every parameter as it is shipped, before anybody has confirmed anything. */
export function parameterTableMarkdown(): string {
  return markdownTable(
    ["参数 key", "含义", "默认值", "来源", "依据", "可直接使用", "说明"],
    listParameters(DAY).map((row) => [
      `\`${row.key}\``,
      row.zh,
      valueZh(row),
      row.tag,
      row.basis === null ? "" : `\`${row.basis}\``,
      row.confirmed ? "是" : "**待确认**",
      row.note ?? "",
    ]),
  );
}

function valueZh({ kind, key, value }: ParameterRow): string {
  switch (kind) {
    case "period": {
      const { count, unit } = value as Period;
      return `${count}${units[unit]}`;
    }
    case "fen":
      return `${formatYuan(Number(value))}元`;
    case "flag":
      return value === true ? "启用" : "不启用";
    case "list":
      return (value as readonly string[]).join("、") || "（空）";
    case "count":
      return `${String(value)}${key.includes("permille") ? "‰" : ""}`;
    case "text":
      return String(value);
  }
}
