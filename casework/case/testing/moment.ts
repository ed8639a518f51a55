import type { LocalDate } from "../../clocks/clock.ts";
import { dueAfter, isLate } from "../../clocks/due.ts";
import { type AmountDue, amountDue } from "../amount-due.ts";
import type { CaseEvidence, CaseFile } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import type { TestWorld } from "./world.ts";

/** One accepted step: the file before and after it, and who did what in this walk so far, as the walk itself noted it. */
export interface Moment {
  readonly before: CaseFile;
  readonly after: CaseFile;
  readonly step: CaseStep;
  readonly who: string;
  readonly world: TestWorld;
  /** Everyone who was ever an officer of the case. */
  readonly handled: ReadonlySet<string>;
  /** Everyone who endorsed, approved, reviewed, discussed or heard. */
  readonly judged: ReadonlySet<string>;
}

/** By what it says. Written without the machine's own guards. */
export type Invariants = Readonly<Record<string, (moment: Moment) => boolean>>;

export function ids(file: CaseFile): string[] {
  return [
    ...file.documents.map(({ docId }) => docId),
    ...file.evidence.map(({ evidenceId }) => evidenceId),
    ...file.services.map(({ serviceId }) => serviceId),
    ...file.statements.map(({ statementId }) => statementId),
    ...file.recusals.map(({ recusalId }) => recusalId),
    ...(file.payment?.receipts ?? []).map(({ receiptNo }) => receiptNo),
    ...file.formerNotices.map(({ docId }) => docId),
  ];
}

export function standing(file: CaseFile): CaseEvidence[] {
  return file.evidence.filter(({ withdrawn }) => withdrawn === null);
}

/** Evidence without the records that are only a lead. */
export function counting(file: CaseFile, world: TestWorld): CaseEvidence[] {
  return standing(file).filter(
    ({ kind, incidentId }) => kind !== "camera_record" || authorityOf(incidentId, world) !== "lead_only",
  );
}

export function authorityOf(incidentId: string | null, world: TestWorld): string | undefined {
  return world.records.get(incidentId ?? "")?.useAuthority;
}

export function decides(step: CaseStep): boolean {
  return step.step === "decide" || step.step === "decide_on_the_spot";
}

export function isCertifiedOfficer(userId: string, { people, today }: TestWorld): boolean {
  const someone = people.get(userId);
  const certificate = someone?.certificate ?? null;
  const officer = someone?.roles.includes("officer") === true;
  return officer && certificate !== null && certificate.validFrom <= today && today <= certificate.validTo;
}

export function isUnit({ party }: CaseFile): boolean {
  return party?.kind === "legal_person" || party?.kind === "organisation";
}

export function differ(one: string | null | undefined, other: string | null | undefined): boolean {
  return one === null || one === undefined || one !== other;
}

export function isLateAfter(from: LocalDate, count: number, { calendar, today }: TestWorld): boolean {
  return isLate(dueAfter(from, { count, unit: "WD" }, calendar), today);
}

export function owed(file: CaseFile, on: LocalDate, world: TestWorld): AmountDue {
  return amountDue(file, on, world.facts());
}
