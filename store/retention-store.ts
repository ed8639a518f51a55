import {
  type DeletionRule,
  deletionRules,
  type PlannedDeletion,
  planDeletions,
  type RetentionFacts,
  type RetentionParameters,
} from "../casework/evidence/retention.ts";
import { type IncidentState, transitionIncident } from "../casework/incident/incident-lifecycle.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Act } from "./act.ts";
import { readDatabaseTime } from "./database-time.ts";
import { logEvidence, noteOnTimeline, personOf } from "./evidence-record.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Queryable, Tx } from "./pool.ts";

/** Evidence whose deletion is decided and whose files may be destroyed: the object store is asked for nothing else. */
export interface DecidedDeletion {
  readonly incidentId: string;
  /** Key of the bundle in the object store. */
  readonly bundlePath: string;
}

/** Evidence in a state that may end its time, and what the rules ask about it. */
export interface KeptEvidence extends RetentionFacts {
  readonly bundlePath: string;
}

interface FactsRow extends Omit<KeptEvidence, "recordedAt" | "settledAt"> {
  readonly recordedAt: Date;
  readonly settledAt: Date;
}

const FACTS = `incidents.id as "incidentId", incidents.state, incidents.bundle_path as "bundlePath",
  greatest(incidents.triggered_at, incidents.ended_at) as "recordedAt",
  coalesce((select max(timeline.at) from timeline_entries as timeline
            where timeline.subject_kind = 'incident' and timeline.subject_id = incidents.id
              and timeline.to_state = incidents.state), incidents.created_at) as "settledAt",
  exists (select 1 from cases where cases.incident_id = incidents.id) as "hasCase",
  (select count(*)::integer from evidence_holds as holds
   where holds.incident_id = incidents.id and holds.released_at is null) as "openHolds"`;

/** Evidence that may be due: in a state that ends its time, and without a tombstone. By id, after the one named. */
export async function listKeptEvidence(
  db: Queryable,
  { limit, recordedBefore, after }: { limit: number; recordedBefore: Date; after: string | null },
): Promise<KeptEvidence[]> {
  const { rows } = await db.query<FactsRow>(
    `select ${FACTS} from incidents
     where incidents.state = any ($1) and incidents.triggered_at < $2 and ($3::text is null or incidents.id > $3)
       and not exists (select 1 from evidence_tombstones as tombstones where tombstones.incident_id = incidents.id)
     order by incidents.id limit $4`,
    [dueStates, recordedBefore, after, limit],
  );
  return rows.map(toKept);
}

const dueStates = Object.keys(deletionRules) as IncidentState[];

/**
 * First step of deleting: a tombstone, a line on the timeline and an entry of the evidence log, and nothing is gone yet.
 * Asks the rules again under the incident's lock, so a hold that came in between wins, and for the earlier of two
 * clocks, so one that runs ahead ends nothing.
 *
 * @param seal the bundle's seal.json, null when it is lost
 * @returns null when the evidence is to stay after all
 */
export async function decideDeletion(
  tx: Tx,
  act: Act,
  incidentId: string,
  parameters: RetentionParameters,
  seal: object | null,
): Promise<DecidedDeletion | null> {
  await lockIncident(tx, act, incidentId);
  const { rows } = await tx.query<FactsRow & { isDecided: boolean }>(
    `select ${FACTS}, exists (select 1 from evidence_tombstones as tombstones
                              where tombstones.incident_id = incidents.id) as "isDecided"
     from incidents where incidents.id = $1`,
    [incidentId],
  );
  const row = rows[0];
  if (row === undefined || row.isDecided) return null;
  const [planned] = planDeletions(await earlierTime(tx, act), [toKept(row)], parameters);
  if (planned === undefined) return null;
  const bundlePath = await addTombstone(tx, act, planned, seal);
  const detail = { rule: planned.rule, keptThrough: planned.keptThrough, rawDays: parameters.rawDays };
  await noteOnTimeline(tx, act, incidentId, "decide_deletion", detail, deletionRules[planned.rule].zh);
  await logEvidence(tx, act, incidentId, { kind: "retention_decided", why: planned.rule, detail });
  return { incidentId, bundlePath };
}

function earlierTime(tx: Tx, act: Act): Promise<EpochMs> {
  return readDatabaseTime(tx).then((time) => Math.min(act.at, time));
}

/** Incidents that wait for review past the end of its time. By id, after the one named. */
export async function listOverdueReviews(
  db: Queryable,
  { limit, now, after }: { limit: number; now: EpochMs; after: string | null },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select incidents.id from incidents
     where incidents.state = 'review_pending' and incidents.review_due <= $1
       and ($2::text is null or incidents.id > $2)
     order by incidents.id limit $3`,
    [new Date(now), after, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * The time for review ran out (I6): from now on the record is never usable. Asks the lifecycle under the incident's
 * lock, so a person who decided in time wins, and for the earlier of two clocks.
 *
 * @returns false when somebody decided just now, or it is not due by both clocks
 */
export async function expireReview(tx: Tx, act: Act, incidentId: string): Promise<boolean> {
  const incident = await lockIncident(tx, act, incidentId);
  const asked = { ...act, at: await earlierTime(tx, act) };
  const move = { action: "expire" } as const;
  if (!transitionIncident(incident, move, asked.actor, asked.at).ok) return false;
  await applyMove(tx, asked, incident, move);
  return true;
}

async function addTombstone(
  tx: Tx,
  act: Act,
  { incidentId, rule, keptThrough }: PlannedDeletion,
  seal: object | null,
): Promise<string> {
  const { rows } = await tx.query<{ bundlePath: string }>(
    `insert into evidence_tombstones (incident_id, bundle_path, camera_id, region, manifest_sha256, seal, rule,
       kept_through, decided_by, decided_at)
     select incidents.id, incidents.bundle_path, incidents.camera_id, incidents.region, incidents.manifest_sha256,
       $2, $3, $4, $5, $6
     from incidents where incidents.id = $1 returning bundle_path as "bundlePath"`,
    [
      incidentId,
      seal === null ? null : JSON.stringify(seal),
      rule,
      keptThrough,
      act.actor.kind === "system" ? act.actor.name : personOf(act),
      new Date(act.at),
    ],
  );
  if (rows[0] === undefined) throw new Error(`the incident ${incidentId} is locked and not there`);
  return rows[0].bundlePath;
}

/** Deletions that were decided and not finished: a kill came in between. */
export async function listUnfinishedDeletions(db: Queryable, limit: number): Promise<DecidedDeletion[]> {
  const { rows } = await db.query<DecidedDeletion>(
    `select tombstones.incident_id as "incidentId", tombstones.bundle_path as "bundlePath"
     from evidence_tombstones as tombstones where tombstones.deleted_at is null
     order by tombstones.decided_at, tombstones.incident_id limit $1`,
    [limit],
  );
  return rows;
}

/**
 * Last step of deleting, once the files are gone: the plate that was read from them goes too, the one thing in the
 * incident's facts that leads to a person. Again: changes nothing.
 */
export async function recordDeletion(tx: Tx, act: Act, { incidentId }: DecidedDeletion): Promise<void> {
  await lockIncident(tx, act, incidentId);
  const { rows } = await tx.query<{ rule: DeletionRule }>(
    `update evidence_tombstones set deleted_at = $2
     where evidence_tombstones.incident_id = $1 and evidence_tombstones.deleted_at is null
     returning evidence_tombstones.rule`,
    [incidentId, new Date(act.at)],
  );
  if (rows[0] === undefined) return;
  await tx.query(
    `update incidents set facts = jsonb_set(incidents.facts, '{plate}', 'null') where incidents.id = $1`,
    [incidentId],
  );
  await noteOnTimeline(tx, act, incidentId, "delete_evidence", { rule: rows[0].rule });
  await logEvidence(tx, act, incidentId, { kind: "deleted", why: rows[0].rule, detail: {} });
}

/** Whether the bundle's deletion was decided: what comes again from a spool is not stored again. */
export async function isDeletionDecided(db: Queryable, bundlePath: string): Promise<boolean> {
  const { rowCount } = await db.query(
    "select 1 from evidence_tombstones as tombstones where tombstones.bundle_path = $1",
    [bundlePath],
  );
  return rowCount === 1;
}

function toKept({ recordedAt, settledAt, ...row }: FactsRow): KeptEvidence {
  return { ...row, recordedAt: recordedAt.getTime(), settledAt: settledAt.getTime() };
}
