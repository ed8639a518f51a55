import type { LocalDate } from "../clocks/clock.ts";
import type { CaseFile, DecisionChange } from "./case-file.ts";
import { asksForChange } from "./remedies.ts";

/** A review or a suit with what became of it. */
export interface RemedyOutcome {
  readonly by: "review_body" | "court";
  readonly filedOn: LocalDate;
  /** Null, as `kind`, while it runs. */
  readonly endedOn: LocalDate | null;
  readonly kind: string | null;
  /** The decision cannot stay as it was. */
  readonly asks: boolean;
  /** The change that carried it out; null while there is none. */
  readonly change: DecisionChange | null;
}

/** Every review, then every suit, oldest first. The n-th change by somebody carries out their n-th outcome that asks for one. */
export function remedyOutcomes(file: CaseFile): readonly RemedyOutcome[] {
  const reviews = file.reviews.map(({ filedOn, outcome }) => ({
    filedOn,
    endedOn: outcome?.receivedOn ?? null,
    kind: outcome?.kind ?? null,
  }));
  const suits = file.litigations.map(({ filedOn, outcome }) => ({
    filedOn,
    endedOn: outcome?.on ?? null,
    kind: outcome?.kind ?? null,
  }));
  return [...withChanges(file, "review_body", reviews), ...withChanges(file, "court", suits)];
}

function withChanges(
  file: CaseFile,
  by: RemedyOutcome["by"],
  remedies: readonly Pick<RemedyOutcome, "filedOn" | "endedOn" | "kind">[],
): RemedyOutcome[] {
  const changes = file.changes.filter((change) => change.by === by);
  return remedies.map((remedy) => {
    const asks = remedy.kind !== null && asksForChange(remedy.kind);
    return { ...remedy, by, asks, change: (asks ? changes.shift() : undefined) ?? null };
  });
}
