import type { CaseClock, LocalDate } from "../../clocks/clock.ts";
import { runningClock, startClock } from "../../clocks/due.ts";
import { amountDue } from "../amount-due.ts";
import type { CaseFile } from "../case-file.ts";
import type { CaseState } from "../case-states.ts";
import { decisionDocId } from "../decision-in-force.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import { hasOtherDuties } from "../other-duties.ts";
import { withOverlay, without } from "../overlays.ts";
import { paidOff } from "../paid-off.ts";
import { isPublished } from "../publication.ts";
import { asksForChange } from "../remedies.ts";
import { remedyClocks } from "../remedy-clocks.ts";
import { serviceClock } from "../service-clock.ts";
import type { StepFacts } from "../step-facts.ts";

type Remedies =
  | "file_review"
  | "forward_review"
  | "end_review"
  | "file_suit"
  | "end_suit"
  | "change_decision";

/** C29: review, suit, and what they or the agency itself make of the decision. */
export const remedySteps = {
  /** Handed to this agency it goes on to the review body in five working days (行政复议法 32). */
  file_review: ({ file, step, facts }) => {
    const { filedOn, via } = step;
    const reviews = [...file.reviews, { filedOn, via, forwardedOn: null, outcome: null }];
    const forward = startClock(
      {
        kind: "review_forward",
        subject: `review-${reviews.length}`,
        startedOn: filedOn,
        period: facts.parameters.get("reconsideration.forward"),
        basis: "reconsideration.forward",
        duty: "agency",
      },
      facts.calendar,
    );
    const clocks = via === "this_agency" ? [...file.clocks, forward] : file.clocks;
    return {
      changes: {
        reviews,
        overlays: withOverlay(file.overlays, "in_review"),
        clocks: remedyClocks({ ...file, reviews, clocks }, facts),
      },
    };
  },

  forward_review: ({ file, facts }) => ({
    changes: {
      reviews: file.reviews.map((review) =>
        review.outcome === null ? { ...review, forwardedOn: facts.today } : review,
      ),
      clocks: endClocks(file.clocks, ["review_forward"], "met", facts.today),
    },
  }),

  end_review: ({ file, step, facts }) => {
    const { kind, receivedOn, note } = step;
    const reviews = file.reviews.map((review) =>
      review.outcome === null ? { ...review, outcome: { kind, receivedOn } } : review,
    );
    const clocks = endClocks(file.clocks, ["review_forward"], "stopped", facts.today);
    const ended: CaseFile = { ...file, reviews, clocks };
    return {
      changes: {
        reviews,
        overlays: without(file.overlays, "in_review"),
        clocks: remedyClocks({ ...ended, clocks: withdrawing(ended, kind, receivedOn, facts) }, facts),
      },
      ...(note ? { why: note } : {}),
    };
  },

  file_suit: ({ file, step, facts }) => {
    const { filedOn, court } = step;
    const litigations = [...file.litigations, { filedOn, court, outcome: null }];
    return {
      changes: {
        litigations,
        overlays: withOverlay(file.overlays, "in_litigation"),
        clocks: remedyClocks({ ...file, litigations }, facts),
      },
    };
  },

  end_suit: ({ file, step, facts }) => {
    const { kind, on, note } = step;
    const litigations = file.litigations.map((suit) =>
      suit.outcome === null ? { ...suit, outcome: { kind, on } } : suit,
    );
    const ended: CaseFile = { ...file, litigations };
    return {
      changes: {
        litigations,
        overlays: without(file.overlays, "in_litigation"),
        clocks: remedyClocks({ ...ended, clocks: withdrawing(ended, kind, on, facts) }, facts),
      },
      ...(note ? { why: note } : {}),
    };
  },

  /** A new document takes the old one's place; what stands in public is withdrawn in three working days (行政处罚法 48). */
  change_decision: ({ file, step, facts }) => {
    const docId = facts.newId("doc");
    const { by, kind, reason, penalty } = step;
    const replaces = decisionDocId(file);
    const changed: CaseFile = {
      ...file,
      overlays: withOverlay(file.overlays, "decision_changed"),
      changes: [...file.changes, { docId, on: facts.today, by, kind, reason, penalty }],
      clocks: withdrawing(file, kind, facts.today, facts),
    };
    const state = stateAfterChange(changed, facts);
    const { overlays, changes, clocks: left, closing } = settled({ ...changed, state }, file, facts);
    // What a review body or a court has decided they tell the party themselves.
    const clocks =
      by === "agency"
        ? [...endClocks(left, ["service"], "stopped", facts.today), serviceClock(docId, facts)]
        : left;
    return {
      changes: { overlays, changes, clocks, closing },
      state,
      documents: [
        {
          docId,
          code: "D17",
          fields: { by, kind, reason, penalty, formerDocId: replaces },
          ...(replaces === null ? {} : { replaces }),
        },
      ],
      why: reason,
    };
  },
} as const satisfies Effects<Remedies>;

/** Without any penalty left the case has ended; one lowered to what was paid, or to none, is performed. */
function stateAfterChange(file: CaseFile, facts: StepFacts): CaseState {
  if (file.changes.at(-1)?.penalty === null) return "terminated";
  const collecting = ["performing", "overdue", "urged"].includes(file.state);
  if (!collecting || hasOtherDuties(file)) return file.state;
  return amountDue(file, facts.today, facts).unpaidFen === 0 ? "performed" : file.state;
}

function settled(file: CaseFile, before: CaseFile, facts: StepFacts): CaseFile {
  if (file.state === before.state) return { ...file, clocks: remedyClocks(file, facts) };
  const done = { ...file, ...paidOff(file, facts.today) };
  if (file.state !== "terminated") return done;
  return {
    ...done,
    closing: null,
    // Whoever closed it before has to look again.
    clocks: endClocks(
      done.clocks,
      ["litigation", "service", "archive", "payment", "cash_handover"],
      "stopped",
      facts.today,
    ),
  };
}

/** 行政处罚法 48: what stands in public and no longer holds is withdrawn, from the first day on which that is known. */
function withdrawing(
  file: CaseFile,
  kind: string,
  startedOn: LocalDate,
  { calendar, parameters }: StepFacts,
): readonly CaseClock[] {
  const known = runningClock(file.clocks, "publication_withdrawal") !== undefined;
  if (!asksForChange(kind) || !isPublished(file) || known) return file.clocks;
  const withdrawal = startClock(
    {
      kind: "publication_withdrawal",
      subject: "case",
      startedOn,
      period: parameters.get("publication.withdraw"),
      basis: "publication.withdraw",
      duty: "agency",
    },
    calendar,
  );
  return [...file.clocks, withdrawal];
}
