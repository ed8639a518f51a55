import { formatYuan } from "../../casework/money.ts";
import { bool, choice, date, group, lines, money, number, option, text } from "./case-form-parts.ts";
import type { Field } from "./form-fields.ts";
import { t } from "./i18n.ts";
import type { Parameter } from "./law-api.ts";

const units = [
  option("WD", "工作日", "working days"),
  option("CD", "日", "days"),
  option("MO", "月", "months"),
  option("YR", "年", "years"),
];

/** A value as people read it. */
export function valueText({ kind, value }: Pick<Parameter, "kind" | "value">): string {
  if (value === null || value === undefined) return t.value.none;
  switch (kind) {
    case "period":
      return String((value as { count: number }).count);
    case "fen":
      return `¥${formatYuan(value as number)}`;
    case "flag":
      return value === true ? t.value.yes : t.value.no;
    case "list":
      return (value as string[]).join("、") || t.value.none;
    case "count":
    case "text":
      return String(value);
  }
}

/** The unit beside it; empty where there is none. */
export function unitOf({ kind, value }: Pick<Parameter, "kind" | "value">): string {
  if (kind !== "period" || value === null || value === undefined) return "";
  return t.value[(value as { unit: "WD" | "CD" | "MO" | "YR" }).unit];
}

/** What confirming a parameter asks for. It begins with the value that is in force. */
export function settingForm({ kind, value }: Pick<Parameter, "kind" | "value">): readonly Field[] {
  const initial = () => value ?? undefined;
  const named = ["value", "确认的值", "Confirmed value"] as const;
  const valueField: Record<Parameter["kind"], Field> = {
    period: group(...named, [number("count", "数量", "Count"), choice("unit", "单位", "Unit", units)], {
      initial,
    }),
    fen: money("value", "确认的值（元）", "Confirmed value (yuan)", { initial }),
    flag: bool(...named, { initial }),
    count: number(...named, { initial }),
    list: lines("value", "确认的值（每行一项）", "Confirmed value, one a line", { initial, optional: true }),
    text: text(...named, { initial }),
  };
  return [
    valueField[kind],
    text("source", "依据的文件和条款", "Document and article it was confirmed from"),
    date("validFrom", "自", "From"),
    date("validTo", "至（留空为长期）", "To (empty: for good)", { optional: true }),
  ];
}
