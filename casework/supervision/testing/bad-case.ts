import type { CaseEvidence, CaseFile, Decision, Notice, ServiceRecord } from "../../case/case-file.ts";
import { evidenceSource } from "../../case/evidence-source.ts";
import type { DiscretionFindings } from "../../discretion/findings.ts";
import type { Penalty } from "../../discretion/penalty.ts";
import type { SupervisionFacts } from "../finding.ts";
import { goodCase, goodFacts } from "./good-case.ts";

/** The good case with one thing wrong, and what has to be found: that and nothing else. */
export interface BadCase {
  readonly what: string;
  readonly finds: readonly string[];
  readonly file: CaseFile;
  readonly facts?: (file: CaseFile) => Partial<SupervisionFacts>;
}

export const good = goodCase();
export const decision = present(good.decision);
export const notice = present(good.notice);
export const urging = present(good.urging);
export const court = present(good.court);
export const filing = present(good.filing);
export const publication = present(good.publication);
export const BASIS = decision.penalty.basisId;

export const bad = (
  what: string,
  finds: string | readonly string[],
  file: Partial<CaseFile>,
  facts?: (file: CaseFile) => Partial<SupervisionFacts>,
): BadCase => ({
  what,
  finds: typeof finds === "string" ? [finds] : finds,
  file: goodCase(file),
  ...(facts === undefined ? {} : { facts }),
});

/** Decided and on its way; nothing later has happened. */
export const fresh = (changes: Partial<CaseFile> = {}): Partial<CaseFile> => ({
  state: "served",
  urging: null,
  court: null,
  ...changes,
});
export const decidedWith = (changes: Partial<Decision>): Decision => ({ ...decision, ...changes });
export const noticeWith = (changes: Partial<Notice>): Notice => ({ ...notice, ...changes });
export const services = (docId: string, changes: Partial<ServiceRecord>): ServiceRecord[] =>
  good.services.map((one) => (one.docId === docId ? { ...one, ...changes } : one));
export const evidence = (id: string, changes: Partial<CaseEvidence>): CaseEvidence[] =>
  good.evidence.map((one) => (one.evidenceId === id ? { ...one, ...changes } : one));
export const later = (kind: CaseEvidence["kind"], addedOn: string): CaseEvidence => ({
  ...present(good.evidence[1]),
  ...{ evidenceId: "evidence-later", kind, addedOn, from: evidenceSource(kind) },
});

/** The same penalty noticed and decided, weighed by these findings; nothing later has happened. */
export function weighedAs(
  penalty: Penalty,
  findings: DiscretionFindings,
  computed: Partial<NonNullable<CaseFile["computation"]>> = {},
) {
  return fresh({
    findings,
    computation: { ...present(good.computation), ...computed },
    notice: noticeWith({ proposal: penalty }),
    decision: decidedWith({ penalty }),
  });
}

export const expired = {
  certificates: (userId: string) => [{ no: `51-${userId}`, validFrom: "2024-01-01", validTo: "2026-01-27" }],
};
export const mandatory = { id: "harm_reduced", evidenceIds: ["evidence-inspection"] };
export const raising = { id: "repeated", evidenceIds: ["evidence-inspection"] };
export const light = {
  tier: "light",
  lowerFen: 0,
  upperFen: 600_000,
  fineFen: 200_000,
  fractionPermille: 100,
} as const;
export const earlier = {
  ...{ caseId: "case-0", decidedOn: "2026-02-01", fineFen: 50_000, place: good.act.place },
  ...{ letOff: false, incidentIds: [] },
  ...{ actStartedAt: good.act.startedAt - 3_600_000, actEndedAt: good.act.endedAt - 3_600_000 },
};

export function changed(on: string): CaseFile["changes"][number] {
  return { docId: "doc-change", on, by: "review_body", kind: "revoked", reason: "撤销", penalty: null };
}

/** A clue, and nothing after it. */
export function early(changes: Partial<CaseFile>): Partial<CaseFile> {
  return {
    ...{
      investigation: null,
      findings: null,
      computation: null,
      notice: null,
      statements: [],
      hearing: null,
    },
    ...{
      legalReviews: [],
      discussions: [],
      decisionProposal: null,
      decision: null,
      urging: null,
      court: null,
    },
    ...{
      publication: null,
      recusals: [],
      services: [],
      orders: [],
      addressConfirmation: null,
      payment: null,
    },
    ...changes,
  };
}

export function listing(): SupervisionFacts["parameters"] {
  const { parameters } = goodFacts(good);
  return {
    ...parameters,
    get: (key) => (key === "legalReview.localList" ? ["street_vending"] : parameters.get(key)) as never,
  };
}

/** Nobody is to decide about publication before the day at hand. */
export function patient(): SupervisionFacts["parameters"] {
  const { parameters } = goodFacts(good);
  return {
    ...parameters,
    get: (key) => (key === "publication.decide" ? { count: 30, unit: "WD" } : parameters.get(key)) as never,
  };
}

export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("the good case lacks it");
  return value;
}
