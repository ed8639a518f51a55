import { type Penalty, penaltyKinds } from "../discretion/penalty.ts";
import type { Notice } from "./case-file.ts";
import type { Guard, StepContext } from "./engine.ts";
import { proposedPenalty } from "./proposed-penalty.ts";

/**
 * 行政处罚法 45(2): whoever states and defends is not punished harder for it. A decision never goes above its notice; a new
 * notice goes above one that was served only for new evidence that does not come from the party.
 */
export const refuseHeavier: Guard = (context) => {
  const { file, step } = context;
  const penalty = proposedPenalty(context);
  if (penalty === null) return null;
  if (step.step === "issue_notice") {
    const before = file.formerNotices.findLast(({ servedOn }) => servedOn !== null);
    if (before === undefined || !isHeavier(penalty, before.proposal)) return null;
    return hasNewEvidence(context, before) ? null : heavier("notice.heavier_than_before", "补充新的证据");
  }
  const { notice } = file;
  if (notice === null || !isHeavier(penalty, notice.proposal)) return null;
  return heavier("penalty.heavier_than_noticed", "补充调查、取得新的证据后重新告知");
};

/** A larger fine, one more kind, a graver kind, or something taken that was not. */
export function isHeavier(penalty: Penalty, than: Penalty): boolean {
  return (
    penalty.fineFen > than.fineFen ||
    penalty.kinds.length > than.kinds.length ||
    gravest(penalty) > gravest(than) ||
    (penalty.confiscation !== null && penalty.confiscation !== than.confiscation)
  );
}

/** Kinds stand in the order of their weight (行政处罚法 9). */
const BY_WEIGHT = Object.keys(penaltyKinds);

function gravest({ kinds }: Penalty): number {
  return Math.max(-1, ...kinds.map((kind) => BY_WEIGHT.indexOf(kind)));
}

function hasNewEvidence({ file }: StepContext, before: Notice): boolean {
  return file.evidence.some(
    ({ from, addedOn, withdrawn }) => withdrawn === null && from !== "party" && addedOn > before.issuedOn,
  );
}

function heavier(code: string, wayZh: string) {
  return {
    code,
    article: "xzcf:45(2)",
    messageZh: `不得因当事人陈述申辩而给予更重的处罚：拟作出的处罚重于已告知的处罚，请不高于告知内容，或者${wayZh}。`,
    messageEn:
      "No penalty is made heavier because the party defended itself: stay within what was noticed. More needs new evidence that does not come from the party, and a new notice.",
  };
}
