import { refused } from "../../refusal.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import { actorName } from "../investigators.ts";
import { withArchive } from "../remedy-clocks.ts";

type Closing =
  | "decide_publication"
  | "withdraw_publication"
  | "request_closing"
  | "endorse_closing"
  | "close"
  | "archive";

/** C26–C27 and the publication of the decision (行政处罚法 48). */
export const closingSteps = {
  decide_publication: ({ file, step, actor, facts }) => {
    const { publish, reason } = step;
    const by = actorName(actor);
    return {
      changes: {
        publication: { publish, reason, by, on: facts.today, withdrawn: null },
        clocks: endClocks(file.clocks, ["publication"], "met", facts.today),
      },
      documents: [{ docId: facts.newId("doc"), code: "N18", fields: { publish, reason, by } }],
      why: reason,
    };
  },

  withdraw_publication: ({ file, step, actor, facts }) => {
    if (file.publication === null) {
      return refused({
        code: "publication.not_published",
        article: "xzcf:48(2)",
        messageZh: "该处罚决定没有公示，无需撤回。",
        messageEn: "The decision is not in public; there is nothing to withdraw.",
      });
    }
    const { reason } = step;
    return {
      changes: {
        publication: {
          ...file.publication,
          withdrawn: { on: facts.today, reason, by: actorName(actor) },
        },
        clocks: endClocks(file.clocks, ["publication_withdrawal"], "met", facts.today),
      },
      why: reason,
    };
  },

  request_closing: ({ actor }) => ({
    changes: {
      closing: { requestedBy: actorName(actor), endorsedBy: null, closedBy: null, closedOn: null },
    },
  }),

  endorse_closing: ({ file, actor }) =>
    file.closing === null
      ? notRequested()
      : { changes: { closing: { ...file.closing, endorsedBy: actorName(actor) } } },

  /** Both approvals given; from here the archivist's time runs. */
  close: ({ file, actor, facts }) => {
    if (file.closing === null) return notRequested();
    const { requestedBy, endorsedBy } = file.closing;
    const closedBy = actorName(actor);
    const closing = { ...file.closing, closedBy, closedOn: facts.today };
    return {
      changes: {
        closing,
        clocks: withArchive(file.clocks, { ...file, state: "closed", closing }, facts),
      },
      documents: [
        {
          docId: facts.newId("doc"),
          code: "N16",
          fields: { outcome: file.state, requestedBy, endorsedBy, closedBy },
        },
      ],
    };
  },

  archive: ({ file, actor, facts }) => {
    const by = actorName(actor);
    const docId = facts.newId("doc");
    return {
      changes: {
        archive: { by, on: facts.today },
        clocks: endClocks(file.clocks, ["archive"], "met", facts.today),
      },
      documents: [
        {
          docId,
          code: "N17",
          fields: {
            by,
            documents: file.documents.map(({ docId: listed, code, issuedOn }) => ({
              docId: listed,
              code,
              issuedOn,
            })),
          },
        },
      ],
    };
  },
} as const satisfies Effects<Closing>;

function notRequested() {
  return refused({
    code: "closing.not_requested",
    messageZh: "承办人员尚未提请结案，请先提请。",
    messageEn: "The officers have not asked for the closing yet; they ask first.",
  });
}
