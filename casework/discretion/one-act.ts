import type { LocalDate } from "../clocks/clock.ts";
import { type EpochMs, localDate } from "../local-time.ts";

/** What was seen of somebody's act: who, which matter, where, from when to when. */
export interface SeenAct {
  readonly subject: string;
  readonly violation: string;
  readonly place: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
}

/** What ends one act, so that what follows is a new one. A date counts as a whole: the new act starts after it. */
export type Interruption =
  | { readonly kind: "order_due" | "decision"; readonly on: LocalDate }
  | { readonly kind: "proven_stop"; readonly at: EpochMs };

/**
 * One act, one fine (行政处罚法 29): the same subject, matter and place without an interruption between the two starts are one
 * act, however many cameras saw it and however long the gap. `interruptions`: those of this subject, matter and place.
 */
export function sameAct(a: SeenAct, b: SeenAct, interruptions: readonly Interruption[] = []): boolean {
  if (a.subject.trim() !== b.subject.trim()) return false;
  if (a.violation !== b.violation || plainPlace(a.place) !== plainPlace(b.place)) return false;
  const [first, second] = a.startedAt <= b.startedAt ? [a, b] : [b, a];
  return !interruptions.some((interruption) => liesBetween(interruption, first.startedAt, second.startedAt));
}

/** However it is written: full or half width, with or without blanks and signs. Those between two numbers tell them apart. */
function plainPlace(place: string): string {
  return place
    .normalize("NFKC")
    .replace(/(?<=\d)[\s\p{P}\p{S}]+(?=\d)/gu, "\u0000")
    .replace(/[\s\p{P}\p{S}]/gu, "")
    .toUpperCase();
}

function liesBetween(interruption: Interruption, first: EpochMs, second: EpochMs): boolean {
  if (interruption.kind === "proven_stop") return first < interruption.at && interruption.at <= second;
  return localDate(first) <= interruption.on && interruption.on < localDate(second);
}
