import type { DocumentSource } from "../source.ts";
import type { FieldValue, FieldValues } from "../template.ts";

/** Words for what steps say in short. */
const WORDS: Record<string, Record<string, string>> = {
  signed: {
    signed: "被询问人（当事人）阅后确认无误并签名",
    refused: "当事人拒绝签名，执法人员已注明情况",
    absent: "当事人不在场，执法人员已注明情况",
  },
  collectedOnSpot: {
    no: "当事人自行缴至指定银行或者通过电子支付系统缴纳",
    small_fine: "罚款数额较小，当场收缴",
    hard_to_collect: "不当场收缴事后难以执行，当场收缴",
    remote_area: "边远、水上、交通不便地区，经当事人提出当场收缴",
  },
  presence: { in_person: "现场", at_window: "执法窗口", verified_video: "经身份核验的视频连线" },
  to: { agency: "移送有管辖权的行政机关", judicial: "移送司法机关" },
};

/** What only the step knew. Values of other shapes (a penalty, say) are none of a template's business. */
export function draftFields({ draft }: DocumentSource): FieldValues {
  return Object.fromEntries(
    Object.entries(draft.fields).map(([name, value]) => [name, draftValue(name, value)]),
  );
}

function draftValue(name: string, value: unknown): FieldValue {
  if (typeof value === "string") return WORDS[name]?.[value] ?? value;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? "是" : "否";
  if (!Array.isArray(value)) return null;
  if (value.every((item) => typeof item === "string")) return value;
  if (value.every(isRow)) return value;
  return null;
}

function isRow(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
