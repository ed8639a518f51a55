import { type Refusal, refused } from "../../refusal.ts";
import type { Effects } from "../engine.ts";
import { actorName } from "../investigators.ts";

/** 回避 (行政处罚法 43): until it is decided the investigation goes on. */
export const recusalSteps: Effects<"ask_recusal" | "decide_recusal"> = {
  ask_recusal: ({ file, step, facts }) => {
    const { personId, reason } = step;
    if (facts.person(personId) === undefined) return refused(personUnknown);
    if (file.recusals.some((recusal) => recusal.personId === personId && recusal.decision === null))
      return refused(askedAlready);
    const recusal = {
      recusalId: facts.newId("recusal"),
      personId,
      reason,
      askedOn: facts.today,
      decision: null,
    };
    return { changes: { recusals: [...file.recusals, recusal] }, why: reason };
  },

  decide_recusal: ({ file, step, actor, facts }) => {
    const asked = file.recusals.find(({ recusalId }) => recusalId === step.recusalId);
    if (asked === undefined || asked.decision !== null) return refused(nothingAsked);
    const by = actorName(actor);
    if (asked.personId === by) return refused(ownRecusal);
    const decision = { granted: step.granted, by, on: facts.today };
    return {
      changes: { recusals: file.recusals.map((one) => (one === asked ? { ...one, decision } : one)) },
      why: step.granted ? "准予回避" : "驳回回避申请",
    };
  },
};

const personUnknown: Refusal = {
  code: "recusal.person_unknown",
  messageZh: "没有该人员，请从本案办理人员中选择申请回避的对象。",
  messageEn: "Nobody of that name; choose one of the people who deal with this case.",
};

const askedAlready: Refusal = {
  code: "recusal.asked_already",
  messageZh: "已申请该人员回避，正在等待行政机关负责人决定。",
  messageEn: "This person's recusal has been asked for and waits for the agency leader.",
};

const nothingAsked: Refusal = {
  code: "recusal.nothing_to_decide",
  messageZh: "没有待决定的回避申请，或者该申请已决定。",
  messageEn: "There is no such request, or it was decided already.",
};

const ownRecusal: Refusal = {
  code: "recusal.own",
  article: "xzcf:43(3)",
  messageZh: "不得决定本人的回避，请由其他负责人决定。",
  messageEn: "Nobody decides about their own recusal; another leader does.",
};
