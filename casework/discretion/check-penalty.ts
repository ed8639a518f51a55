import type { LocalDate } from "../clocks/clock.ts";
import type { Refusal } from "../refusal.ts";
import { basisUnverified } from "./basis-refusals.ts";
import { isInForce } from "./benchmark.ts";
import { amountFaults } from "./check-amount.ts";
import type { Computation, Penalty, PenaltyBasis } from "./penalty.ts";
import { penaltyKinds } from "./penalty.ts";

/** A penalty with what its basis asks for. */
export interface PenaltyOnBasis {
  readonly penalty: Penalty;
  readonly basis: PenaltyBasis;
  readonly subjectKind: "person" | "unit";
  /** The day of the act, or of its end if it went on. */
  readonly actOn: LocalDate;
  /** A served order's date passed without correction. */
  readonly orderNotObeyed: boolean;
  /** The party refused, or was not there, and it obstructs. */
  readonly refuses: boolean;
}

export interface PenaltyToCheck extends PenaltyOnBasis {
  readonly computation: Computation;
}

/** Everything that is wrong with a penalty, by statute first and by benchmark then; empty: nothing (SD01, SD02). */
export function penaltyFaults(check: PenaltyToCheck): Refusal[] {
  const { penalty, basis, computation } = check;
  if (penalty.basisId !== basis.id || computation.basisId !== basis.id) return [wrongBasis];
  return [...statuteFaults(check), ...amountFaults(penalty, basis, computation)];
}

/** What is wrong with it but for the amount: whether the basis can be applied, and what kinds it provides for. */
export function statuteFaults(check: PenaltyOnBasis): Refusal[] {
  return [...basisFaults(check), ...kindFaults(check.penalty, check.basis)];
}

function basisFaults({ basis, subjectKind, actOn, orderNotObeyed, refuses }: PenaltyOnBasis): Refusal[] {
  const faults: Refusal[] = [];
  if (basis.verifiedOn === null) faults.push(basisUnverified);
  if (!isInForce(basis, actOn)) faults.push(notInForce);
  if (basis.subjectKind !== "any" && basis.subjectKind !== subjectKind) faults.push(wrongSubject);
  if (basis.precondition === "order_not_obeyed" && !orderNotObeyed) faults.push(orderFirst);
  if (basis.precondition === "refuses" && !refuses) faults.push(refusalFirst);
  return faults;
}

function kindFaults({ kinds, fineFen, confiscation }: Penalty, basis: PenaltyBasis): Refusal[] {
  const faults: Refusal[] = [];
  const foreign = kinds.filter((kind) => !basis.kinds.includes(kind));
  if (foreign.length > 0) faults.push(kindNotAllowed(foreign.map((kind) => penaltyKinds[kind]).join("、")));
  const fits =
    kinds.length > 0 &&
    kinds.includes("fine") === fineFen > 0 &&
    kinds.includes("confiscation") === (confiscation !== null);
  if (!fits) faults.push(kindsUnfit);
  return faults;
}

const wrongBasis: Refusal = {
  code: "penalty.wrong_basis",
  article: "xzcf:34",
  messageZh: "处罚所引依据与裁量所用依据不一致，请按裁量所用依据提出处罚，或者重新裁量。",
  messageEn:
    "The penalty names another basis than the one it was weighed by; use that one or weigh it again.",
};

const notInForce: Refusal = {
  code: "penalty.basis_not_in_force",
  article: "xzcf:37",
  messageZh: "违法行为发生之日该处罚依据并未施行，请选用当时有效的依据。",
  messageEn: "The basis was not in force on the day of the act; choose one that was.",
};

const wrongSubject: Refusal = {
  code: "penalty.wrong_subject",
  article: "xzcf:5",
  messageZh: "该处罚依据不适用于此类当事人，请选用适用于个人或者单位的对应依据。",
  messageEn: "The basis is not for this kind of party; choose the one for persons or for units.",
};

const orderFirst: Refusal = {
  code: "penalty.order_first",
  article: "xzcf:28",
  messageZh: "该依据只处罚逾期不改正的行为：请先送达责令改正通知书，期满复查仍未改正的方可处罚。",
  messageEn:
    "This basis punishes only who does not obey an order: serve the order and re-check after its date first.",
};

const refusalFirst: Refusal = {
  code: "penalty.refusal_first",
  article: "xzcf:5",
  messageZh: "该依据只处罚当事人不在现场或者拒绝改正并妨碍通行的情形：请先当场提出改正要求并记录情况。",
  messageEn:
    "This basis punishes only who is absent or refuses while it obstructs: ask for correction on the spot and record it.",
};

function kindNotAllowed(kinds: string): Refusal {
  return {
    code: "penalty.kind_not_allowed",
    article: "xzcf:9",
    messageZh: `该处罚依据没有规定${kinds}，请选用依据所列的处罚种类。`,
    messageEn: `The basis does not provide for this kind of penalty (${kinds}); choose one that it lists.`,
  };
}

const kindsUnfit: Refusal = {
  code: "penalty.kinds_unfit",
  article: "xzcf:9",
  messageZh: "处罚种类与内容不符：罚款须有数额，没收须写明财物，没有该种处罚的不得填写。",
  messageEn:
    "Kinds and content do not fit: a fine has an amount, a confiscation says of what, and the other way round.",
};
