/** A fact that moves the penalty, from the benchmark's list, with what proves it. */
export interface FoundFactor {
  readonly id: string;
  /** Evidence of the file; a fact without any does not count. */
  readonly evidenceIds: readonly string[];
}

/** What the investigation found, as far as it decides about the penalty. */
export interface DiscretionFindings {
  readonly basisId: string;
  /** On the day of the act; null for a unit or where it is not known. */
  readonly ageYears: number | null;
  /** 行政处罚法 31: could not tell or control what they did. */
  readonly incapacitated: boolean;
  /** 行政处罚法 33(2): the party has proved that there was no fault. */
  readonly faultDisproved: boolean;
  readonly firstTime: boolean;
  /** Put right in time: within the grace or the order's date. */
  readonly corrected: boolean;
  /** Was not there or would not put it right, and it obstructs: what some bases punish alone. Null: not found so. */
  readonly refused: { readonly evidenceIds: readonly string[] } | null;
  readonly harm: "none" | "slight" | "serious";
  readonly factors: readonly FoundFactor[];
  /** Where no penalty is possible though not required: why a person does not make use of it. */
  readonly exemptionDeclined: string | null;
  /** Where facts pull both ways: what a person chose, and why. */
  readonly weighing: { readonly tier: "light" | "general" | "heavy"; readonly reason: string } | null;
  /** Within the tier, or outside it with a departure; null: the benchmark's own. */
  readonly fractionPermille: number | null;
  readonly departure: string | null;
}
