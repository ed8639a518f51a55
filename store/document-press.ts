import type { CaseDocument, CaseFile } from "../casework/case/case-file.ts";
import type { MatterFacts, StepFacts } from "../casework/case/step-facts.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { DocumentDraft } from "../casework/documents/document-codes.ts";

/** What a document is filled from beside the case. Whatever a step is judged by is enough. */
export interface DocumentFacts extends Pick<StepFacts, "today" | "agency" | "parameters" | "person"> {
  /** Null for a document about no matter: the review of a camera. */
  readonly matter: MatterFacts | null;
  /** Documents that belong to the case without being of its file: of its incidents, of its supervision. */
  readonly besideCase?: readonly CaseDocument[];
  /** The camera records of the case; where they are left out none of them is told from other evidence. */
  readonly record?: StepFacts["record"];
}

/** What a document is made of. */
export interface PressInput {
  readonly draft: DocumentDraft;
  /** Null for the few that belong to an incident without a case, or to a camera. */
  readonly file: CaseFile | null;
  readonly facts: DocumentFacts;
  /** `川建（城）罚决字〔2026〕第001号`; null for forms without a number. */
  readonly number: string | null;
  readonly issuedOn: LocalDate;
}

export interface PressedDocument {
  readonly title: string;
  readonly templateVersion: string;
  /** The same as structured data. */
  readonly data: object;
  readonly pdf: Buffer;
}

/**
 * Makes a document: the template filled in, and set as PDF. The same input gives the same bytes.
 * Throws `RefusedError` (`document.fields_missing`) when something it must say is not known.
 */
export type DocumentPress = (input: PressInput) => Promise<PressedDocument>;
