/** A local date in Asia/Shanghai, `2026-03-10`. Legal dates are dates, not instants. */
export type LocalDate = string;

/** Working days (工作日), calendar days (自然日), months, years. */
export type ClockUnit = "WD" | "CD" | "MO" | "YR";

export interface Period {
  readonly count: number;
  readonly unit: ClockUnit;
}

/** Which days are worked. Loaded per year from the State Council's notice: a year it lacks is never guessed. */
export interface WorkCalendar {
  covers(year: number): boolean;
  /** Throws `MissingCalendarError` for a date in a year it does not cover. */
  isWorkday(date: LocalDate): boolean;
}

/**
 * Both ends of a period: agencies are warned against `strictDue` and judged late only after `legalDue`.
 * `legalDue` is null while the calendar of its year is not loaded: nobody guesses whether that day is a day off.
 */
export interface Due {
  /** Not rolled over days off. */
  readonly strictDue: LocalDate;
  /** Rolled forward to a working day (民事诉讼法 85(3), 民法典 203). */
  readonly legalDue: LocalDate | null;
}

/** A deadline needs the calendar of a year that nobody has loaded. */
export class MissingCalendarError extends Error {
  readonly year: number;

  constructor(year: number) {
    super(`there is no working-day calendar for ${year}`);
    this.year = year;
  }
}

/** What a clock of a case counts towards. */
export const clockKinds = {
  clue_verification: "线索核查",
  decision: "办案期限",
  preservation: "先行登记保存处理",
  correction: "责令改正",
  statement: "陈述申辩",
  hearing_request: "听证申请",
  service: "决定书送达",
  payment: "缴纳罚款",
  litigation: "起诉期限",
  review_forward: "复议申请转送",
  urging: "催告期限",
  court_window: "申请强制执行期限",
  court_acceptance: "法院受理",
  court_ruling: "法院裁定",
  court_objection: "向上一级法院提出异议",
  publication: "公示决定",
  publication_withdrawal: "撤回公示",
  record_withdrawal: "撤销记录",
  cash_handover: "当场收缴罚款缴付",
  archive: "归档",
} as const;

export type ClockKind = keyof typeof clockKinds;

export interface CaseClock extends Due {
  readonly kind: ClockKind;
  /** Which of several: an order's id, a document's id; the case's own clocks say `case`. */
  readonly subject: string;
  /** The day of the event: not counted itself. */
  readonly startedOn: LocalDate;
  /** The provision or parameter it comes from. */
  readonly basis: string;
  /** Whose duty: missing an agency's date is the agency's fault, a party's window simply closes. */
  readonly duty: "agency" | "party" | "court";
  readonly state: "running" | "met" | "lapsed" | "stopped";
  /** When it stopped running. */
  readonly endedOn: LocalDate | null;
}
