import type { CaseFile } from "../case-file.ts";
import type { EarlierDecision } from "../step-facts.ts";
import { generalFindings, party, unitParty } from "../testing/builders.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { onTheSpot } from "../testing/on-the-spot.ts";
import type { TestWorld } from "../testing/world.ts";

const start = { step: "start_investigation", certificateShown: true, recusalAsked: true } as const;
const interview = {
  step: "record_interview",
  person: "张三",
  identityChecked: true,
  rightsTold: true,
  text: "问：……答：……",
  signed: "signed",
  recording: null,
} as const;
const preserved = (resolved: CaseFile["preservations"][number]["resolved"]) => ({
  preservations: [
    {
      preservationId: "preservation-1",
      docId: "doc-d14",
      items: ["三轮车"],
      reason: "可能灭失",
      on: "2026-01-06",
      resolved,
    },
  ],
});
const order = (servedOn: string | null, recheck: CaseFile["orders"][number]["recheck"] = null) => ({
  orders: [
    { orderId: "order-1", docId: "doc-d02", what: "撤除摊位", dueOn: "2026-01-10", servedOn, recheck },
  ],
});

/** Found put right on that day, by an order for 10 January 2026. */
const corrected = (on: string) => order("2026-01-06", { on, corrected: true, note: "摊位已撤除" });

/** Another stall of the same party, fined in autumn. */
function earlierDecision(other: Partial<EarlierDecision> = {}): EarlierDecision {
  return {
    caseId: "case-0",
    decidedOn: "2025-10-20",
    fineFen: 50_000,
    letOff: false,
    incidentIds: [],
    place: "另一条街",
    actStartedAt: Date.parse("2025-10-01T08:00:00+08:00"),
    actEndedAt: Date.parse("2025-10-01T08:30:00+08:00"),
    ...other,
  };
}

function conclude(world: TestWorld, findings = world.findings(), changes: Partial<CaseFile> = {}) {
  return world.context(
    { ...world.investigatingCase(), ...changes },
    { step: "conclude_investigation", findings },
  );
}

/** About to tell the party, while the violation goes on. */
function noticing(world: TestWorld, changes: Partial<CaseFile>) {
  const file = world.investigatedCase(generalFindings(world.basisId));
  return world.context({ ...file, ...changes }, { step: "issue_notice" });
}

export const cases: readonly GuardCase[] = [
  {
    guard: "certificate_shown",
    about: "the certificate",
    passes: (world) => world.context(world.filedCase(), start),
    refused: (world) => world.context(world.filedCase(), { ...start, certificateShown: false }),
    code: "investigation.certificate_not_shown",
  },
  {
    guard: "certificate_shown",
    about: "the question about recusal",
    passes: (world) => world.context(world.filedCase(), start),
    refused: (world) => world.context(world.filedCase(), { ...start, recusalAsked: false }),
    code: "investigation.recusal_not_asked",
  },
  {
    guard: "certificate_shown",
    about: "on the spot",
    passes: (world) => world.context(world.verifiedClue(), onTheSpot(world)),
    refused: (world) => world.context(world.verifiedClue(), { ...onTheSpot(world), certificateShown: false }),
    code: "investigation.certificate_not_shown",
  },
  {
    guard: "investigation_recorded",
    about: "rights",
    passes: (world) => world.context(world.investigatingCase(), interview),
    refused: (world) => world.context(world.investigatingCase(), { ...interview, rightsTold: false }),
    code: "investigation.rights_not_told",
  },
  {
    guard: "investigation_recorded",
    about: "identity",
    passes: (world) => world.context(world.investigatingCase(), { ...interview, signed: "refused" }),
    refused: (world) => world.context(world.investigatingCase(), { ...interview, identityChecked: false }),
    code: "investigation.rights_not_told",
  },
  {
    guard: "investigation_recorded",
    about: "what was said",
    passes: (world) => world.context(world.investigatingCase(), interview),
    refused: (world) => world.context(world.investigatingCase(), { ...interview, text: "  " }),
    code: "investigation.record_empty",
  },
  {
    guard: "preservations_resolved",
    passes: (world) => conclude(world, undefined, preserved({ on: "2026-01-07", outcome: "返还" })),
    refused: (world) => conclude(world, undefined, preserved(null)),
    code: "preservation.unresolved",
  },
  {
    guard: "correction_ordered",
    about: "an order that was served",
    passes: (world) => noticing(world, order("2026-01-06")),
    refused: (world) => noticing(world, order(null)),
    code: "order.correction_required",
  },
  {
    guard: "correction_ordered",
    about: "an act that has stopped needs none",
    passes: (world) => world.context(world.investigatedCase(), { step: "issue_notice" }),
    refused: (world) => noticing(world, { orders: [] }),
    code: "order.correction_required",
  },
  {
    guard: "discretion_computed",
    about: "a basis of another matter",
    passes: (world) => conclude(world),
    refused: (world) => conclude(world, world.findings({ basisId: "road_spill.dqfz-116" })),
    code: "discretion.basis_unknown",
  },
  {
    guard: "discretion_computed",
    about: "facts proved by evidence that is not in the file",
    passes: (world) => {
      const file = world.investigatingCase();
      const evidenceIds = file.evidence.map(({ evidenceId }) => evidenceId);
      const findings = world.findings({ factors: [{ id: "harm_reduced", evidenceIds }] });
      return world.context(file, { step: "conclude_investigation", findings });
    },
    refused: (world) =>
      conclude(world, world.findings({ factors: [{ id: "harm_reduced", evidenceIds: ["elsewhere"] }] })),
    code: "discretion.evidence_unknown",
  },
  {
    guard: "discretion_computed",
    about: "the party's age on the day of the act",
    passes: (world) => conclude(world),
    refused: (world) => conclude(world, world.findings({ ageYears: 36 })),
    code: "discretion.age_differs",
  },
  {
    guard: "discretion_computed",
    about: "a refusal by evidence of the file",
    passes: (world) => {
      const file = world.investigatingCase();
      const evidenceIds = file.evidence.map(({ evidenceId }) => evidenceId);
      const findings = generalFindings(world.basisId, { refused: { evidenceIds } });
      return world.context(file, { step: "conclude_investigation", findings });
    },
    refused: (world) => conclude(world, world.findings({ refused: { evidenceIds: ["elsewhere"] } })),
    code: "discretion.evidence_unknown",
  },
  {
    guard: "discretion_computed",
    about: "a refusal that nothing proves",
    passes: (world) => conclude(world),
    refused: (world) => conclude(world, generalFindings(world.basisId, { refused: { evidenceIds: [] } })),
    code: "discretion.refusal_unproved",
  },
  {
    guard: "discretion_computed",
    about: "a person's age has to be known, a unit has none",
    passes: (world) => conclude(world, world.findings({ ageYears: null }), { party: unitParty() }),
    refused: (world) => {
      const someone = party({ birthDate: null, idNo: null });
      return conclude(world, world.findings({ ageYears: null }), { party: someone });
    },
    code: "discretion.age_required",
  },
  {
    guard: "discretion_computed",
    about: "the age by the id number, where no date of birth was written down",
    passes: (world) => conclude(world, undefined, { party: party({ birthDate: null }) }),
    refused: (world) => {
      // Born on 5 January 2012: thirteen on the day of the act.
      const child = party({ birthDate: null, idNo: "51010720120105123x" });
      return conclude(world, world.findings({ ageYears: 18 }), { party: child });
    },
    code: "discretion.age_differs",
  },
  {
    guard: "discretion_computed",
    about: "a date of birth that the id number contradicts",
    passes: (world) => conclude(world, undefined, { party: party({ idNo: "passport-1" }) }),
    refused: (world) => conclude(world, undefined, { party: party({ idNo: "510107201201051234" }) }),
    code: "discretion.birth_date_differs",
  },
  {
    guard: "discretion_computed",
    about: "corrected within the order's time is corrected",
    passes: (world) => conclude(world, generalFindings(world.basisId), corrected("2026-01-11")),
    refused: (world) => conclude(world, generalFindings(world.basisId), corrected("2026-01-10")),
    code: "discretion.corrected_in_time",
  },
  {
    guard: "discretion_computed",
    about: "corrected in time once, and not the other time",
    passes: (world) =>
      conclude(world, generalFindings(world.basisId), {
        orders: [
          ...corrected("2026-01-09").orders,
          ...order("2026-01-11", { on: "2026-01-13", corrected: false, note: "又摆出" }).orders,
        ],
      }),
    refused: (world) => conclude(world, generalFindings(world.basisId), corrected("2026-01-09")),
    code: "discretion.corrected_in_time",
  },
  {
    guard: "discretion_computed",
    about: "the first time, though an earlier act was penalised",
    passes: (world) => {
      world.earlierDecisions = [
        earlierDecision({ actStartedAt: Date.parse("2026-01-04T09:10:00+08:00") }),
        earlierDecision({ fineFen: 0, letOff: true }),
      ];
      return conclude(world);
    },
    refused: (world) => {
      world.earlierDecisions = [earlierDecision()];
      return conclude(world);
    },
    code: "discretion.not_first_time",
  },
  {
    guard: "discretion_computed",
    about: "a basis nobody has verified",
    passes: (world) => conclude(world),
    refused: (world) => {
      const file = world.investigatingCase();
      const bases = world.matter.bases.map((basis) => ({ ...basis, verifiedBy: null, verifiedOn: null }));
      world.matter = { ...world.matter, bases };
      return world.context(file, { step: "conclude_investigation", findings: world.findings() });
    },
    code: "discretion.basis_unverified",
  },
  {
    guard: "discretion_computed",
    about: "above what can be done on the spot",
    passes: (world) => world.context(world.verifiedClue(), onTheSpot(world)),
    refused: (world) =>
      world.context(world.verifiedClue(), { ...onTheSpot(world), findings: world.findings() }),
    code: "discretion.above_simplified",
  },
];
