import type { CaseFile } from "../case/case-file.ts";
import type {
  AgencyFacts,
  CameraRecord,
  EarlierDecision,
  MatterFacts,
  PersonFacts,
} from "../case/step-facts.ts";
import type { LocalDate, WorkCalendar } from "../clocks/clock.ts";
import type { Fen } from "../money.ts";
import type { Parameters } from "../parameters.ts";

export type Evidence = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One thing that is not as it should be. */
export interface Finding {
  readonly code: string;
  /** Which of several of this check in this case: the same finding has the same key however often the check runs. */
  readonly key: string;
  readonly zh: string;
  readonly en: string;
  /** Ids, dates and amounts it can be verified by; no personal data. */
  readonly evidence: Evidence;
}

/** A finding before its check puts the code on it. */
export type Found = Omit<Finding, "code">;

export interface Certificate {
  readonly no: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
}

/** What stands in public about the case. */
export interface Published {
  readonly text: string;
  /** Faces and plates are masked in every image; true where there is none. */
  readonly imagesMasked: boolean;
}

/** Everything beside the file that a check may ask. */
export interface SupervisionFacts {
  readonly today: LocalDate;
  readonly calendar: WorkCalendar;
  readonly parameters: Parameters;
  readonly person: (userId: string) => PersonFacts | undefined;
  /** Every certificate somebody ever had: a renewed one does not undo the one before it. */
  readonly certificates: (userId: string) => readonly Certificate[];
  readonly record: (incidentId: string) => CameraRecord | undefined;
  readonly agency: AgencyFacts;
  readonly matter: MatterFacts;
  readonly earlierDecisions: readonly EarlierDecision[];
  /** Fines of the other cases of the same matter, tier and city within twelve months. */
  readonly likeFines: readonly Fen[];
  /** Null: nothing of the decision is in public. */
  readonly published: Published | null;
  /** True also where there is none of the agency's or the province's own that could be (行政处罚法 34). */
  readonly benchmarkPublished: boolean;
  /** The camera stands in the public list (行政处罚法 41). */
  readonly cameraListed: (cameraId: string) => boolean;
}

export interface Check {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** Law registry's id and article: `xzcf:42`. */
  readonly basis: readonly string[];
  /** Reads the file and the facts alone. Empty: nothing found. */
  readonly check: (file: CaseFile, facts: SupervisionFacts) => readonly Finding[];
}

/** A row of the table. `look` recomputes from the file what should hold; it asks no guard whether a step was allowed. */
export function defineCheck(
  row: Omit<Check, "check">,
  look: (file: CaseFile, facts: SupervisionFacts) => readonly (Found | false | null)[],
): Check {
  return {
    ...row,
    check: (file, facts) =>
      look(file, facts)
        .filter((found): found is Found => found !== null && found !== false)
        .map((found) => ({ code: row.code, ...found })),
  };
}
