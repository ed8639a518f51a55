import type { DocumentDraft } from "../documents/document-codes.ts";
import type { Refusal, Refused } from "../refusal.ts";
import type { Actor } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";
import type { CaseState } from "./case-states.ts";
import type { StepFacts } from "./step-facts.ts";
import type { StepName, StepOf } from "./step-input.ts";

/** One step about to be taken: the file as it is, what is asked, by whom, in what world. */
export interface StepContext<out Name extends StepName = StepName> {
  readonly file: CaseFile;
  readonly step: StepOf<Name>;
  readonly actor: Actor;
  readonly facts: StepFacts;
}

/** Null when it holds. Reads the file and the facts, never changes them. */
export type Guard = (context: StepContext) => Refusal | null;

/** What a step does to the file once every guard held. */
export interface StepEffect {
  readonly changes: Partial<Omit<CaseFile, "state" | "documents">>;
  /** Only where the table leaves a choice. */
  readonly state?: CaseState;
  readonly documents?: readonly DocumentDraft[];
  /** For the timeline, in the words of whoever acts. */
  readonly why?: string;
}

/** May still refuse what only it can see: an unknown id, a second answer to the same question. */
export type Effect<Name extends StepName> = (context: StepContext<Name>) => StepEffect | Refused;

export type Effects<Names extends StepName> = { readonly [Name in Names]: Effect<Name> };
