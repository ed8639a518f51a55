import { isFilled } from "../../refusal.ts";
import { computeForCase } from "../compute-for-case.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { simpleMaxFine } from "../simple-limits.ts";

/** How the investigation was led, and what it came to (C04–C07). */
export const investigationGuards = {
  certificate_shown: ({ step }) => {
    if ("certificateShown" in step && !step.certificateShown) {
      return {
        code: "investigation.certificate_not_shown",
        article: "xzcf:55(1)",
        messageZh: "执法人员应当主动出示执法证件，请出示并如实记录后再办理。",
        messageEn: "Officers show their certificates first; do so and record it.",
      };
    }
    if (step.step === "start_investigation" && !step.recusalAsked) {
      return {
        code: "investigation.recusal_not_asked",
        article: "xzcf:43",
        messageZh: "应当告知当事人申请回避的权利并询问是否申请，请告知并如实记录后再办理。",
        messageEn: "The party is asked whether somebody should be recused; ask and record it.",
      };
    }
    return null;
  },

  investigation_recorded: ({ step }) => {
    if (step.step !== "record_interview") return null;
    if (!step.identityChecked || !step.rightsTold) {
      return {
        code: "investigation.rights_not_told",
        article: "xzcf:55",
        messageZh: "询问前应当核实被询问人身份并告知其权利义务，请补办后再制作笔录。",
        messageEn: "Check who the person is and tell them their rights before the interview is recorded.",
      };
    }
    if (isFilled(step.person) && isFilled(step.text)) return null;
    return {
      code: "investigation.record_empty",
      article: "xzcf:55(2)",
      messageZh: "询问应当制作笔录，请填写被询问人和笔录内容。",
      messageEn: "An interview is put on record: name the person and write down what was said.",
    };
  },

  preservations_resolved: ({ file }) => {
    const open = file.preservations.filter(({ resolved }) => resolved === null).length;
    if (open === 0) return null;
    return {
      code: "preservation.unresolved",
      article: "xzcf:56",
      messageZh: `还有${open}批先行登记保存的证据未作处理，请先处理。`,
      messageEn: `${open} preserved lot(s) of evidence have not been dealt with; do that first.`,
    };
  },

  correction_ordered: ({ file }) => {
    const ordered = file.orders.some(({ servedOn }) => servedOn !== null);
    // Nothing is left to be put right where the act has stopped already.
    const stopped =
      file.findings?.corrected === true || file.orders.some(({ recheck }) => recheck?.corrected === true);
    if (ordered || stopped) return null;
    return {
      code: "order.correction_required",
      article: "xzcf:28(1)",
      messageZh: "实施行政处罚时应当责令当事人改正违法行为，请先制作并送达责令改正通知书。",
      messageEn: "Whoever is penalised is ordered to correct the violation: issue and serve the order first.",
    };
  },

  discretion_computed: ({ file, step, facts }) => {
    if (step.step !== "conclude_investigation" && step.step !== "decide_on_the_spot") return null;
    const limit =
      step.step === "decide_on_the_spot" ? simpleMaxFine(file.party, facts.parameters) : undefined;
    const result = computeForCase(file, step.findings, facts, limit);
    return result.ok ? null : result.refusal;
  },
} as const satisfies Partial<Record<GuardName, Guard>>;
