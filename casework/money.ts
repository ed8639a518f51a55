/** Money in whole fen (分), never in fractions. */
export type Fen = number;

/** `123456` → `1,234.56` */
export function formatYuan(fen: Fen): string {
  const sign = fen < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(fen) / 100);
  const rest = String(Math.abs(fen) % 100).padStart(2, "0");
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}
