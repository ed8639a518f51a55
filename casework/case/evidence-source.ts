import type { EvidenceKind, EvidenceSource } from "./case-file.ts";

/** What the party said itself, in its defence or when asked, whoever wrote it down. */
const SAID_BY_PARTY: readonly EvidenceKind[] = ["party_statement", "interview_record"];

/** Whom evidence comes from: as it was said when it came in, unless its kind leaves no choice. */
export function evidenceSource(kind: EvidenceKind, said: EvidenceSource = "agency"): EvidenceSource {
  return SAID_BY_PARTY.includes(kind) ? "party" : said;
}
