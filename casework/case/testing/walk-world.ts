import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { CaseFile, Party } from "../case-file.ts";
import { wasCorrectedInTime } from "../corrected-in-time.ts";
import type { NewCase } from "../open-case.ts";
import type { EarlierDecision } from "../step-facts.ts";
import {
  cameraRecord,
  generalFindings,
  lightFindings,
  matter,
  party,
  person,
  unitParty,
  vehicleSidewalkBasis,
} from "./builders.ts";
import type { Random } from "./random.ts";
import { TestWorld } from "./world.ts";

/** What a guided walk is heading for; random steps get in between. */
export interface Plan {
  readonly party: Party;
  readonly incidents: readonly string[];
  readonly inspects: boolean;
  readonly officers: readonly string[];
  readonly weight: "minor" | "light" | "general" | "heavy";
  /** Why the whole case must come to nothing, where it must. */
  readonly flaw:
    | "none"
    | "no_power"
    | "no_penalty"
    | "too_old"
    | "fined_before"
    | "warned_before"
    | "basis_unverified"
    | "figure_unconfirmed"
    | "files_broken";
  readonly exit: "none" | "decline" | "no_penalty" | "dismiss" | "terminate" | "transfer";
  /** Both levels of approval by one person. */
  readonly oneBoss: boolean;
  /** Statements of the party stay unread. */
  readonly deaf: boolean;
  readonly onTheSpot: boolean;
  /** A matter for which a warning is enough. */
  readonly warns: boolean;
  readonly states: boolean;
  readonly waives: boolean;
  readonly asksHearing: boolean;
  readonly legalReview: boolean;
  readonly pays: "in_time" | "late" | "urged" | "never";
  readonly defers: boolean;
  readonly remedy: "none" | "upheld" | "changed" | "revoked" | "suit";
  readonly publishes: boolean;
}

/**
 * People with more than one role, and records that must not carry a decision: whatever separation of duties or the rules of
 * evidence forbid has to be possible to try.
 */
export function walkWorld(plan: Plan): TestWorld {
  const world = new TestWorld();
  if (plan.warns) world.matter = matter(vehicleSidewalkBasis({ minFen: 0 }));
  const certificate = { no: "51-x", validFrom: "2024-01-01", validTo: "2029-12-31" };
  world.setPerson(person("leader-2", ["agency_leader", "officer"], { certificate }));
  world.setPerson(person("head-2", ["unit_head", "agency_leader", "officer"], { certificate }));
  world.setPerson(person("reviewer-2", ["legal_reviewer", "officer"], { certificate }));
  world.setPerson(person("reviewer-3", ["legal_reviewer"], { legalQualification: false }));
  world.setPerson(person("host-2", ["hearing_host", "agency_leader"]));
  world.setPerson(
    person("expiring", ["officer"], { certificate: { ...certificate, validTo: "2026-01-20" } }),
  );
  world.setPerson(person("leader-3", ["agency_leader"]));
  world.setRecord(cameraRecord("lead", { useAuthority: "lead_only" }));
  world.setRecord(cameraRecord("sole", { useAuthority: "sole_evidence" }));
  world.setRecord(cameraRecord("unconfirmed", { confirmed: false, useAuthority: "sole_evidence" }));
  world.setRecord(
    cameraRecord("faulty", {
      useAuthority: "sole_evidence",
      faults: [{ rule: "B-03", zh: "无标识", en: "no sign" }],
    }),
  );
  for (const record of world.records.values()) world.setRecord({ ...record, violation: world.matter.key });
  spoil(world, plan);
  return world;
}

const FLAWS = [
  "no_power",
  "no_penalty",
  "too_old",
  "fined_before",
  "warned_before",
  "basis_unverified",
  "figure_unconfirmed",
  "files_broken",
] as const;

/** Flaws that the clue was opened with come to light when it is filed, the others later. */
function spoil(world: TestWorld, { flaw }: Plan): void {
  const earlier: EarlierDecision = {
    caseId: "case-0",
    decidedOn: "2026-01-05",
    fineFen: flaw === "fined_before" ? 50_000 : 0,
    letOff: false,
    incidentIds: [],
    place: "某路与某街交叉口",
    actStartedAt: Date.parse("2026-01-04T08:00:00+08:00"),
    actEndedAt: Date.parse("2026-01-04T08:30:00+08:00"),
  };
  if (flaw === "no_power") world.agency = { ...world.agency, powers: [] };
  if (flaw === "no_penalty") world.matter = { ...world.matter, penaltyPossible: false };
  if (flaw === "fined_before" || flaw === "warned_before") world.earlierDecisions = [earlier];
  if (flaw === "figure_unconfirmed")
    world.unconfirmed = ["hearing.threshold.person", "hearing.threshold.unit"];
  if (flaw === "files_broken") world.filesVerified = false;
  if (flaw === "basis_unverified") {
    const bases = world.matter.bases.map((basis) => ({ ...basis, verifiedBy: null, verifiedOn: null }));
    world.matter = { ...world.matter, bases };
  }
}

/** When it happened, where that matters. */
export function plannedAct({ flaw }: Plan): Pick<NewCase, "act"> | Record<string, never> {
  if (flaw !== "too_old") return {};
  const at = Date.parse("2024-01-03T09:00:00+08:00");
  return { act: { startedAt: at, endedAt: at, place: "某路", summary: "占道摆摊", seriousHarm: false } };
}

export function randomPlan(random: Random): Plan {
  return {
    party: random.chance(0.3) ? unitParty() : party(),
    incidents: random.pick([["incident-1"], ["lead"], ["sole"], ["incident-1", "faulty"], ["lead", "sole"]]),
    inspects: random.chance(0.8),
    officers: random.chance(0.75)
      ? ["officer-a", "officer-b"]
      : [random.pick(["leader-2", "head-2", "reviewer-2", "expiring", "auxiliary"]), "officer-b"],
    weight: random.pick(["minor", "light", "light", "light", "general", "general", "heavy"]),
    flaw: random.chance(0.65) ? "none" : random.pick(FLAWS),
    exit: random.chance(0.75)
      ? "none"
      : random.pick(["decline", "no_penalty", "no_penalty", "dismiss", "terminate", "transfer"]),
    oneBoss: random.chance(0.08),
    deaf: random.chance(0.08),
    onTheSpot: random.chance(0.12),
    warns: random.chance(0.1),
    states: random.chance(0.4),
    waives: random.chance(0.3),
    asksHearing: random.chance(0.7),
    legalReview: random.chance(0.3),
    pays: random.pick(["in_time", "late", "urged", "never", "never"]),
    defers: random.chance(0.15),
    remedy: random.chance(0.6) ? "none" : random.pick(["upheld", "changed", "revoked", "suit"]),
    publishes: random.chance(0.5),
  };
}

/** What this walk's investigation is to find. */
export function plannedFindings(file: CaseFile, plan: Plan, world: TestWorld): DiscretionFindings {
  const ageYears = plan.party.birthDate === null ? null : plan.flaw === "too_old" ? 33 : 35;
  if (plan.weight === "minor") return lightFindings(world.basisId, { ageYears, harm: "none" });
  if (plan.weight === "light") {
    const fractionPermille = plan.warns ? 0 : plan.onTheSpot ? 10 : null;
    return lightFindings(world.basisId, { ageYears, fractionPermille });
  }
  const evidenceIds = file.evidence.flatMap(({ evidenceId, verified, withdrawn }) =>
    verified !== null && withdrawn === null ? [evidenceId] : [],
  );
  const corrected = wasCorrectedInTime(file);
  const factors = plan.weight === "heavy" ? [{ id: "repeated", evidenceIds }] : [];
  return generalFindings(world.basisId, { ageYears, factors, corrected });
}
