import { refused } from "../../refusal.ts";
import { refuseMembers } from "../discussion.ts";
import type { Effects } from "../engine.ts";
import { actorName } from "../investigators.ts";
import { refuseUnreviewed } from "../legal-review.ts";
import { backToInvestigation } from "./back-to-investigation.ts";

/** C13–C14: legal review and the leaders' discussion. What does not agree sends the case back to the investigation. */
export const reviewSteps: Effects<
  "submit_legal_review" | "conclude_legal_review" | "submit_discussion" | "conclude_discussion"
> = {
  submit_legal_review: ({ file, facts }) => ({
    changes: {
      legalReviews: [
        ...file.legalReviews,
        { submittedOn: facts.today, reviewer: null, opinion: null, note: null, on: null },
      ],
    },
  }),

  conclude_legal_review: ({ file, step, actor, facts }) => {
    const { opinion, note } = step;
    const pending = file.legalReviews.at(-1);
    if (pending === undefined || pending.opinion !== null) return refused(nothingToReview);
    const review = { ...pending, reviewer: actorName(actor), opinion, note, on: facts.today };
    const legalReviews = [...file.legalReviews.slice(0, -1), review];
    const returned = opinion === "return";
    return {
      changes: { ...(returned ? backToInvestigation(file, facts.today) : {}), legalReviews },
      state: returned ? "investigating" : "legal_review",
      documents: [{ docId: facts.newId("doc"), code: "N11", fields: { opinion, note } }],
      why: note,
    };
  },

  submit_discussion: ({ file, facts }) => {
    // From the discussion no way leads back to legal review: what has to be reviewed is reviewed first.
    const missing = refuseUnreviewed(file, facts);
    if (missing !== null) return refused(missing);
    return {
      changes: {
        discussions: [
          ...file.discussions,
          { submittedOn: facts.today, members: [], conclusion: null, note: null, on: null },
        ],
      },
    };
  },

  conclude_discussion: ({ file, step, facts }) => {
    const { members, conclusion, note } = step;
    const pending = file.discussions.at(-1);
    if (pending === undefined || pending.conclusion !== null) return refused(nothingToDiscuss);
    const fault = refuseMembers(file, members, facts);
    if (fault !== null) return refused(fault);
    const discussion = { ...pending, members: [...members], conclusion, note, on: facts.today };
    const discussions = [...file.discussions.slice(0, -1), discussion];
    const disagreed = conclusion === "disagree";
    return {
      changes: { ...(disagreed ? backToInvestigation(file, facts.today) : {}), discussions },
      state: disagreed ? "investigating" : "collective_discussion",
      documents: [{ docId: facts.newId("doc"), code: "N12", fields: { members, conclusion, note } }],
      why: note,
    };
  },
};

const nothingToReview = {
  code: "legal_review.not_submitted",
  article: "xzcf:58",
  messageZh: "没有待审核的法制审核申请，请承办人员先提请法制审核。",
  messageEn: "Nothing waits for legal review; an officer of the case submits it first.",
};

const nothingToDiscuss = {
  code: "discussion.not_submitted",
  article: "xzcf:57(2)",
  messageZh: "没有待讨论的提请，请承办人员先提请集体讨论。",
  messageEn: "Nothing waits for discussion; an officer of the case submits it first.",
};
