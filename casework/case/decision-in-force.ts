import type { LocalDate } from "../clocks/clock.ts";
import type { Penalty } from "../discretion/penalty.ts";
import type { CaseFile, DecisionChange } from "./case-file.ts";

/** The penalty as it stands after every change; null without a decision, or once it is gone altogether. */
export function penaltyInForce(file: CaseFile): Penalty | null {
  const change = file.changes.at(-1);
  return change === undefined ? (file.decision?.penalty ?? null) : change.penalty;
}

/** The decision, or the agency's own last change of it, or D08: what the party was told and can challenge. */
export function decisionDocId(file: CaseFile): string | null {
  return lastOwnChange(file)?.docId ?? file.decision?.docId ?? exemptionDocId(file) ?? null;
}

/** When the decision in force reached the party; null before that. */
export function decisionServedOn(file: CaseFile): LocalDate | null {
  const docId = decisionDocId(file);
  return docId === null ? null : servedOn(file, docId);
}

/** When any version of the decision first reached the party; null before that. */
export function firstServedOn(file: CaseFile): LocalDate | null {
  const docIds = [file.decision?.docId, exemptionDocId(file), ...file.changes.map((change) => change.docId)];
  const dates = docIds.flatMap((docId) => (docId === undefined ? [] : (servedOn(file, docId) ?? [])));
  return dates.sort()[0] ?? null;
}

/** The legal date of service of a document; null while it has not been served. */
export function servedOn(file: CaseFile, docId: string): LocalDate | null {
  const served = file.services.find((service) => service.docId === docId && service.servedOn !== null);
  return served?.servedOn ?? null;
}

/** 不予行政处罚决定书 (D08). */
function exemptionDocId({ documents }: CaseFile): string | undefined {
  return documents.find(({ code }) => code === "D08")?.docId;
}

function lastOwnChange(file: CaseFile): DecisionChange | undefined {
  return file.changes.findLast((change) => change.by === "agency");
}
