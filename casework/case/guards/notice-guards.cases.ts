import type { CaseClock } from "../../clocks/clock.ts";
import type { CaseFile, EvidenceSource } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine, generalFindings } from "../testing/builders.ts";
import { decidedCase, submitted, windowsOver } from "../testing/decided-case.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import {
  hearableCase,
  heardCase,
  hearingAsked,
  hearingOn,
  hearingSet,
  noticedCase,
  noticeIssued,
  scheduling,
} from "../testing/noticed-case.ts";
import type { TestWorld, Who } from "../testing/world.ts";

const submitReview: CaseStep = { step: "submit_legal_review" };
const requestHearing: CaseStep = { step: "request_hearing" };
const decide: CaseStep = { step: "decide", reasons: "事实清楚" };
const hold: CaseStep = { step: "conclude_hearing", outcome: "held", report: "双方到场质证" };
const withdraw: CaseStep = { ...hold, outcome: "withdrawn" };

const at =
  (make: (world: TestWorld) => CaseFile, step: CaseStep, who?: Who, today?: string): GuardCase["passes"] =>
  (world) => {
    const file = make(world);
    return (today === undefined ? world : world.on(today)).context(file, step, who);
  };

const submitting = (world: TestWorld, fineFen: number): CaseStep => ({
  step: "submit_decision",
  penalty: fine(world.basisId, fineFen),
});

const stated = (world: TestWorld): CaseFile =>
  world.take(
    noticedCase(world),
    { step: "receive_statement", about: "notice", text: "家庭困难，请求从轻", via: "window" },
    "party",
  );

/** Back in the investigation after the party had its notice of 2 000 yuan, and heavier findings since. */
const renoticing = (world: TestWorld, found: "inspection" | EvidenceSource | null): CaseFile => {
  let file = world.take(noticedCase(world), { step: "reopen_investigation", reason: "补充调查" });
  world.on("2026-01-06");
  if (found !== null) {
    file = world.take(
      file,
      found === "inspection"
        ? {
            step: "record_inspection",
            place: "某路",
            text: "当事人次日再次占道经营，摊位扩大",
            partyPresent: true,
            signed: "signed",
          }
        : {
            step: "add_evidence",
            kind: "document",
            title: "进货单",
            incidentId: null,
            sha256: "0".repeat(64),
            from: found,
          },
    );
    for (const { evidenceId, verified } of file.evidence)
      if (verified === null) file = world.take(file, { step: "verify_evidence", evidenceId, note: "属实" });
  }
  const findings = generalFindings(world.basisId);
  return world.take(file, { step: "conclude_investigation", findings });
};

export const cases: readonly GuardCase[] = [
  {
    guard: "notice_served",
    passes: at(noticedCase, submitReview),
    refused: at(noticeIssued, submitReview),
    code: "notice.not_served",
  },
  {
    guard: "windows_closed",
    about: "the last day is the party's",
    passes: at(noticedCase, submitReview, "officer-a", "2026-01-13"),
    refused: at(noticedCase, submitReview, "officer-a", "2026-01-12"),
    code: "notice.window_open",
  },
  {
    guard: "windows_closed",
    about: "five working days over the October holiday, a make-up Saturday among them",
    passes: at((world) => noticedCase(world.on("2026-09-29")), submitReview, "officer-a", "2026-10-13"),
    refused: at((world) => noticedCase(world.on("2026-09-29")), submitReview, "officer-a", "2026-10-12"),
    code: "notice.window_open",
  },
  {
    guard: "windows_closed",
    about: "a recorded waiver closes them",
    passes: at(
      (world) => world.take(noticedCase(world), { step: "waive_window", note: "当事人书面放弃" }, "party"),
      submitReview,
    ),
    refused: at(noticedCase, submitReview),
    code: "notice.window_open",
  },
  {
    guard: "windows_closed",
    about: "without a served notice nothing has begun",
    passes: at(windowsOver, submitReview),
    refused: at(noticeIssued, submitReview, "officer-a", "2026-03-02"),
    code: "notice.window_not_begun",
  },
  {
    guard: "statements_reviewed",
    passes: at((world) => {
      const file = stated(world);
      const statementId = file.statements[0]?.statementId ?? "";
      return world.take(file, {
        step: "review_statement",
        statementId,
        outcome: "not_adopted",
        reason: "不属于从轻情节",
      });
    }, submitReview),
    refused: at(stated, submitReview),
    code: "statement.not_reviewed",
  },
  {
    guard: "statements_reviewed",
    about: "an objection that was adopted takes its record out before anything is decided",
    passes: at((world) => ({ ...stated(world), statements: [] }), submitReview),
    refused: at((world) => {
      const file = stated(world);
      const clock: CaseClock = {
        kind: "record_withdrawal",
        subject: "statement-1",
        basis: "record.withdraw",
        duty: "agency",
        startedOn: world.today,
        strictDue: world.today,
        legalDue: world.today,
        state: "running",
        endedOn: null,
      };
      return { ...file, statements: [], clocks: [...file.clocks, clock] };
    }, submitReview),
    code: "record.withdrawal_open",
  },
  {
    guard: "not_heavier",
    about: "up to what was noticed, not a yuan more",
    passes: (world) => world.context(noticedCase(world), submitting(world, 200_000)),
    refused: (world) => world.context(noticedCase(world), submitting(world, 200_100)),
    code: "penalty.heavier_than_noticed",
  },
  {
    guard: "not_heavier",
    about: "nothing taken that was not noticed",
    passes: (world) => world.context(noticedCase(world), submitting(world, 100_000)),
    refused: (world) =>
      world.context(noticedCase(world), {
        step: "submit_decision",
        penalty: {
          ...fine(world.basisId, 100_000),
          kinds: ["fine", "confiscation"],
          confiscation: "三轮车一辆",
        },
      }),
    code: "penalty.heavier_than_noticed",
  },
  {
    guard: "not_heavier",
    about: "a proposal on its way is asked again when it is decided",
    passes: (world) => world.context(submitted(world, windowsOver(world)), decide, "leader"),
    refused: (world) => {
      const file = submitted(world, windowsOver(world));
      const { decisionProposal } = file;
      if (decisionProposal === null) throw new Error("nothing was submitted");
      const heavier = { ...decisionProposal, penalty: fine(world.basisId, 300_000) };
      return world.context({ ...file, decisionProposal: heavier }, decide, "leader");
    },
    code: "penalty.heavier_than_noticed",
  },
  {
    guard: "not_heavier",
    about: "a new notice goes higher only for new evidence",
    passes: (world) => world.context(renoticing(world, "inspection"), { step: "issue_notice" }),
    refused: (world) => world.context(renoticing(world, null), { step: "issue_notice" }),
    code: "notice.heavier_than_before",
  },
  {
    guard: "not_heavier",
    about: "the party's own paper is no new evidence, what others brought is",
    passes: (world) => world.context(renoticing(world, "other"), { step: "issue_notice" }),
    refused: (world) => world.context(renoticing(world, "party"), { step: "issue_notice" }),
    code: "notice.heavier_than_before",
  },
  {
    guard: "hearing_offered",
    about: "below the threshold there is none",
    passes: at(hearableCase, requestHearing, "party"),
    refused: at(noticedCase, requestHearing, "party"),
    code: "hearing.not_due",
  },
  {
    guard: "hearing_concluded",
    about: "asked for and not over",
    passes: at(heardCase, submitReview),
    refused: at(hearingSet, submitReview),
    code: "hearing.not_concluded",
  },
  {
    guard: "hearing_concluded",
    about: "the right was never told, because the threshold was lower than thought",
    passes: at(windowsOver, submitReview),
    refused: (world) => {
      const file = windowsOver(world);
      world.parameters = { "hearing.threshold.person": 200_000 };
      return world.context(file, submitReview);
    },
    code: "hearing.right_not_told",
  },
  {
    guard: "hearing_in_time",
    about: "on the last day",
    passes: at(hearableCase, requestHearing, "party", "2026-01-12"),
    refused: at(hearableCase, requestHearing, "party", "2026-01-13"),
    code: "hearing.asked_late",
  },
  {
    guard: "hearing_told_in_time",
    about: "set for a day that leaves seven working days",
    passes: at(hearingAsked, scheduling(), "leader", "2026-01-09"),
    refused: at(hearingAsked, scheduling(), "leader", "2026-01-12"),
    code: "hearing.told_late",
  },
  {
    guard: "hearing_told_in_time",
    about: "over the September holiday: 12 October has to be told by 24 September",
    passes: at(hearingAsked, scheduling({ on: "2026-10-12" }), "leader", "2026-09-24"),
    refused: at(hearingAsked, scheduling({ on: "2026-10-12" }), "leader", "2026-09-28"),
    code: "hearing.told_late",
  },
  {
    guard: "hearing_told_in_time",
    about: "held only after its notice was served",
    passes: at(hearingSet, hold, "hearing-host", hearingOn),
    refused: at(
      (world) => world.take(hearingAsked(world), scheduling(), "leader"),
      hold,
      "hearing-host",
      hearingOn,
    ),
    code: "hearing.not_told",
  },
  {
    guard: "hearing_told_in_time",
    about: "who withdraws needs no notice",
    passes: at(hearingAsked, withdraw, "hearing-host"),
    refused: at(hearingAsked, hold, "hearing-host"),
    code: "hearing.not_told",
  },
  {
    guard: "host_independent",
    about: "no host is somebody without the office",
    passes: at(hearingAsked, scheduling(), "leader"),
    refused: at(hearingAsked, scheduling({ hostId: "officer-c" }), "leader"),
    code: "hearing.host_not_appointed",
  },
  {
    guard: "host_independent",
    about: "nor an officer of the case",
    passes: at(hearingAsked, scheduling(), "leader"),
    refused: (world) => {
      const file = hearingAsked(world);
      world.changePerson("officer-b", { roles: ["officer", "hearing_host"] });
      return world.context(file, scheduling({ hostId: "officer-b" }), "leader");
    },
    code: "duty.hearing_host_not_independent",
  },
  {
    guard: "host_independent",
    about: "nor somebody who was recused",
    passes: at(hearingAsked, scheduling(), "leader"),
    refused: (world) => {
      let file = hearingAsked(world);
      file = world.take(
        file,
        { step: "ask_recusal", personId: "hearing-host", reason: "系对方亲属" },
        "party",
      );
      const recusalId = file.recusals[0]?.recusalId ?? "";
      file = world.take(file, { step: "decide_recusal", recusalId, granted: true }, "leader");
      return world.context(file, scheduling(), "leader");
    },
    code: "hearing.host_recused",
  },
  {
    guard: "host_independent",
    about: "and the one who was named reports",
    passes: at(hearingSet, hold, "hearing-host", hearingOn),
    refused: (world) => {
      const file = hearingSet(world);
      world.changePerson("archivist", { roles: ["hearing_host"] });
      return world.on(hearingOn).context(file, hold, "archivist");
    },
    code: "hearing.not_the_host",
  },
  {
    guard: "hearing_offered",
    about: "a decision of a case whose party was not told",
    passes: at(decidedCase, decide, "leader"),
    refused: (world) => {
      const file = submitted(world, windowsOver(world));
      world.parameters = { "hearing.threshold.person": 200_000 };
      return world.context(file, decide, "leader");
    },
    code: "hearing.right_not_told",
  },
];
