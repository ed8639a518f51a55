import type { CaseFile } from "../case/case-file.ts";
import type { CaseStep } from "../case/step-input.ts";
import type { LocalDate } from "../clocks/clock.ts";

/** The people of the story, by what they do. */
export type Who =
  | "officer"
  | "colleague"
  | "unitHead"
  | "leader"
  | "deputyLeader"
  | "legalReviewer"
  | "hearingHost"
  | "reviewer"
  | "equipmentReviewer"
  | "publicityEditor"
  | "archivist"
  /** The bank and the clocks. */
  | "system"
  | "party";

export interface Told {
  readonly caseId: string;
  readonly state: string;
  readonly documents: readonly { readonly code: string; readonly number: string | null }[];
}

/**
 * What a story is told through: the store directly, or the API over HTTP. The time is the story's own: nothing happens
 * on another day than the one it says.
 */
export interface CaseDriver {
  /** Whether the camera's records may be evidence; where they are only a clue the officers' own records carry the case. */
  readonly cameraRecords: "evidence" | "lead";
  /** From now on it is this local day, ten in the morning unless told otherwise. */
  on(date: LocalDate, time?: string): void;
  idOf(who: Exclude<Who, "system" | "party">): string;
  take(caseId: string, who: Who, step: CaseStep): Promise<Told>;
  /** Tries a step that must be refused; resolves with the refusal's code and throws when it was taken. */
  refused(caseId: string, who: Who, step: CaseStep): Promise<string>;
  file(caseId: string): Promise<CaseFile>;
  /** What the clocks' job does on that day. */
  fireClocks(): Promise<void>;
}

/** The newest document of a kind in the file. Throws when there is none. */
export function lastDocument(file: CaseFile, code: string): string {
  const found = file.documents.findLast((document) => document.code === code);
  if (found === undefined) throw new Error(`the case has no ${code}`);
  return found.docId;
}

/** Throws unless the refusal is the one the story is about. */
export function expectRefusal(actual: string, wanted: string): void {
  if (actual !== wanted) throw new Error(`refused with ${actual}, the story says ${wanted}`);
}
