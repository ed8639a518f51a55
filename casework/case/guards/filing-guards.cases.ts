import type { CaseFile } from "../case-file.ts";
import type { EarlierDecision } from "../step-facts.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import type { TestWorld } from "../testing/world.ts";

const submit = { step: "submit_filing", summary: "建议立案" } as const;
const at = (text: string) => Date.parse(`${text}+08:00`);

/** About the same act as the world's case, seen an hour earlier. */
function earlier(other: Partial<EarlierDecision> = {}): EarlierDecision {
  return {
    caseId: "case-0",
    decidedOn: "2026-01-05",
    fineFen: 50_000,
    letOff: false,
    incidentIds: [],
    place: "某路与某街交叉口",
    actStartedAt: at("2026-01-04T08:00:00"),
    actEndedAt: at("2026-01-04T08:30:00"),
    ...other,
  };
}

function submitting(world: TestWorld, decision: EarlierDecision, changes: Partial<CaseFile> = {}) {
  const file = { ...world.verifiedClue(), ...changes };
  world.earlierDecisions = [decision];
  return world.context(file, submit);
}

function concluding(world: TestWorld, decision: EarlierDecision) {
  const file = world.investigatingCase();
  world.earlierDecisions = [decision];
  return world.context(file, { step: "conclude_investigation", findings: world.findings() });
}

const order = (dueOn: string, servedOn: string | null) => ({
  orders: [{ orderId: "order-1", docId: "doc-d02", what: "撤除摊位", dueOn, servedOn, recheck: null }],
});

/** Seen two days ago and ordered to stop yesterday: what was seen today is new. */
const threeDaysAgo = earlier({
  decidedOn: "2026-01-05",
  actStartedAt: at("2026-01-02T08:00:00"),
  actEndedAt: at("2026-01-02T08:30:00"),
});

function ended(world: TestWorld, endedAt: string, seriousHarm: boolean): CaseFile {
  const file = world.verifiedClue();
  return { ...file, act: { ...file.act, startedAt: at(endedAt), endedAt: at(endedAt), seriousHarm } };
}

export const cases: readonly GuardCase[] = [
  {
    guard: "agency_has_power",
    about: "over the matter",
    passes: (world) => world.context(world.verifiedClue(), submit),
    refused: (world) => {
      const file = world.verifiedClue();
      world.agency = { ...world.agency, powers: ["road_spill"] };
      return world.context(file, submit);
    },
    code: "filing.no_power",
  },
  {
    guard: "agency_has_power",
    about: "over the place",
    passes: (world) => {
      const file = world.verifiedClue();
      world.agency = { ...world.agency, region: "510100" };
      return world.context(file, submit);
    },
    refused: (world) => world.context({ ...world.verifiedClue(), region: "510104" }, submit),
    code: "filing.no_power",
  },
  {
    guard: "penalty_possible",
    passes: (world) => world.context(world.verifiedClue(), submit),
    refused: (world) => {
      const file = world.verifiedClue();
      world.matter = { ...world.matter, penaltyPossible: false };
      return world.context(file, submit);
    },
    code: "filing.penalty_impossible",
  },
  {
    guard: "in_time",
    about: "two years, the last day and the day after",
    passes: (world) => world.context(ended(world, "2024-01-05T23:59:00", false), submit),
    refused: (world) => world.context(ended(world, "2024-01-04T23:59:00", false), submit),
    code: "filing.time_barred",
  },
  {
    guard: "in_time",
    about: "five years where whoever submits says that life, health or finance was harmed",
    passes: (world) =>
      world.context(ended(world, "2021-01-05T23:59:00", false), { ...submit, seriousHarm: true }),
    refused: (world) =>
      world.context(ended(world, "2021-01-04T23:59:00", false), { ...submit, seriousHarm: true }),
    code: "filing.time_barred",
  },
  {
    guard: "in_time",
    about: "five years after serious harm",
    passes: (world) => world.context(ended(world, "2021-01-05T00:00:00", true), submit),
    refused: (world) => world.context(ended(world, "2021-01-04T23:59:00", true), submit),
    code: "filing.time_barred",
  },
  {
    guard: "in_time",
    about: "a continuous act counts from its end, not from its beginning",
    passes: (world) => {
      const file = ended(world, "2024-01-05T09:00:00", false);
      return world.context({ ...file, act: { ...file.act, startedAt: at("2020-01-01T00:00:00") } }, submit);
    },
    refused: (world) => {
      const file = ended(world, "2024-01-04T09:00:00", false);
      return world.context({ ...file, act: { ...file.act, startedAt: at("2020-01-01T00:00:00") } }, submit);
    },
    code: "filing.time_barred",
  },
  {
    guard: "not_fined_before",
    about: "only a second fine; a warning before does not matter",
    passes: (world) => submitting(world, earlier({ fineFen: 0 })),
    refused: (world) => submitting(world, earlier()),
    code: "filing.already_fined",
  },
  {
    guard: "not_fined_before",
    about: "elsewhere is another act",
    passes: (world) => submitting(world, earlier({ place: "另一条街" })),
    refused: (world) => submitting(world, earlier({ place: " 某路与某街交叉口 " })),
    code: "filing.already_fined",
  },
  {
    guard: "not_fined_before",
    about: "what began after the decision is new",
    passes: (world) =>
      submitting(world, earlier({ decidedOn: "2026-01-03", actStartedAt: at("2026-01-02T08:00:00") })),
    refused: (world) => submitting(world, threeDaysAgo),
    code: "filing.already_fined",
  },
  {
    guard: "not_fined_before",
    about: "an order's due date begins a new act, but only an order that was served",
    passes: (world) => submitting(world, threeDaysAgo, order("2026-01-03", "2026-01-02")),
    refused: (world) => submitting(world, threeDaysAgo, order("2026-01-03", null)),
    code: "filing.already_fined",
  },
  {
    guard: "not_fined_before",
    about: "one record shows one act, wherever the place is said to be",
    passes: (world) => submitting(world, earlier({ place: "另一条街", incidentIds: ["incident-9"] })),
    refused: (world) =>
      submitting(world, earlier({ place: "另一条街", incidentIds: ["incident-9", "incident-1"] })),
    code: "filing.already_fined",
  },
  {
    guard: "not_fined_before",
    about: "an act that was let off",
    passes: (world) => submitting(world, earlier({ fineFen: 0, letOff: true, place: "另一条街" })),
    refused: (world) => submitting(world, earlier({ fineFen: 0, letOff: true })),
    code: "filing.let_off_before",
  },
  {
    guard: "one_act_one_case",
    about: "also when there was no fine",
    passes: (world) => concluding(world, earlier({ place: "另一条街", fineFen: 0 })),
    refused: (world) => concluding(world, earlier({ fineFen: 0 })),
    code: "case.same_act_decided",
  },
];
