import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { awaitsChange } from "./decision-change.ts";
import { decisionServedOn, penaltyInForce } from "./decision-in-force.ts";
import type { CaseStep } from "./step-input.ts";

/** The decision stands in public now. */
export function isPublished({ publication }: CaseFile): boolean {
  return publication?.publish === true && publication.withdrawn === null;
}

/**
 * What stands in the way of publishing, withholding or withdrawing (行政处罚法 48). Whether a decision has social influence, and
 * whether a natural person's name belongs in public, a person decides and gives the reason.
 */
export function refusePublication(file: CaseFile, step: CaseStep): Refusal | null {
  if (step.step === "withdraw_publication") {
    if (isPublished(file)) return null;
    return {
      code: "publication.not_published",
      article: "xzcf:48(2)",
      messageZh: "该处罚决定没有公示，无需撤回。",
      messageEn: "The decision is not in public; there is nothing to withdraw.",
    };
  }
  if (step.step !== "decide_publication") return null;
  if (file.decision === null) {
    return {
      code: "publication.no_decision",
      article: "xzcf:48",
      messageZh: "尚未作出处罚决定，没有可以公示的内容。",
      messageEn: "There is no decision yet, so nothing to publish.",
    };
  }
  if (isPublished(file)) {
    return {
      code: "publication.published",
      messageZh: "该处罚决定已公示；不再公示的，请撤回公示并说明理由。",
      messageEn: "The decision is in public already; withdraw it, with the reason, if it should not be.",
    };
  }
  return step.publish ? refusePublishing(file) : null;
}

function refusePublishing(file: CaseFile): Refusal | null {
  if (penaltyInForce(file) === null) {
    return {
      code: "publication.decision_gone",
      article: "xzcf:48(2)",
      messageZh: "处罚决定已不存在，不能公示，请决定不公示。",
      messageEn: "The decision is gone and cannot be published; withhold it.",
    };
  }
  if (awaitsChange(file)) {
    return {
      code: "publication.outcome_open",
      article: "xzcf:48(2)",
      messageZh: "复议决定或者裁判要求变更、撤销处罚决定而尚未办理，不能公示，请先据此变更决定。",
      messageEn:
        "A review or a court has decided against the decision; change it accordingly before anything is published.",
    };
  }
  if (decisionServedOn(file) !== null) return null;
  return {
    code: "publication.not_served",
    article: "xzcf:48",
    messageZh: "处罚决定书尚未送达当事人，请送达后再公示。",
    messageEn: "The decision has not been served on the party; serve it, then publish.",
  };
}
