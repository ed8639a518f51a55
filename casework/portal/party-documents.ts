import type { CaseFile } from "../case/case-file.ts";
import { servedOn } from "../case/decision-in-force.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { DocumentCode } from "../documents/document-codes.ts";

/** Documents addressed to the party. Forms, proofs of service, letters to courts and other authorities are not. */
const TO_THE_PARTY: readonly DocumentCode[] = [
  "D02",
  "D03",
  "D04",
  "D05",
  "D06",
  "D07",
  "D08",
  "D09",
  "D11",
  "D12",
  "D13",
  "D14",
  "D16",
  "D17",
  "N24",
];

export interface PartyDocument {
  readonly docId: string;
  readonly code: DocumentCode;
  readonly number: string | null;
  readonly servedOn: LocalDate;
}

/** What was served on the party, oldest first: nothing else of the file is theirs to read here. */
export function partyDocuments(file: CaseFile): PartyDocument[] {
  return file.documents.flatMap(({ docId, code, number }) => {
    const on = TO_THE_PARTY.includes(code) ? servedOn(file, docId) : null;
    return on === null ? [] : [{ docId, code, number, servedOn: on }];
  });
}
