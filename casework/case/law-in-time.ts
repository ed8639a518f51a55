import type { LocalDate } from "../clocks/clock.ts";
import { basisUnverified } from "../discretion/basis-refusals.ts";
import { isInForce } from "../discretion/benchmark.ts";
import type { PenaltyBasis } from "../discretion/penalty.ts";
import { localDate } from "../local-time.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";

/** The day whose law counts: of the act, or of its end if it went on (行政处罚法 37). */
export function actDay(file: CaseFile): LocalDate {
  return localDate(file.act.endedAt);
}

/**
 * Whether a penalty can rest on this basis (行政处罚法 37, 38): somebody has checked its text, and it is the law of the day of
 * the act; where that law has ended since, the law of today in its place if that is lighter. `all`: every basis of the
 * matter that was in force on the day of the act or is today.
 */
export function refuseBasis(
  basis: PenaltyBasis,
  all: readonly PenaltyBasis[],
  actOn: LocalDate,
  today: LocalDate,
): Refusal | null {
  if (basis.verifiedOn === null) return basisUnverified;
  if (isInForce(basis, actOn)) {
    if (isInForce(basis, today)) return null;
    const successors = all.filter((other) => isNewer(other, actOn, today) && sameSubject(other, basis));
    if (successors.length === 0) return lawEnded;
    return successors.some((other) => isLighter(other, basis)) ? lighterLaw : null;
  }
  const replaced = all.filter(
    (other) => isInForce(other, actOn) && !isInForce(other, today) && sameSubject(other, basis),
  );
  const lighter = isInForce(basis, today) && replaced.some((other) => isLighter(basis, other));
  return lighter ? null : notInForce;
}

function isNewer(basis: PenaltyBasis, actOn: LocalDate, today: LocalDate): boolean {
  return basis.validFrom > actOn && isInForce(basis, today);
}

function sameSubject(a: PenaltyBasis, b: PenaltyBasis): boolean {
  return a.subjectKind === "any" || b.subjectKind === "any" || a.subjectKind === b.subjectKind;
}

function isLighter(a: PenaltyBasis, than: PenaltyBasis): boolean {
  return a.maxFen < than.maxFen || (a.maxFen === than.maxFen && a.minFen < than.minFen);
}

const notInForce: Refusal = {
  code: "law.not_in_force",
  article: "xzcf:37",
  messageZh: "违法行为发生之日该处罚依据并未施行，请选用当时有效的依据。",
  messageEn: "The basis was not in force on the day of the act; choose one that was.",
};

const lighterLaw: Refusal = {
  code: "law.lighter_now",
  article: "xzcf:37",
  messageZh: "违法行为发生时的规定已经修改，新的规定处罚较轻，应当适用新的规定，请按新的依据重新裁量。",
  messageEn:
    "The law has changed since the act and is lighter now: the new law applies; weigh the penalty again by it.",
};

const lawEnded: Refusal = {
  code: "law.ended",
  article: "xzcf:37",
  messageZh: "该处罚依据已经失效且没有载入新的规定，新的规定可能处罚较轻或者不再认为违法，请先核对并载入。",
  messageEn:
    "This basis has ended and nothing in its place is loaded; the new law may be lighter or forbid nothing. Check and load it first.",
};
