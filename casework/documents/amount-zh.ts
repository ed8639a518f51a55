import type { Fen } from "../money.ts";
import { formatYuan } from "../money.ts";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];
/** 仟万亿 and above is no fine. */
const MAX_FEN = 10 ** 15;

/**
 * Money in capital figures as receipts and decisions write it: `200000` → `人民币贰仟元整`. Whole fen, not negative;
 * throws `RangeError` otherwise.
 */
export function formatYuanZh(fen: Fen): string {
  if (!Number.isSafeInteger(fen) || fen < 0 || fen >= MAX_FEN)
    throw new RangeError(`not an amount in fen: ${fen}`);
  const yuan = Math.floor(fen / 100);
  const jiao = Math.floor(fen / 10) % 10;
  const cent = fen % 10;
  const whole = yuan === 0 ? "" : `${wholeZh(yuan)}元`;
  if (jiao === 0 && cent === 0) return `人民币${whole === "" ? "零元" : whole}整`;
  // 角 and 分: a 零 stands for a missing 角 between 元 and 分; 整 only where nothing follows 角.
  const jiaoZh = jiao > 0 ? `${DIGITS[jiao]}角` : whole === "" ? "" : "零";
  const centZh = cent > 0 ? `${DIGITS[cent]}分` : "整";
  return `人民币${whole}${jiaoZh}${centZh}`;
}

/** Both ways to write it: `人民币贰仟元整（¥2,000.00）`. */
export function amountZh(fen: Fen): string {
  return `${formatYuanZh(fen)}（¥${formatYuan(fen)}）`;
}

function wholeZh(yuan: number): string {
  const groups: number[] = [];
  for (let rest = yuan; rest > 0; rest = Math.floor(rest / 10_000)) groups.push(rest % 10_000);
  let text = "";
  let gap = false;
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const group = groups[index] ?? 0;
    if (group === 0) {
      gap = text !== "";
      continue;
    }
    if (text !== "" && (gap || group < 1_000)) text += DIGITS[0];
    text += groupZh(group) + (GROUPS[index] ?? "");
    gap = false;
  }
  return text;
}

/** Up to four figures: `1005` → 壹仟零伍 */
function groupZh(group: number): string {
  let text = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit === 0) {
      gap = text !== "";
      continue;
    }
    if (gap) text += DIGITS[0];
    text += `${DIGITS[digit]}${PLACES[place]}`;
    gap = false;
  }
  return text;
}
