import { dueAfter } from "../../clocks/due.ts";
import { localDate } from "../../local-time.ts";
import type { Refusal } from "../../refusal.ts";
import { regionCovers } from "../../region.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { isSameAct } from "../same-act.ts";
import type { EarlierDecision } from "../step-facts.ts";

/** Whether this agency may take up this act, now and at all (C03). */
export const filingGuards = {
  agency_has_power: ({ file, facts: { agency, matter } }) => {
    const own = file.agency === agency.agency && file.violation === matter.key;
    if (own && agency.powers.includes(matter.key) && regionCovers(agency.region, file.region)) return null;
    return {
      code: "filing.no_power",
      article: "xzcf:17",
      messageZh: `${agency.zh}在该地点没有查处“${matter.zh}”的职权，请移送有权机关。`,
      messageEn: "The agency has no power over this matter at this place; transfer it to the one that has.",
    };
  },

  penalty_possible: ({ facts: { matter } }) => {
    if (matter.penaltyPossible) return null;
    return {
      code: "filing.penalty_impossible",
      article: "xzcf:4",
      messageZh: `“${matter.zh}”没有处罚依据，不得立案处罚，请劝导、派遣处置或移送。`,
      messageEn: "No law penalises this matter: persuade, send a work order or transfer it instead.",
    };
  },

  in_time: ({ file, step, facts }) => {
    const saysSo = step.step === "submit_filing" && step.seriousHarm === true;
    const key = file.act.seriousHarm || saysSo ? "limitation.serious" : "limitation.ordinary";
    const period = facts.parameters.get(key);
    // From its end when it went on; counted strictly, so that nobody is penalised for a day off.
    const { strictDue } = dueAfter(localDate(file.act.endedAt), period, facts.calendar);
    if (facts.today <= strictDue) return null;
    return {
      code: "filing.time_barred",
      article: "xzcf:36",
      messageZh: `违法行为的追究期限已于${strictDue}届满，不再给予行政处罚，请办理不予立案。`,
      messageEn: `The act could be pursued until ${strictDue}: no penalty any more. Decline the filing.`,
    };
  },

  not_fined_before: ({ file, facts }) => {
    const same = facts.earlierDecisions.filter((earlier) => isSameAct(file, earlier));
    const letOff = same.find((earlier) => earlier.letOff);
    if (letOff !== undefined) return letOffBefore(letOff);
    const fined = same.find(({ fineFen }) => fineFen > 0);
    if (fined === undefined) return null;
    return {
      code: "filing.already_fined",
      article: "xzcf:29",
      messageZh: `同一违法行为已于${fined.decidedOn}被处以罚款，不得再次罚款。`,
      messageEn: `The same act was fined on ${fined.decidedOn} already; it cannot be fined twice.`,
    };
  },

  one_act_one_case: ({ file, facts }) => {
    const other = facts.earlierDecisions.find((earlier) => isSameAct(file, earlier));
    return other === undefined ? null : alreadyDecided(other);
  },
} as const satisfies Partial<Record<GuardName, Guard>>;

function letOffBefore({ caseId, decidedOn }: EarlierDecision): Refusal {
  return {
    code: "filing.let_off_before",
    article: "xzcf:33",
    messageZh: `同一违法行为已于${decidedOn}决定不予处罚（案件${caseId}），不得再行处罚。`,
    messageEn: `Case ${caseId} let the same act off on ${decidedOn}; it cannot be penalised after that.`,
  };
}

function alreadyDecided(other: EarlierDecision): Refusal {
  return {
    code: "case.same_act_decided",
    article: "xzcf:29",
    messageZh: `案件${other.caseId}已于${other.decidedOn}对同一违法行为作出决定，一个行为只办一案，请终止本案。`,
    messageEn: `Case ${other.caseId} decided about the same act on ${other.decidedOn}; one act, one case: terminate this one.`,
  };
}
