import type { CaseClock } from "../../clocks/clock.ts";
import { startClock } from "../../clocks/due.ts";
import { explainZh } from "../../discretion/explain.ts";
import { formatYuan } from "../../money.ts";
import { isFilled, type Refusal, refused } from "../../refusal.ts";
import type { CaseFile } from "../case-file.ts";
import { computeForCase } from "../compute-for-case.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import { actorName } from "../investigators.ts";
import { remedyClocks } from "../remedy-clocks.ts";
import { simpleMaxFine } from "../simple-limits.ts";
import type { StepFacts } from "../step-facts.ts";
import type { StepOf } from "../step-input.ts";

/** A.3: decided, handed over and, for a warning, done in one go (行政处罚法 51–53, 68–71). */
export const onTheSpotSteps: Effects<"decide_on_the_spot"> = {
  decide_on_the_spot: ({ file, step, actor, facts }) => {
    const { penalty, findings } = step;
    const result = computeForCase(file, findings, facts, simpleMaxFine(file.party, facts.parameters));
    if (!result.ok) return result;
    const noCash = refuseCash(step, facts);
    if (noCash !== null) return refused(noCash);
    const { computation } = result;
    const docId = facts.newId("doc");
    const decided: CaseFile = {
      ...file,
      procedure: "simplified",
      findings,
      computation,
      decision: {
        docId,
        on: facts.today,
        penalty,
        by: actorName(actor),
        reasons: explainZh(computation),
        surchargeAnnounced: true,
        simplified: true,
      },
      services: [
        ...file.services,
        {
          serviceId: facts.newId("service"),
          docId,
          code: "D03",
          method: "direct",
          attemptedOn: facts.today,
          outcome: "served",
          servedOn: facts.today,
          officers: file.handlers,
          details: { receiver: file.party?.name ?? "", signed: step.signed, presence: step.presence },
        },
      ],
      payment: penalty.fineFen > 0 ? { code: facts.newId("pay"), receipts: [], deferral: null } : null,
      clocks: clocksOf(file, step, facts),
    };
    const { procedure, decision, services, payment } = decided;
    const { factsTold, partyHeard, certificateShown, presence, signed, collectedOnSpot } = step;
    const collectionReason = step.collectionReason ?? null;
    return {
      changes: {
        ...{ procedure, findings, computation, decision, services, payment },
        clocks: remedyClocks(decided, facts),
      },
      state: penalty.fineFen > 0 ? "performing" : "performed",
      documents: [
        {
          docId,
          code: "D03",
          fields: {
            ...{ penalty, factsTold, partyHeard, certificateShown, presence, signed, collectedOnSpot },
            collectionReason,
            surchargeAnnounced: true,
          },
        },
      ],
      why: partyHeard,
    };
  },
};

/**
 * Paid on the spot, the party has nothing left to do and the officers hand the money in; the bank's receipt then settles it.
 * Otherwise the time to pay runs.
 */
function clocksOf(file: CaseFile, step: StepOf<"decide_on_the_spot">, facts: StepFacts): CaseClock[] {
  const { today, calendar, parameters } = facts;
  const begun = { subject: "case", startedOn: today } as const;
  const publication = startClock(
    {
      ...{ ...begun, kind: "publication", basis: "xzcf:48", duty: "agency" },
      period: parameters.get("publication.decide"),
    },
    calendar,
  );
  const clocks = [...endClocks(file.clocks, ["clue_verification"], "met", today), publication];
  if (step.penalty.fineFen === 0) return clocks;
  const settling =
    step.collectedOnSpot === "no"
      ? startClock(
          {
            ...{ ...begun, kind: "payment", basis: "xzcf:67(3)", duty: "party" },
            period: parameters.get("payment.period"),
          },
          calendar,
        )
      : startClock(
          {
            ...{ ...begun, kind: "cash_handover", basis: "xzcf:71", duty: "agency" },
            period: parameters.get("cash.handover"),
          },
          calendar,
        );
  return [...clocks, settling];
}

/** Taking money on the spot is the exception (行政处罚法 68, 69). */
function refuseCash(
  { penalty, collectedOnSpot, collectionReason }: StepOf<"decide_on_the_spot">,
  facts: StepFacts,
): Refusal | null {
  if (collectedOnSpot === "no") return null;
  if (penalty.fineFen === 0) {
    return {
      code: "simple.nothing_to_collect",
      article: "xzcf:68",
      messageZh: "本决定没有罚款，不得当场收取款项。",
      messageEn: "There is no fine, so nothing can be collected.",
    };
  }
  if (collectedOnSpot !== "small_fine" && !isFilled(collectionReason)) return reasonMissing;
  const limit = facts.parameters.get("cash.maxFine");
  if (collectedOnSpot !== "small_fine" || penalty.fineFen <= limit) return null;
  return {
    code: "simple.cash_above_limit",
    article: "xzcf:68(1)",
    messageZh: `罚款超过${formatYuan(limit)}元，不能以小额罚款为由当场收缴，请由当事人到银行或者电子支付系统缴纳。`,
    messageEn: `The fine is above ${formatYuan(limit)} yuan: it cannot be collected as a small one; the party pays through the bank.`,
  };
}

const reasonMissing: Refusal = {
  code: "simple.collection_reason_required",
  article: "xzcf:68(2)",
  messageZh: "以事后难以执行或者边远地区为由当场收缴的，请写明具体情况（边远地区的，写明当事人的请求）。",
  messageEn:
    "Say why it would be hard to collect later, or, in a remote area, that the party asked to pay on the spot.",
};
