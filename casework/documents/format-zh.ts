import type { ClockUnit, Period } from "../clocks/clock.ts";
import { formatDateZh, isLocalDate } from "../clocks/date.ts";
import { amountZh } from "./amount-zh.ts";
import type { FieldKind, FieldValue } from "./template.ts";

const DIGITS = "〇一二三四五六七八九";
const PLACES = ["", "十", "百", "千"];

/** `15` → 十五, `105` → 一百零五. Whole numbers from 0 to 9999; others stay in figures. */
export function numberZh(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > 9_999) return String(number);
  if (number === 0) return "零";
  let text = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit === 0) {
      gap = text !== "";
      continue;
    }
    if (gap) text += "零";
    text += `${DIGITS[digit]}${PLACES[place]}`;
    gap = false;
  }
  return text.replace(/^一十/, "十");
}

const UNITS: Record<ClockUnit, string> = { WD: "个工作日", CD: "日", MO: "个月", YR: "年" };

/** `{count: 15, unit: "CD"}` → 十五日 */
export function periodZh(period: Period): string {
  return `${numberZh(period.count)}${UNITS[period.unit]}`;
}

/** A share per mille as laws write it: `30` → 百分之三, `5` → 千分之五. */
export function rateZh(permille: number): string {
  return permille % 10 === 0 ? `百分之${numberZh(permille / 10)}` : `千分之${numberZh(permille)}`;
}

/** A provision in the figures of laws: `第27条第1款第3项` → 第二十七条第一款第三项 */
export function provisionZh(citation: string): string {
  return citation.replaceAll(/第(\d+)([条款项])/g, (_, number: string, unit: string) => {
    return `第${numberZh(Number(number))}${unit}`;
  });
}

/** What somebody wrote, as a sentence: it ends with a full stop, and only one. */
export function sentence(text: string): string {
  const clean = cleanText(text);
  return clean === "" || /[。！？”]$/.test(clean) ? clean : `${clean.replace(/[.；，;,]$/, "")}。`;
}

/** The same inside a longer sentence: nothing closes it. */
export function phrase(text: string): string {
  return cleanText(text).replace(/[。；，.;,]+$/, "");
}

/** A field as it stands in a sentence; "" where it is not filled. */
export function fieldZh(kind: FieldKind, value: FieldValue | undefined): string {
  if (!isGiven(value)) return "";
  switch (kind) {
    case "date":
      return typeof value === "string" && isLocalDate(value) ? formatDateZh(value) : String(value);
    case "fen":
      return amountZh(Number(value));
    case "list":
      return asList(value).join("；");
    case "text":
    case "rows":
      return cleanText(String(value));
  }
}

export function asList(value: FieldValue | undefined): string[] {
  if (!isGiven(value)) return [];
  return (Array.isArray(value) ? value : [value])
    .map((text) => cleanText(String(text)))
    .filter((text) => text !== "");
}

export function asRows(value: FieldValue | undefined): string[][] {
  if (!isGiven(value) || !Array.isArray(value)) return [];
  return value.map((row: unknown) =>
    (Array.isArray(row) ? row : [row]).map((text) => cleanText(String(text))),
  );
}

/** Filled in: not null, not blank, not an empty list. */
export function isGiven(value: FieldValue | undefined): value is Exclude<FieldValue, null> {
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return cleanText(value) !== "";
  if (typeof value === "number") return Number.isFinite(value);
  return value.length > 0;
}

/**
 * Without what cannot be seen: control characters other than line ends, and marks that turn the direction of writing or
 * have no width. What somebody typed must read on paper as it does on the screen.
 */
export function cleanText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replaceAll(/[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/gu, "")
    .trim();
}
