import { formatDateZh } from "../../clocks/date.ts";
import { runningClock } from "../../clocks/due.ts";
import { refuseChange } from "../decision-change.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { firstOf } from "../handling.ts";
import { legalEnd } from "../legal-end.ts";
import { openMatters } from "../open-matters.ts";
import { refusePublication } from "../publication.ts";
import { isRemedyStep, refuseRemedy } from "../remedies.ts";
import { remedyWindowEnd } from "../remedy-window.ts";

/** Remedies, change, publication, and what has to be settled before a case is closed and archived. */
export const closingGuards = {
  remedy_open: ({ file, step }) => (isRemedyStep(step) ? refuseRemedy(file, step) : null),

  decision_changeable: ({ file, step, facts }) =>
    step.step === "change_decision" ? refuseChange(file, step, facts) : null,

  publication_open: ({ file, step }) => refusePublication(file, step),

  publication_settled: ({ file }) => {
    if (file.decision === null) return null;
    const { publication } = file;
    if (publication === null) {
      return {
        code: "publication.undecided",
        article: "xzcf:48",
        messageZh: "尚未决定处罚决定是否公示，请公示信息发布员先作出公示或者不公示的决定并说明理由。",
        messageEn: "Nobody has decided about publication; publish or withhold, with the reason, first.",
      };
    }
    const changedSince =
      runningClock(file.clocks, "publication_withdrawal") !== undefined ||
      file.changes.some((change) => change.on > publication.on);
    if (!publication.publish || publication.withdrawn !== null || !changedSince) return null;
    return {
      code: "publication.not_withdrawn",
      article: "xzcf:48(2)",
      messageZh: "处罚决定已被变更、撤销、确认违法或者确认无效，原公示信息须先撤回并公开说明理由。",
      messageEn:
        "The decision was changed after its publication; withdraw the published text and explain why first.",
    };
  },

  nothing_open: ({ file, facts }) => firstOf(...openMatters(file, facts)),

  remedies_over: ({ file, facts }) => {
    const end = remedyWindowEnd(file, facts, (due) => legalEnd(due, facts.calendar));
    if (end === null || facts.today > end) return null;
    return {
      code: "archive.remedies_open",
      article: "xzss:46",
      messageZh: `当事人申请行政复议、提起行政诉讼的期限至${formatDateZh(end)}届满，期满后才能归档。`,
      messageEn: `The party can apply for review or sue until ${end}; archive the case after that day.`,
    };
  },

  files_verified: ({ facts: { filesVerified } }) => {
    if (filesVerified === true) return null;
    if (filesVerified === null) {
      return {
        code: "archive.files_unverified",
        messageZh: "尚未核验案卷文件的完整性，请先核验再归档。",
        messageEn: "Nobody has verified the files of the case; verify them, then archive.",
      };
    }
    return {
      code: "archive.files_broken",
      messageZh: "案卷文件与登记的校验值不一致，不能归档，请查明原因并报告。",
      messageEn: "Files of the case differ from their recorded hashes; find out why and report it.",
    };
  },
} as const satisfies Partial<Record<GuardName, Guard>>;
