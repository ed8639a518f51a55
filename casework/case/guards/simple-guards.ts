import { formatYuan } from "../../money.ts";
import { isFilled } from "../../refusal.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { simpleMaxFine } from "../simple-limits.ts";

/** The simplified procedure (当场处罚, 行政处罚法 51–52, 44–45). */
export const simpleGuards = {
  simple_amount: ({ file, step, facts }) => {
    if (step.step !== "decide_on_the_spot") return null;
    const { kinds, fineFen } = step.penalty;
    const limit = simpleMaxFine(file.party, facts.parameters);
    const simple = kinds.length > 0 && kinds.every((kind) => kind === "warning" || kind === "fine");
    if (simple && fineFen <= limit && kinds.includes("fine") === fineFen > 0) return null;
    return {
      code: "simple.penalty_too_heavy",
      article: "xzcf:51",
      messageZh: `当场处罚限于警告或者${formatYuan(limit)}元以下罚款，请改用普通程序。`,
      messageEn: `On the spot there can only be a warning or a fine up to ${formatYuan(limit)} yuan; use the ordinary procedure.`,
    };
  },

  simple_presence: ({ step, facts }) => {
    if (step.step !== "decide_on_the_spot" || step.presence === "in_person") return null;
    if (facts.parameters.get("simple.remoteEnabled")) return null;
    return {
      code: "simple.not_on_the_spot",
      article: "xzcf:52",
      messageZh: "当场处罚须在现场当面作出；窗口或视频办理未启用，请改用普通程序。",
      messageEn:
        "It has to happen on the spot; a window or a video session is not enabled. Use the ordinary procedure.",
    };
  },

  facts_told: ({ step }) => {
    if (step.step !== "decide_on_the_spot" || (step.factsTold && isFilled(step.partyHeard))) return null;
    return {
      code: "simple.facts_not_told",
      article: "xzcf:44",
      messageZh: "当场处罚前应当告知事实、理由、依据和权利，听取并记录当事人的陈述申辩（无意见的也应注明）。",
      messageEn:
        "Tell facts, reasons, basis and rights first, hear the party and record what they said, even if nothing.",
    };
  },
} as const satisfies Partial<Record<GuardName, Guard>>;
