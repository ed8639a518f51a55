import type { CaseFile } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine } from "../testing/builders.ts";
import { discussed, reviewPassed, windowsOver } from "../testing/decided-case.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { heardCase, noticedCase } from "../testing/noticed-case.ts";
import type { TestWorld, Who } from "../testing/world.ts";

const issueNotice: CaseStep = { step: "issue_notice" };
const decide: CaseStep = { step: "decide", reasons: "事实清楚" };
const extend: CaseStep = {
  step: "extend_decision",
  afterDiscussion: false,
  members: [],
  reason: "案情复杂",
};
const review = { step: "conclude_legal_review", opinion: "agree", note: "同意" } as const;

/** Submitting what was noticed, in a file made this way. */
const submitting =
  (make: (world: TestWorld) => CaseFile): GuardCase["passes"] =>
  (world) => {
    const file = make(world);
    const penalty = file.notice?.proposal ?? fine(world.basisId, 0);
    return world.context(file, { step: "submit_decision", penalty });
  };

const at =
  (make: (world: TestWorld) => CaseFile, step: CaseStep, who?: Who, today?: string): GuardCase["passes"] =>
  (world) => {
    const file = make(world);
    return (today === undefined ? world : world.on(today)).context(file, step, who);
  };

const reviewerActs = (prepare?: (world: TestWorld, file: CaseFile) => CaseFile): GuardCase["passes"] => {
  return (world) => {
    const file = world.take(windowsOver(world), { step: "submit_legal_review" });
    return world.context(prepare?.(world, file) ?? file, review, "legal-reviewer");
  };
};

const againAfterReview = (world: TestWorld, reviewAgain: boolean): CaseFile => {
  let file = reviewPassed(world, windowsOver(world));
  file = world.take(file, { step: "reopen_investigation", reason: "补充调查" });
  file = world.take(file, { step: "conclude_investigation", findings: world.findings() });
  file = world.take(file, issueNotice);
  file = world.take(file, {
    step: "serve",
    docId: file.notice?.docId ?? "",
    method: "direct",
    attemptedOn: world.today,
    outcome: "served",
    on: world.today,
    officers: ["officer-a", "officer-b"],
    details: { receiver: "张三", receiverRole: "本人" },
  });
  // All on one day: only the order tells the old review from a new one.
  file = world.take(file, { step: "waive_window", note: "当事人书面放弃" }, "party");
  return reviewAgain ? reviewPassed(world, file) : file;
};

export const cases: readonly GuardCase[] = [
  {
    guard: "legal_review_passed",
    about: "required after a hearing",
    passes: submitting((world) => reviewPassed(world, heardCase(world))),
    refused: submitting(heardCase),
    code: "legal_review.not_passed",
  },
  {
    guard: "legal_review_passed",
    about: "required by the local list",
    passes: submitting(windowsOver),
    refused: (world) => {
      world.parameters = { "legalReview.localList": ["street_vending"] };
      return submitting(windowsOver)(world);
    },
    code: "legal_review.not_passed",
  },
  {
    guard: "legal_review_passed",
    about: "required where life, health or money came to serious harm",
    passes: submitting(windowsOver),
    refused: submitting((world) => {
      const file = windowsOver(world);
      return { ...file, act: { ...file.act, seriousHarm: true } };
    }),
    code: "legal_review.not_passed",
  },
  {
    guard: "legal_review_passed",
    about: "asked for, so it binds",
    passes: submitting((world) => reviewPassed(world, windowsOver(world))),
    refused: submitting((world) => world.take(windowsOver(world), { step: "submit_legal_review" })),
    code: "legal_review.not_passed",
  },
  {
    guard: "legal_review_passed",
    about: "one of a notice that was replaced does not count, not even on the same day",
    passes: submitting((world) => againAfterReview(world, true)),
    refused: submitting((world) => againAfterReview(world, false)),
    code: "legal_review.not_passed",
  },
  {
    guard: "legal_reviewer_independent",
    passes: reviewerActs(),
    refused: reviewerActs((_, file) => ({ ...file, handlers: [...file.handlers, "legal-reviewer"] })),
    code: "duty.handler_is_legal_reviewer",
  },
  {
    guard: "legal_reviewer_independent",
    about: "not the host",
    passes: at(heardCase, review, "legal-reviewer"),
    refused: at(heardCase, review, "hearing-host"),
    code: "duty.hearing_host_not_independent",
  },
  {
    guard: "legal_reviewer_independent",
    about: "not somebody recused",
    passes: reviewerActs(),
    refused: reviewerActs((world, file) => {
      const asked = world.take(
        file,
        { step: "ask_recusal", personId: "legal-reviewer", reason: "系当事人近亲属" },
        "party",
      );
      const recusalId = asked.recusals[0]?.recusalId ?? "";
      return world.take(asked, { step: "decide_recusal", recusalId, granted: true }, "leader");
    }),
    code: "legal_review.not_independent",
  },
  {
    guard: "discussion_agreed",
    about: "a fine of the hearing's size",
    passes: submitting((world) => discussed(world, reviewPassed(world, heardCase(world)))),
    refused: submitting((world) => reviewPassed(world, heardCase(world))),
    code: "discussion.not_agreed",
  },
  {
    guard: "discussion_agreed",
    about: "the heavy tier, however small the fine",
    passes: submitting(windowsOver),
    refused: submitting((world) => {
      const file = windowsOver(world);
      return { ...file, computation: file.computation && { ...file.computation, tier: "heavy" } };
    }),
    code: "discussion.not_agreed",
  },
  {
    guard: "discussion_agreed",
    about: "asked for, so it has to end",
    passes: submitting((world) => discussed(world, windowsOver(world))),
    refused: submitting((world) => world.take(windowsOver(world), { step: "submit_discussion" })),
    code: "discussion.not_agreed",
  },
  {
    guard: "decision_in_time",
    about: "90 days from 5 January end on a day off: 7 April is the last day",
    passes: at(windowsOver, decide, "leader", "2026-04-07"),
    refused: at(windowsOver, decide, "leader", "2026-04-08"),
    code: "decision.time_over",
  },
  {
    guard: "decision_in_time",
    about: "filed on 2 November: 31 January 2027 is a Sunday",
    passes: at((world) => noticedCase(world.on("2026-11-02")), decide, "leader", "2027-02-01"),
    refused: at((world) => noticedCase(world.on("2026-11-02")), decide, "leader", "2027-02-02"),
    code: "decision.time_over",
  },
  {
    guard: "decision_in_time",
    about: "extended by thirty days, which end in the May holiday",
    passes: at(
      (world) => {
        const file = windowsOver(world);
        return world.on("2026-04-07").take(file, extend, "leader");
      },
      decide,
      "leader",
      "2026-05-06",
    ),
    refused: at(
      (world) => {
        const file = windowsOver(world);
        return world.on("2026-04-07").take(file, extend, "leader");
      },
      decide,
      "leader",
      "2026-05-07",
    ),
    code: "decision.time_over",
  },
];
