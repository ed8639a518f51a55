import type { CaseFile } from "../case-file.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { noticeIssued } from "../testing/noticed-case.ts";
import type { TestWorld } from "../testing/world.ts";

const assign = (...officers: string[]) => ({ step: "assign_officers", officers }) as const;
const submit = { step: "submit_filing", summary: "建议立案" } as const;
const approve = { step: "approve_filing" } as const;
const endorse = { step: "endorse_filing" } as const;

const serving = {
  step: "serve",
  docId: "doc-1",
  method: "electronic",
  attemptedOn: "2026-01-05",
  outcome: "served",
  on: "2026-01-05",
  officers: [],
  details: {},
} as const;

const byBoth = { ...serving, officers: ["officer-a", "officer-b"] };

const pending = (world: TestWorld): CaseFile => world.take(world.verifiedClue(), submit);
const endorsed = (world: TestWorld): CaseFile => world.take(pending(world), endorse, "unit-head");
/** The file after a recusal was asked for and decided. */
const recused = (world: TestWorld, personId: string, granted: boolean): CaseFile => {
  const asked = world.take(
    world.filedCase(),
    { step: "ask_recusal", personId, reason: "系当事人近亲属" },
    "party",
  );
  const recusalId = asked.recusals[0]?.recusalId ?? "";
  return world.take(asked, { step: "decide_recusal", recusalId, granted }, "leader-2");
};
const reviewed = (file: CaseFile, reviewer: string): CaseFile => ({
  ...file,
  legalReviews: [{ submittedOn: "2026-01-06", reviewer, opinion: "agree", note: null, on: "2026-01-07" }],
});
const hosted = (file: CaseFile, hostId: string): CaseFile => ({
  ...file,
  hearing: {
    requestedOn: "2026-01-06",
    scheduled: {
      on: "2026-01-30",
      time: "09:30",
      place: "会议室",
      hostId,
      public: true,
      docId: "doc-d07",
      toldOn: null,
    },
    outcome: null,
  },
});
const start = { step: "start_investigation", certificateShown: true, recusalAsked: true } as const;
const conclude = { step: "conclude_legal_review", opinion: "agree", note: "同意" } as const;

/** Written down on 9 January; the certificate of one of the two ran out on the fifth. */
function servingLate(world: TestWorld, attemptedOn: string) {
  const file = noticeIssued(world);
  const certificate = { no: "51-b", validFrom: "2024-01-01", validTo: "2026-01-05" };
  world.on("2026-01-09").changePerson("officer-b", { certificate });
  return world.context(file, {
    ...serving,
    ...{ officers: ["officer-a", "officer-b"], attemptedOn, on: attemptedOn },
  });
}

export const cases: readonly GuardCase[] = [
  {
    guard: "handler_acts",
    about: "an officer of another case",
    passes: (world) => world.context(world.verifiedClue(), submit, "officer-b"),
    refused: (world) => world.context(world.verifiedClue(), submit, "officer-c"),
    code: "duty.not_handler",
  },
  {
    guard: "handler_acts",
    about: "taking a case over",
    passes: (world) => {
      const file = world.filedCase();
      world.changePerson("officer-a", { roles: [] });
      world.changePerson("officer-b", { roles: [] });
      return world.context(file, assign("officer-c", "officer-a"), "officer-c");
    },
    refused: (world) => {
      const file = world.filedCase();
      world.changePerson("officer-a", { roles: [] });
      return world.context(file, assign("officer-c", "officer-b"), "officer-c");
    },
    code: "duty.not_handler",
  },
  {
    guard: "handler_acts",
    about: "the system, and whoever opened the case before others were named",
    passes: (world) => {
      const named = { ...world.openedCase(), handlers: ["officer-b", "officer-c"] };
      return world.context(named, assign("officer-a", "officer-b"), "officer-a");
    },
    refused: (world) => {
      const named = { ...world.filedCase(), handlers: ["officer-b", "officer-c"] };
      return world.context(named, assign("officer-a", "officer-b"), "officer-a");
    },
    code: "duty.not_handler",
  },
  {
    guard: "handler_acts",
    about: "a recused officer only hands the case over",
    passes: (world) =>
      world.context(recused(world, "officer-b", true), assign("officer-a", "officer-c"), "officer-b"),
    refused: (world) => world.context(recused(world, "officer-b", true), start, "officer-b"),
    code: "duty.recused",
  },
  {
    guard: "two_officers",
    about: "one of them named twice",
    passes: (world) => world.context(world.openedCase(), assign("officer-a", "officer-b")),
    refused: (world) => world.context(world.openedCase(), assign("officer-a", "officer-a")),
    code: "duty.two_officers_required",
  },
  {
    guard: "two_officers",
    about: "an auxiliary as the second, or even the third",
    passes: (world) => world.context(world.openedCase(), assign("officer-a", "officer-b", "officer-c")),
    refused: (world) => world.context(world.openedCase(), assign("officer-a", "officer-b", "auxiliary")),
    code: "duty.two_officers_required",
  },
  {
    guard: "two_officers",
    about: "one who left after being assigned",
    passes: (world) => world.context(pending(world), endorse, "unit-head"),
    refused: (world) => {
      const file = pending(world);
      world.changePerson("officer-b", { roles: [] });
      return world.context(file, endorse, "unit-head");
    },
    code: "duty.two_officers_required",
  },
  {
    guard: "two_officers",
    about: "who serves; what the system sends goes out for the officers of the case",
    passes: (world) => world.context(world.filedCase(), serving, "system"),
    refused: (world) => world.context(world.filedCase(), serving, "officer-a"),
    code: "duty.two_officers_required",
  },
  {
    guard: "certificates_valid",
    about: "its last day, and the day after",
    passes: (world) => {
      const file = world.verifiedClue();
      return world.on("2029-12-31").context(file, submit);
    },
    refused: (world) => {
      const file = world.verifiedClue();
      return world.on("2030-01-01").context(file, submit);
    },
    code: "duty.certificate_invalid",
  },
  {
    guard: "certificates_valid",
    about: "of service, on the day it was tried, not on the day it is written down",
    passes: (world) => servingLate(world, "2026-01-05"),
    refused: (world) => servingLate(world, "2026-01-06"),
    code: "duty.certificate_invalid",
  },
  {
    guard: "certificates_valid",
    about: "nobody has seen one",
    passes: (world) => world.context(world.openedCase(), assign("officer-a", "officer-c")),
    refused: (world) => {
      world.changePerson("officer-c", { certificate: null });
      return world.context(world.openedCase(), assign("officer-a", "officer-c"));
    },
    code: "duty.certificate_invalid",
  },
  {
    guard: "not_handler",
    about: "a handler who is a leader too",
    passes: (world) => world.context(pending(world), endorse, "unit-head"),
    refused: (world) => {
      world.changePerson("officer-b", { roles: ["officer", "unit_head"] });
      return world.context(pending(world), endorse, "officer-b");
    },
    code: "duty.handler_approves_own_case",
  },
  {
    guard: "not_handler",
    about: "a former handler",
    passes: (world) => world.context(pending(world), endorse, "unit-head"),
    refused: (world) => {
      const file = world.take(pending(world), assign("officer-b", "officer-c"));
      world.changePerson("officer-a", { roles: ["unit_head"] });
      return world.context(file, endorse, "officer-a");
    },
    code: "duty.handler_approves_own_case",
  },
  {
    guard: "not_handler",
    about: "a former handler who did nothing while assigned",
    passes: (world) => world.context(pending(world), endorse, "unit-head"),
    refused: (world) => {
      const file = world.take(pending(world), assign("officer-a", "officer-c"));
      world.changePerson("officer-b", { roles: ["unit_head"] });
      return world.context(file, endorse, "officer-b");
    },
    code: "duty.handler_approves_own_case",
  },
  {
    guard: "not_handler",
    about: "the legal reviewer",
    passes: (world) => world.context(reviewed(endorsed(world), "legal-reviewer"), approve, "leader"),
    refused: (world) => world.context(reviewed(endorsed(world), "leader"), approve, "leader"),
    code: "duty.approver_not_independent",
  },
  {
    guard: "not_handler",
    about: "the hearing host",
    passes: (world) => world.context(hosted(endorsed(world), "hearing-host"), approve, "leader"),
    refused: (world) => world.context(hosted(endorsed(world), "leader"), approve, "leader"),
    code: "duty.approver_not_independent",
  },
  {
    guard: "not_handler",
    about: "a leader who was recused",
    passes: (world) =>
      world.context(recused(world, "leader", false), { step: "suspend", reason: "等待鉴定" }, "leader"),
    refused: (world) =>
      world.context(recused(world, "leader", true), { step: "suspend", reason: "等待鉴定" }, "leader"),
    code: "duty.recused",
  },
  {
    guard: "second_level",
    about: "filing",
    passes: (world) => world.context(endorsed(world), approve, "leader"),
    refused: (world) => {
      world.changePerson("leader", { roles: ["unit_head", "agency_leader"] });
      return world.context(world.take(pending(world), endorse, "leader"), approve, "leader");
    },
    code: "duty.two_levels_one_person",
  },
  {
    guard: "second_level",
    about: "closing",
    passes: (world) => world.context(closing(world, "unit-head"), { step: "close" }, "leader"),
    refused: (world) => world.context(closing(world, "leader"), { step: "close" }, "leader"),
    code: "duty.two_levels_one_person",
  },
  {
    guard: "endorsed_before",
    about: "filing",
    passes: (world) => world.context(endorsed(world), approve, "leader"),
    refused: (world) => world.context(pending(world), approve, "leader"),
    code: "approval.not_endorsed",
  },
  {
    guard: "endorsed_before",
    about: "decision",
    passes: (world) =>
      world.context(proposed(world, "unit-head"), { step: "decide", reasons: "事实清楚" }, "leader"),
    refused: (world) =>
      world.context(proposed(world, null), { step: "decide", reasons: "事实清楚" }, "leader"),
    code: "approval.not_endorsed",
  },
  {
    guard: "endorsed_before",
    about: "closing",
    passes: (world) => world.context(closing(world, "unit-head"), { step: "close" }, "leader"),
    refused: (world) => world.context(closing(world, null), { step: "close" }, "leader"),
    code: "approval.not_endorsed",
  },
  {
    guard: "reviewer_qualified",
    passes: (world) => world.context(world.filedCase(), conclude, "legal-reviewer"),
    refused: (world) => {
      world.changePerson("legal-reviewer", { legalQualification: false });
      return world.context(world.filedCase(), conclude, "legal-reviewer");
    },
    code: "duty.reviewer_not_qualified",
  },
  {
    guard: "no_recused_handler",
    about: "until it is decided the investigation goes on; refused recusals change nothing",
    passes: (world) => world.context(recused(world, "officer-b", false), start),
    refused: (world) => world.context(recused(world, "officer-b", true), start),
    code: "duty.recused",
  },
  {
    guard: "no_recused_handler",
    about: "serving in person; what the system sent has arrived all the same",
    passes: (world) => world.context(recused(world, "officer-b", true), byBoth, "system"),
    refused: (world) => world.context(recused(world, "officer-b", true), byBoth, "officer-a"),
    code: "duty.recused",
  },
  {
    guard: "no_recused_handler",
    about: "assigning the recused officer again",
    passes: (world) => world.context(recused(world, "officer-b", true), assign("officer-a", "officer-c")),
    refused: (world) => world.context(recused(world, "officer-b", true), assign("officer-a", "officer-b")),
    code: "duty.recused",
  },
  {
    guard: "no_recused_handler",
    about: "a decision waits until a recusal that was asked for is decided",
    passes: (world) =>
      world.context(recused(world, "officer-b", false), { step: "decide", reasons: "同意" }, "leader"),
    refused: (world) => {
      const file = recused(world, "officer-b", false);
      const recusals = file.recusals.map((recusal) => ({ ...recusal, decision: null }));
      return world.context({ ...file, recusals }, { step: "decide", reasons: "同意" }, "leader");
    },
    code: "duty.recusal_undecided",
  },
];

function closing(world: TestWorld, endorsedBy: string | null): CaseFile {
  return {
    ...world.filedCase(),
    closing: { requestedBy: "officer-a", endorsedBy, closedBy: null, closedOn: null },
  };
}

function proposed(world: TestWorld, endorsedBy: string | null): CaseFile {
  return {
    ...world.filedCase(),
    decisionProposal: {
      penalty: { kinds: ["fine"], fineFen: 200_000, confiscation: null, basisId: world.basisId },
      submittedBy: "officer-a",
      submittedOn: "2026-01-20",
      endorsedBy,
    },
  };
}
