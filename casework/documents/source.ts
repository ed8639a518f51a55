import type { CaseDocument, CaseFile } from "../case/case-file.ts";
import type { AgencyFacts, MatterFacts, PersonFacts } from "../case/step-facts.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { Provision } from "../discretion/penalty.ts";
import type { Parameters } from "../parameters.ts";
import type { DocumentCode, DocumentDraft } from "./document-codes.ts";

/** Everything a document is filled from. */
export interface DocumentSource {
  readonly code: DocumentCode;
  /** As it is after the step that issues the document; null for a document about an incident or a camera. */
  readonly file: CaseFile | null;
  readonly agency: AgencyFacts;
  readonly people: (userId: string) => PersonFacts | undefined;
  readonly draft: DocumentDraft;
  /** 文号, already allocated; null for forms without one. */
  readonly number: string | null;
  readonly issuedOn: LocalDate;
  readonly matter: MatterFacts | null;
  /** Documents that belong to the case without being of its file: of its incidents, of its supervision. */
  readonly besideCase?: readonly CaseDocument[];
  /** Evidence that can carry a decision; every item that was not withdrawn where this is left out. */
  readonly evidenceIds?: readonly string[];
  readonly parameters: Parameters;
  /** A provision as people cite it: 《城市道路管理条例》第二十七条第一项. */
  readonly cite: (provision: Provision) => string;
}

/** The same with a case, which most documents have. */
export type OfCase = DocumentSource & { readonly file: CaseFile };

// What the fields folder needs of the case and of the rest: it may not reach further up itself.
export {
  type CaseEvidence,
  type CaseFile,
  caseSources,
  evidenceKinds,
  type Party,
  partyKinds,
  type ServiceRecord,
  serviceMethods,
} from "../case/case-file.ts";
export { caseStates } from "../case/case-states.ts";
export { serviceDetails } from "../case/service-methods.ts";
export type { AgencyFacts, MatterFacts, PersonFacts } from "../case/step-facts.ts";
export { formatDateZh } from "../clocks/date.ts";
export {
  type Penalty,
  type PenaltyBasis,
  penaltyKinds,
  type TierId,
} from "../discretion/penalty.ts";
export { formatZh } from "../local-time.ts";
export type { ParameterKey, Parameters } from "../parameters.ts";

/** Somebody's name; null for a person nobody knows any more, and for the system. */
export function nameOf(source: DocumentSource, userId: string | null | undefined): string | null {
  if (userId === null || userId === undefined) return null;
  return source.people(userId)?.displayName ?? null;
}

/** 违法事实不能成立 (行政处罚法 57(1)(3)): nothing may say that the party did it. */
export function isDismissed({ exit }: CaseFile): boolean {
  return exit?.kind === "dismissed";
}

/** The entry that the document is about; without one that names it, the newest. */
export function ownEntry<Entry extends { readonly docId: string }>(
  entries: readonly Entry[],
  { draft }: DocumentSource,
): Entry | undefined {
  return entries.find((entry) => entry.docId === draft.docId) ?? entries.at(-1);
}

/** Number of an issued document of the case; null for one without. */
export function numberOf(file: CaseFile, docId: string | null | undefined): string | null {
  return file.documents.find((document) => document.docId === docId)?.number ?? null;
}

/** Everything issued about the case so far, in the order of the days, without the document that is being made. */
export function documentsSoFar({ file, draft, besideCase = [] }: OfCase): CaseDocument[] {
  return [...besideCase, ...file.documents]
    .filter(({ docId }) => docId !== draft.docId)
    .sort((one, other) => (one.issuedOn < other.issuedOn ? -1 : one.issuedOn > other.issuedOn ? 1 : 0));
}
