import type { MatterFacts } from "./case/step-facts.ts";
import type { LocalDate, WorkCalendar } from "./clocks/clock.ts";
import type { ParameterKey, Parameters } from "./parameters.ts";

/** A parameter an agency has confirmed, with what it was confirmed from. Wins over the catalogue's while in force. */
export interface ParameterSetting {
  readonly key: ParameterKey;
  /** As the parameter's kind wants it; checked again when it is read. */
  readonly value: unknown;
  /** Where the value was found: the document and its article. */
  readonly source: string;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  readonly confirmedBy: string;
  readonly confirmedOn: LocalDate;
}

/** What the law and the agency's own rules say on a day. */
export interface LawBook {
  readonly calendar: WorkCalendar;
  parametersOn(date: LocalDate, settings: readonly ParameterSetting[]): Parameters;
  /**
   * The matter with every basis and benchmark in force on the day of the act or today (行政处罚法 37): which of them a
   * penalty may rest on is for the case to say. Throws `InvalidInputError` for a matter the catalogue lacks.
   */
  matterOn(violation: string, actDate: LocalDate, today: LocalDate): MatterFacts;
}
