/**
 * 文号: `{agencyPrefix}{字}字〔{year}〕第{seq}号`, e.g. `川建（城）罚决字〔2026〕第001号`. `seq` counts from 1 per agency, 字 and
 * year without gaps; `zeroPadding` is its least number of figures (1: none, as official letters have it).
 */
export function formatDocumentNumber(parts: {
  readonly agencyPrefix: string;
  readonly mark: string;
  readonly year: number;
  readonly seq: number;
  readonly zeroPadding: number;
}): string {
  const { agencyPrefix, mark, year, seq, zeroPadding } = parts;
  if (!Number.isInteger(seq) || seq < 1) throw new RangeError(`not a sequence number: ${seq}`);
  return `${agencyPrefix}${mark}字〔${year}〕第${String(seq).padStart(zeroPadding, "0")}号`;
}
