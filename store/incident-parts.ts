import type { CaseState } from "../casework/case/case-states.ts";
import type { RejectReason, TestAnswers } from "../casework/incident/review-input.ts";
import type { AudienceKind } from "../casework/warning/audience.ts";
import type { WarningResult } from "../casework/warning/ladder.ts";
import type { LookResult } from "../casework/warning/recheck-verdict.ts";
import type { DeliveryState, Letter, WarningState } from "../casework/warning/warning.ts";
import { iso, isoOrNull } from "./act.ts";
import type { Queryable } from "./pool.ts";
import type { RecheckState } from "./recheck-read-model.ts";

export interface EvidenceItem {
  readonly path: string;
  readonly role: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface Review {
  readonly reviewer: string;
  readonly reviewerName: string;
  readonly verdict: "confirmed" | "rejected";
  readonly tests: TestAnswers;
  readonly reason: RejectReason | null;
  readonly reasonText: string | null;
  readonly at: string;
}

export interface WarningView {
  readonly warningId: string;
  readonly level: number;
  readonly state: WarningState;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
  readonly graceUntil: string;
  readonly createdAt: string;
  readonly openedAt: string | null;
  readonly audience: AudienceKind;
  readonly result: WarningResult | null;
  readonly deliveries: readonly {
    readonly channel: string;
    readonly state: DeliveryState;
    readonly attempts: number;
  }[];
}

/** The latest second look, and what it proposes; null where it says nothing clear. */
export interface RecheckProposal {
  readonly recheckId: string;
  readonly state: RecheckState;
  readonly result: LookResult | null;
  readonly proposes: WarningResult | null;
  readonly seenAt: string | null;
  readonly fault: string | null;
}

/** Everything that hangs on one incident. */
export interface IncidentParts {
  readonly evidence: readonly EvidenceItem[];
  readonly reviews: readonly Review[];
  readonly warnings: readonly WarningView[];
  readonly recheck: RecheckProposal | null;
  readonly case: {
    readonly caseId: string;
    readonly caseNo: string | null;
    readonly state: CaseState;
  } | null;
}

/** Ask only for an incident already found in scope. */
export async function readIncidentParts(db: Queryable, incidentId: string): Promise<IncidentParts> {
  return {
    evidence: await readEvidence(db, incidentId),
    reviews: await readReviews(db, incidentId),
    warnings: await readWarnings(db, incidentId),
    recheck: await readProposal(db, incidentId),
    case: await readCaseLink(db, incidentId),
  };
}

async function readEvidence(db: Queryable, incidentId: string): Promise<EvidenceItem[]> {
  const { rows } = await db.query<EvidenceItem>(
    `select items.path, items.role, items.media_type as "mediaType", items.sha256,
       items.size_bytes::float8 as "sizeBytes"
     from evidence_items as items where items.incident_id = $1 order by items.path`,
    [incidentId],
  );
  return rows;
}

async function readReviews(db: Queryable, incidentId: string): Promise<Review[]> {
  const { rows } = await db.query<Omit<Review, "at"> & { at: Date }>(
    `select reviews.reviewer, users.display_name as "reviewerName", reviews.verdict, reviews.tests,
       reviews.reason, reviews.reason_text as "reasonText", reviews.at
     from reviews join users on users.id = reviews.reviewer
     where reviews.incident_id = $1 order by reviews.at`,
    [incidentId],
  );
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

async function readWarnings(db: Queryable, incidentId: string): Promise<WarningView[]> {
  const { rows } = await db.query<
    Omit<WarningView, "graceUntil" | "createdAt" | "openedAt"> & {
      graceUntil: Date;
      createdAt: Date;
      openedAt: Date | null;
    }
  >(
    `select warnings.id as "warningId", warnings.level, warnings.state, warnings.letter_zh as "letterZh",
       warnings.letter_en as "letterEn", warnings.grace_until as "graceUntil",
       warnings.created_at as "createdAt", warnings.opened_at as "openedAt", warnings.audience, warnings.result,
       (select coalesce(json_agg(json_build_object('channel', delivery.channel, 'state', delivery.state,
          'attempts', delivery.attempts) order by delivery.channel), '[]')
        from warning_deliveries as delivery where delivery.warning_id = warnings.id) as deliveries
     from warnings where warnings.incident_id = $1 order by warnings.level`,
    [incidentId],
  );
  return rows.map((row) => ({
    ...row,
    graceUntil: iso(row.graceUntil),
    createdAt: iso(row.createdAt),
    openedAt: isoOrNull(row.openedAt),
  }));
}

/** Of the latest warning's looks the last that was made, or failed; one that still waits where there is no other. */
async function readProposal(db: Queryable, incidentId: string): Promise<RecheckProposal | null> {
  const { rows } = await db.query<Omit<RecheckProposal, "proposes" | "seenAt"> & { seenAt: Date | null }>(
    `select rechecks.id as "recheckId", rechecks.state, rechecks.result, rechecks.seen_at as "seenAt",
       rechecks.fault
     from rechecks join warnings on warnings.id = rechecks.warning_id
     where rechecks.incident_id = $1
     order by warnings.level desc, rechecks.state in ('done', 'failed') desc, rechecks.state = 'cancelled',
       rechecks.done_at desc nulls last, rechecks.due_at desc
     limit 1`,
    [incidentId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const proposals = { gone: "corrected", still_there: "not_corrected", unclear: null } as const;
  return {
    ...row,
    seenAt: isoOrNull(row.seenAt),
    proposes: row.result === null ? null : proposals[row.result],
  };
}

async function readCaseLink(db: Queryable, incidentId: string): Promise<IncidentParts["case"]> {
  const { rows } = await db.query<{ caseId: string; caseNo: string | null; state: CaseState }>(
    `select cases.id as "caseId", cases.case_no as "caseNo", cases.state
     from cases where cases.incident_id = $1`,
    [incidentId],
  );
  return rows[0] ?? null;
}
