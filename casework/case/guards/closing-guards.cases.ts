import { startClock } from "../../clocks/due.ts";
import { fixtureCalendar } from "../../clocks/testing/fixture-calendar.ts";
import type { Penalty } from "../../discretion/penalty.ts";
import type { CaseFile, DecisionChange, Publication } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine, matter, streetVendingBasis, warningOnly } from "../testing/builders.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { courtCase, performedCase } from "../testing/overdue-case.ts";
import { performingCase, statement } from "../testing/performing-case.ts";
import type { TestWorld } from "../testing/world.ts";

const fileReview = (filedOn = "2026-04-01") =>
  ({ step: "file_review", filedOn, via: "this_agency" }) as const;
const fileSuit = { step: "file_suit", filedOn: "2026-05-06", court: "法院" } as const;
const openReview = { filedOn: "2026-04-01", via: "this_agency", forwardedOn: null, outcome: null } as const;
const upheld = { ...openReview, outcome: { kind: "upheld", receivedOn: "2026-04-30" } } as const;
const changedByReview = { ...openReview, outcome: { kind: "changed", receivedOn: "2026-04-30" } } as const;
const published: Publication = {
  publish: true,
  reason: "具有一定社会影响",
  by: "publicity-editor",
  on: "2026-03-11",
  withdrawn: null,
};
const change: DecisionChange = {
  docId: "doc-change",
  on: "2026-04-10",
  by: "agency",
  kind: "revoked",
  reason: "证据不足",
  penalty: null,
};
const revoke = {
  step: "change_decision",
  by: "agency",
  kind: "revoked",
  reason: "证据不足",
  penalty: null,
} as const;
const lowered = (fineFen: number, other: Partial<Extract<CaseStep, { step: "change_decision" }>> = {}) =>
  ({
    ...revoke,
    kind: "changed",
    penalty: fine("street_vending.csdl-42", fineFen),
    ...other,
  }) as const;
const warned = (world: TestWorld, penalty: Penalty) => {
  world.matter = matter(streetVendingBasis({ kinds: ["warning", "fine", "licence_suspension"] }));
  const { decision } = performingCase();
  if (decision === null) throw new Error("not decided");
  const before = { ...decision, penalty: warningOnly("street_vending.csdl-42") };
  return world.context(performingCase({ decision: before }), lowered(0, { penalty }), "leader");
};
const unserved = { services: [] };

const asking = (
  step: CaseStep,
  who: string,
  refusedFile: Partial<CaseFile>,
  good: Partial<CaseFile> = {},
) => ({
  passes: (world: TestWorld) => world.on("2026-05-06").context(performingCase(good), step, who),
  refused: (world: TestWorld) => world.on("2026-05-06").context(performingCase(refusedFile), step, who),
});
const closing = (changes: Partial<CaseFile>) => ({
  passes: (world: TestWorld) => world.context(performedCase(world), { step: "request_closing" }),
  refused: (world: TestWorld) =>
    world.context({ ...performedCase(world), ...changes }, { step: "request_closing" }),
});

export const cases: readonly GuardCase[] = [
  {
    guard: "remedy_open",
    about: "before the service",
    ...asking(fileReview(), "party", unserved),
    code: "remedy.not_served",
  },
  {
    guard: "remedy_open",
    about: "on the day before the service",
    passes: (world) => world.on("2026-05-06").context(performingCase(), fileReview("2026-03-10"), "party"),
    refused: (world) => world.on("2026-05-06").context(performingCase(), fileReview("2026-03-09"), "party"),
    code: "remedy.not_served",
  },
  {
    guard: "remedy_open",
    about: "twice at once",
    ...asking(fileReview(), "party", { reviews: [openReview] }, { reviews: [upheld] }),
    code: "remedy.already_open",
  },
  {
    guard: "remedy_open",
    about: "a suit during the review",
    ...asking(fileSuit, "officer-a", { reviews: [openReview] }, { reviews: [upheld] }),
    code: "remedy.already_open",
  },
  {
    guard: "remedy_open",
    about: "a suit about a decision made on the spot",
    ...asking(
      fileSuit,
      "officer-a",
      { procedure: "simplified" },
      { procedure: "simplified", reviews: [upheld] },
    ),
    code: "remedy.review_first",
  },
  {
    guard: "remedy_open",
    about: "a review that was taken back decides nothing",
    ...asking(
      fileSuit,
      "officer-a",
      {
        procedure: "simplified",
        reviews: [{ ...openReview, outcome: { kind: "withdrawn", receivedOn: "2026-04-30" } }],
      },
      { procedure: "simplified", reviews: [upheld] },
    ),
    code: "remedy.review_first",
  },
  {
    guard: "remedy_open",
    about: "nothing to forward",
    ...asking(
      { step: "forward_review" },
      "officer-a",
      { reviews: [{ ...openReview, via: "review_body" }] },
      { reviews: [openReview] },
    ),
    code: "remedy.nothing_to_forward",
  },
  {
    guard: "remedy_open",
    about: "the outcome of what was never forwarded",
    ...asking(
      { step: "end_review", kind: "upheld", receivedOn: "2026-05-06" },
      "officer-a",
      { reviews: [openReview] },
      { reviews: [{ ...openReview, forwardedOn: "2026-04-07" }] },
    ),
    code: "remedy.not_forwarded",
  },
  {
    guard: "remedy_open",
    about: "no suit to end",
    ...asking(
      { step: "end_suit", kind: "upheld", on: "2026-05-06" },
      "officer-a",
      {},
      { litigations: [{ filedOn: "2026-05-06", court: "法院", outcome: null }] },
    ),
    code: "remedy.none_open",
  },
  {
    guard: "remedy_open",
    about: "an outcome before it was brought",
    ...asking(
      { step: "end_suit", kind: "upheld", on: "2026-05-05" },
      "officer-a",
      { litigations: [{ filedOn: "2026-05-06", court: "法院", outcome: null }] },
      { litigations: [{ filedOn: "2026-05-05", court: "法院", outcome: null }] },
    ),
    code: "remedy.date",
  },
  {
    guard: "decision_changeable",
    about: "already gone",
    ...asking(revoke, "leader", { changes: [change] }),
    code: "change.no_decision",
  },
  {
    guard: "decision_changeable",
    about: "made heavier",
    passes: (world) => world.context(performingCase(), lowered(100_000), "leader"),
    refused: (world) => world.context(performingCase(), lowered(100_001), "leader"),
    code: "change.heavier",
  },
  ...[
    {
      about: "one kind more",
      penalty: { kinds: ["fine", "closure", "licence_revocation"], fineFen: 50_000 },
      code: "penalty.kind_not_allowed",
    } as const,
    {
      about: "a confiscation the provision does not know",
      penalty: { kinds: ["confiscation"], fineFen: 0, confiscation: "推车" },
      code: "penalty.kind_not_allowed",
    } as const,
    {
      about: "a fine of nothing",
      penalty: { kinds: ["fine"], fineFen: 0 },
      code: "penalty.kinds_unfit",
    } as const,
  ].map(({ about, penalty, code }): GuardCase => {
    const to = lowered(0, { penalty: { ...fine("street_vending.csdl-42", 50_000), ...penalty } });
    return {
      guard: "decision_changeable",
      about,
      passes: (world) => world.context(performingCase(), lowered(50_000), "leader"),
      refused: (world) => world.context(performingCase(), to, "leader"),
      code,
    };
  }),
  ...[
    {
      about: "a provision nobody has checked",
      basis: { verifiedOn: null },
      code: "discretion.basis_unverified",
    },
    {
      about: "for another kind of party",
      basis: { subjectKind: "unit" },
      code: "penalty.wrong_subject",
    } as const,
    {
      about: "not yet law on that day",
      basis: { validFrom: "2026-02-01" },
      code: "penalty.basis_not_in_force",
    },
    {
      about: "only for who disobeys an order, where there was none",
      basis: { id: "other", precondition: "order_not_obeyed" },
      code: "penalty.order_first",
    } as const,
  ].map(
    ({ about, basis, code }): GuardCase => ({
      guard: "decision_changeable",
      about,
      passes: (world) => world.context(performingCase(), lowered(50_000), "leader"),
      refused: (world) => {
        const own = streetVendingBasis(basis);
        world.matter = matter(streetVendingBasis(), { bases: [streetVendingBasis({ id: "former" }), own] });
        return world.context(performingCase(), lowered(0, { penalty: fine(own.id, 50_000) }), "leader");
      },
      code,
    }),
  ),
  {
    guard: "decision_changeable",
    about: "a licence taken in place of a warning",
    passes: (world) => warned(world, warningOnly("street_vending.csdl-42")),
    refused: (world) =>
      warned(world, { ...warningOnly("street_vending.csdl-42"), kinds: ["licence_suspension"] }),
    code: "change.heavier",
  },
  {
    guard: "decision_changeable",
    about: "changed into nothing",
    passes: (world) => world.context(performingCase(), lowered(50_000), "leader"),
    refused: (world) => world.context(performingCase(), lowered(0, { penalty: null }), "leader"),
    code: "change.penalty",
  },
  {
    guard: "decision_changeable",
    about: "under another matter's provision",
    passes: (world) => world.context(performingCase(), lowered(50_000), "leader"),
    refused: (world) =>
      world.context(performingCase(), lowered(0, { penalty: fine("road_spill.dqfz-116", 50_000) }), "leader"),
    code: "change.out_of_range",
  },
  {
    guard: "decision_changeable",
    about: "held unlawful by the agency itself",
    passes: (world) => world.context(performingCase(), revoke, "leader"),
    refused: (world) => world.context(performingCase(), { ...revoke, kind: "unlawful" }, "leader"),
    code: "change.not_for_agency",
  },
  {
    guard: "decision_changeable",
    about: "for a review that upheld it",
    ...asking(
      lowered(50_000, { by: "review_body" }),
      "leader",
      { reviews: [upheld] },
      { reviews: [changedByReview] },
    ),
    code: "change.no_outcome",
  },
  {
    guard: "publication_open",
    about: "before the decision",
    ...asking({ step: "decide_publication", publish: false, reason: "理由" }, "publicity-editor", {
      decision: null,
    }),
    code: "publication.no_decision",
  },
  {
    guard: "publication_open",
    about: "before the service",
    ...asking({ step: "decide_publication", publish: true, reason: "理由" }, "publicity-editor", unserved),
    code: "publication.not_served",
  },
  {
    guard: "publication_open",
    about: "withholding what is in public",
    ...asking({ step: "decide_publication", publish: false, reason: "理由" }, "publicity-editor", {
      publication: published,
    }),
    code: "publication.published",
  },
  {
    guard: "publication_open",
    about: "a decision that is gone",
    ...asking({ step: "decide_publication", publish: true, reason: "理由" }, "publicity-editor", {
      changes: [change],
    }),
    code: "publication.decision_gone",
  },
  {
    guard: "publication_open",
    about: "a decision that a review has changed",
    ...asking(
      { step: "decide_publication", publish: true, reason: "理由" },
      "publicity-editor",
      { reviews: [changedByReview] },
      { reviews: [upheld] },
    ),
    code: "publication.outcome_open",
  },
  {
    guard: "publication_open",
    about: "withdrawing what was withheld",
    ...asking(
      { step: "withdraw_publication", reason: "理由" },
      "publicity-editor",
      { publication: { ...published, publish: false } },
      { publication: published },
    ),
    code: "publication.not_published",
  },
  {
    guard: "publication_settled",
    about: "nobody has decided",
    ...closing({ publication: null }),
    code: "publication.undecided",
  },
  {
    guard: "publication_settled",
    about: "a revoked decision still in public",
    ...closing({ publication: published, changes: [change] }),
    code: "publication.not_withdrawn",
  },
  {
    guard: "nothing_open",
    about: "preserved evidence",
    ...closing({
      preservations: [
        {
          preservationId: "p-1",
          docId: "doc-p",
          items: ["推车"],
          reason: "可能灭失",
          on: "2026-01-08",
          resolved: null,
        },
      ],
    }),
    code: "closing.preservation_open",
  },
  {
    guard: "nothing_open",
    about: "a statement nobody answered",
    ...closing({ statements: [statement()] }),
    code: "closing.statement_open",
  },
  {
    guard: "nothing_open",
    about: "an order nobody checked",
    ...closing({
      orders: [
        {
          orderId: "order-1",
          docId: "doc-order",
          what: "撤除摊位",
          dueOn: "2026-01-10",
          servedOn: "2026-01-06",
          recheck: null,
        },
      ],
    }),
    code: "closing.order_open",
  },
  {
    guard: "nothing_open",
    about: "an order that reached the party, not one that never did",
    passes: (world) =>
      world.context({ ...performedCase(world), orders: [uncheckedOrder(null)] }, { step: "request_closing" }),
    refused: (world) =>
      world.context(
        { ...performedCase(world), orders: [uncheckedOrder("2026-01-06")] },
        { step: "request_closing" },
      ),
    code: "closing.order_open",
  },
  {
    guard: "nothing_open",
    about: "a public notice that still runs",
    ...closing({
      services: [
        {
          ...{ serviceId: "service-d17", docId: "doc-d17", code: "D17", method: "public_notice" },
          ...{ attemptedOn: "2026-01-06", outcome: "running", servedOn: null, officers: [], details: {} },
        },
      ],
    }),
    code: "closing.service_open",
  },
  {
    guard: "nothing_open",
    about: "a review",
    ...closing({ overlays: ["in_review"], reviews: [openReview] }),
    code: "closing.remedy_open",
  },
  {
    guard: "nothing_open",
    about: "a review's outcome that nobody carried out",
    ...closing({ reviews: [changedByReview] }),
    code: "closing.outcome_open",
  },
  {
    guard: "nothing_open",
    about: "a supervision item",
    passes: (world) => world.context(performedCase(world), { step: "request_closing" }),
    refused: (world) => {
      world.openSupervisionItems = 1;
      return world.context(performedCase(world), { step: "request_closing" });
    },
    code: "closing.supervision_open",
  },
  {
    guard: "nothing_open",
    about: "a duty of the agency, not of the court",
    passes: (world) => world.context(courtCase(world), { step: "request_closing" }),
    refused: (world) => {
      const forward = startClock(
        {
          kind: "review_forward",
          subject: "review-1",
          startedOn: "2026-03-25",
          period: { count: 5, unit: "WD" },
          basis: "reconsideration.forward",
          duty: "agency",
        },
        fixtureCalendar,
      );
      const file = courtCase(world);
      return world.context({ ...file, clocks: [...file.clocks, forward] }, { step: "request_closing" });
    },
    code: "closing.deadline_open",
  },
  {
    guard: "remedies_over",
    about: "the time to sue, from 10 March to 10 September",
    passes: (world) => world.on("2026-09-11").context(performingCase(), { step: "archive" }, "archivist"),
    refused: (world) => world.on("2026-09-10").context(performingCase(), { step: "archive" }, "archivist"),
    code: "archive.remedies_open",
  },
  {
    guard: "files_verified",
    about: "nobody has looked",
    passes: (world) => world.context(performedCase(world), { step: "archive" }, "archivist"),
    refused: (world) => {
      world.filesVerified = null;
      return world.context(performedCase(world), { step: "archive" }, "archivist");
    },
    code: "archive.files_unverified",
  },
  {
    guard: "files_verified",
    about: "a file was tampered with",
    passes: (world) => world.context(performedCase(world), { step: "archive" }, "archivist"),
    refused: (world) => {
      const file = performedCase(world);
      world.filesVerified = false;
      return world.context(file, { step: "archive" }, "archivist");
    },
    code: "archive.files_broken",
  },
];

function uncheckedOrder(servedOn: string | null) {
  return {
    ...{ orderId: "order-1", docId: "doc-order", what: "撤除摊位", dueOn: "2026-01-10" },
    ...{ servedOn, recheck: null },
  };
}
