import { formatCaseNo } from "../casework/case/case-number.ts";
import type { CaseState } from "../casework/case/case-states.ts";
import type { EscalationGround } from "../casework/incident/incident-lifecycle.ts";
import { localTime } from "../casework/local-time.ts";
import { personRequired } from "../casework/roles.ts";
import { type Act, userIdOf } from "./act.ts";
import { applyCaseMove, lockCase, readHandlers } from "./case-row.ts";
import { RefusedError } from "./errors.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** One agency a region until agencies are on record. */
const AGENCY_SEQ = "01";

export interface NewCase {
  readonly incidentId: string;
  readonly ground: EscalationGround;
  /** Why a warning is not, or was not, enough: in a person's words. */
  readonly note: string;
}

/**
 * 线索登记 (C01): a confirmed incident becomes `escalated` and a case begins as `clue_verification`, with the
 * officer who opens it as its first handler.
 */
export async function openCaseFromIncident(tx: Tx, act: Act, input: NewCase): Promise<{ caseId: string }> {
  const openedBy = userIdOf(act.actor);
  if (openedBy === null) throw new RefusedError(personRequired);
  const incident = await lockIncident(tx, act, input.incidentId);
  const { ground, note } = input;
  await applyMove(tx, act, incident, { action: "escalate", ground, note });
  const caseId = act.newId("cas");
  await tx.query(
    `insert into cases (id, source, incident_id, region, violation, state, officers, ground, ground_note,
       act_ended_at, opened_by, opened_at)
     select $1, 'video', incidents.id, incidents.region, incidents.violation, 'clue_verification',
       array[$3::text], $4, $5, coalesce(incidents.ended_at, incidents.triggered_at), $3, $6
     from incidents where incidents.id = $2`,
    [caseId, input.incidentId, openedBy, ground, note, new Date(act.at)],
  );
  await appendTimeline(tx, act, {
    kind: "case",
    id: caseId,
    action: "open",
    from: null,
    to: "clue_verification",
    why: note,
    detail: { incidentId: input.incidentId, ground },
  });
  return { caseId };
}

export interface FilingRequest {
  readonly caseId: string;
  /** User ids, at least two, the one who submits among them. */
  readonly officers: readonly string[];
  /** What an officer found and wrote down themselves; needed where the camera is only a lead. */
  readonly officerRecord: string | null;
}

/** 立案申请: `clue_verification` → `filing_pending`, if every guard of C03 holds. */
export async function submitFiling(tx: Tx, act: Act, request: FilingRequest): Promise<{ state: CaseState }> {
  const before = await lockCase(tx, act, request.caseId);
  const { officers, officerRecord } = request;
  const asked = { ...before, officerRecord, handlers: await readHandlers(tx, officers, before.region) };
  const state = await applyCaseMove(tx, act, asked, { action: "submit_filing" }, { officers, officerRecord });
  await tx.query(
    `update cases set state = $2, officers = $3, officer_record = $4, submitted_by = $5, submitted_at = $6
     where cases.id = $1`,
    [request.caseId, state, officers, officerRecord, userIdOf(act.actor), new Date(act.at)],
  );
  return { state };
}

/** First level: the head of the handling unit agrees. The case stays `filing_pending`. */
export async function endorseFiling(tx: Tx, act: Act, caseId: string): Promise<{ state: CaseState }> {
  const before = await lockCase(tx, act, caseId);
  const state = await applyCaseMove(tx, act, before, { action: "endorse_filing" });
  await tx.query("update cases set endorsed_by = $2, endorsed_at = $3 where cases.id = $1", [
    caseId,
    userIdOf(act.actor),
    new Date(act.at),
  ]);
  return { state };
}

/** 立案 (C03): the agency leader files the case and it gets its number (案号). */
export async function approveFiling(tx: Tx, act: Act, caseId: string): Promise<{ caseNo: string }> {
  const before = await lockCase(tx, act, caseId);
  const year = localTime(act.at).year;
  // The guards come first: a refusal must not wait for the counter.
  const state = await applyCaseMove(tx, act, before, { action: "approve_filing" });
  const seq = await nextCaseSeq(tx, before.region, year);
  const caseNo = formatCaseNo({ region: before.region, agencySeq: AGENCY_SEQ, year, seq });
  await tx.query(
    "update cases set state = $2, case_no = $3, filed_by = $4, filed_at = $5 where cases.id = $1",
    [caseId, state, caseNo, userIdOf(act.actor), new Date(act.at)],
  );
  return { caseNo };
}

/** 不予立案 (C02): the agency leader decides, with a reason. */
export async function declineFiling(
  tx: Tx,
  act: Act,
  caseId: string,
  reason: string,
): Promise<{ state: CaseState }> {
  const before = await lockCase(tx, act, caseId);
  const state = await applyCaseMove(tx, act, before, { action: "decline_filing", reason });
  await tx.query("update cases set state = $2, not_filed_reason = $3 where cases.id = $1", [
    caseId,
    state,
    reason,
  ]);
  return { state };
}

/** Gap-free: the counter's row stays locked until this transaction ends, and rolls back with it. */
async function nextCaseSeq(tx: Tx, region: string, year: number): Promise<number> {
  const { rows } = await tx.query<{ seq: number }>(
    `insert into case_number_counters as counters (region, agency_seq, year, last_seq) values ($1, $2, $3, 1)
     on conflict (region, agency_seq, year) do update set last_seq = counters.last_seq + 1
     returning counters.last_seq as seq`,
    [region, AGENCY_SEQ, year],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("the case number counter returned nothing");
  return row.seq;
}
