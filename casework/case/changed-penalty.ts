import { isInForce } from "../discretion/benchmark.ts";
import { statuteFaults } from "../discretion/check-penalty.ts";
import type { Penalty } from "../discretion/penalty.ts";
import { formatYuan } from "../money.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { actDay, refuseBasis } from "./law-in-time.ts";
import { isHeavier } from "./not-heavier.ts";
import { preconditions, subjectKind } from "./penalty-check.ts";
import { basisOf } from "./proposed-penalty.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * Why no penalty can take another one's place like this: whoever changes a decision keeps to the statute, and never makes
 * it heavier (行政处罚法 45; 行政复议法 63; 行政诉讼法 77).
 */
export function refuseChangedPenalty(
  file: CaseFile,
  penalty: Penalty,
  before: Penalty,
  facts: StepFacts,
): Refusal | null {
  const basis = basisOf(facts, penalty.basisId);
  // Below the lower end a mitigating ground may allow it; above the upper end nothing does.
  const { fineFen } = penalty;
  if (basis === undefined || !Number.isSafeInteger(fineFen) || fineFen < 0 || fineFen > basis.maxFen)
    return notPossible;
  // The preconditions of the basis that was applied have been looked at before.
  const same = penalty.basisId === before.basisId;
  const met = file.findings === null ? null : preconditions(file, file.findings, facts);
  const actOn = actDay(file);
  const inForce =
    isInForce(basis, actOn) || refuseBasis(basis, facts.matter.bases, actOn, facts.today) === null;
  const [fault] = statuteFaults({
    ...{ penalty, basis, subjectKind: subjectKind(file) },
    actOn: inForce ? basis.validFrom : actOn,
    orderNotObeyed: same || met?.orderNotObeyed === true,
    refuses: same || met?.refuses === true,
  });
  return fault ?? (isHeavier(penalty, before) ? heavier(before.fineFen) : null);
}

const notPossible: Refusal = {
  code: "change.out_of_range",
  article: "xzcf:5",
  messageZh: "变更后的处罚依据不属于本案事项，或者金额超出法定幅度，请核对。",
  messageEn: "The new penalty's basis is not of this matter, or its amount is outside the range.",
};

function heavier(fineFen: number): Refusal {
  return {
    code: "change.heavier",
    article: "xzcf:45",
    messageZh: `变更后的处罚不得重于原处罚（罚款${formatYuan(fineFen)}元），不得提高罚款、增加或者加重处罚种类，请调整。`,
    messageEn: `The penalty cannot become heavier than the one decided before (a fine of ${formatYuan(fineFen)} yuan): no higher fine, no kind added, none that is graver.`,
  };
}
