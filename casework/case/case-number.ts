/**
 * `{regionCode}{agencySeq}-{year}-{seq}` (案号). `agencySeq` tells the agencies of one region apart, `year` is
 * the local year of filing, `seq` counts from 1 without gaps and is padded to three digits.
 */
export function formatCaseNo(parts: {
  region: string;
  agencySeq: string;
  year: number;
  seq: number;
}): string {
  return `${parts.region}${parts.agencySeq}-${parts.year}-${String(parts.seq).padStart(3, "0")}`;
}
