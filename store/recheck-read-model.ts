import type { IncidentState } from "../casework/incident/incident-lifecycle.ts";
import type { LookResult } from "../casework/warning/recheck-verdict.ts";
import type { Camera, CameraSource, EpochMs } from "../pipeline/domain/types.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { type IncidentFactsRecord, incidentFacts } from "./incident-facts.ts";
import type { Queryable } from "./pool.ts";
import type { PairedStill } from "./recheck-store.ts";

export type RecheckState = "pending" | "running" | "done" | "failed" | "cancelled";

/** Everything a worker needs to look again. The source may hold credentials: never send it on. */
export interface RecheckTask {
  readonly recheckId: string;
  readonly incidentId: string;
  readonly state: RecheckState;
  readonly nextAt: EpochMs;
  readonly attempts: number;
  readonly incidentState: IncidentState;
  /** As it is now, switched on or not; without a source nothing can be looked at. */
  readonly camera: Camera;
  readonly cameraEnabled: boolean;
  readonly violation: string;
  readonly facts: IncidentFactsRecord;
  /** The trigger still, as it was sealed; null where the incident has none. */
  readonly before: PairedStill | null;
}

interface TaskRow extends Omit<RecheckTask, "camera" | "facts" | "before" | "nextAt"> {
  readonly nextAt: Date;
  readonly document: Omit<Camera, "source">;
  readonly source: CameraSource | null;
  readonly facts: unknown;
  readonly bundlePath: string;
  readonly stills: { path: string; sha256: string }[];
}

/** Undefined when there is none. */
export async function findRecheckTask(db: Queryable, recheckId: string): Promise<RecheckTask | undefined> {
  const { rows } = await db.query<TaskRow>(
    `select rechecks.id as "recheckId", rechecks.incident_id as "incidentId", rechecks.state,
       rechecks.next_at as "nextAt", rechecks.attempts, incidents.state as "incidentState",
       cameras.document, cameras.source, cameras.enabled as "cameraEnabled", incidents.violation,
       incidents.facts, incidents.bundle_path as "bundlePath",
       (select coalesce(json_agg(json_build_object('path', items.path, 'sha256', items.sha256) order by items.path), '[]')
        from evidence_items as items
        where items.incident_id = incidents.id and items.path ~ 'still-.*trigger.jpg$') as stills
     from rechecks
     join incidents on incidents.id = rechecks.incident_id
     join cameras on cameras.id = incidents.camera_id
     where rechecks.id = $1`,
    [recheckId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { document, source, facts, bundlePath, stills, ...rest } = row;
  return {
    ...rest,
    nextAt: row.nextAt.getTime(),
    camera: source === null ? document : { ...document, source },
    facts: incidentFacts.parse(facts),
    before: pairOf(bundlePath, stills),
  };
}

function pairOf(bundlePath: string, stills: TaskRow["stills"]): PairedStill | null {
  const original = stills.find(({ path }) => path.startsWith("originals/"));
  const masked = stills.find(({ path }) => path.startsWith("masked/"));
  return original === undefined || masked === undefined ? null : { bundlePath, original, masked };
}

/** Looks that nobody has finished, next first: what the queue is re-armed from. */
export async function listOpenRechecks(
  db: Queryable,
  limit: number,
): Promise<{ recheckId: string; nextAt: EpochMs }[]> {
  const { rows } = await db.query<{ recheckId: string; nextAt: Date }>(
    `select rechecks.id as "recheckId", rechecks.next_at as "nextAt" from rechecks
     where rechecks.state in ('pending', 'running') order by rechecks.next_at, rechecks.id limit $1`,
    [limit],
  );
  return rows.map(({ recheckId, nextAt }) => ({ recheckId, nextAt: nextAt.getTime() }));
}

/** A look as an officer sees it. */
export interface RecheckView {
  readonly recheckId: string;
  readonly warningId: string;
  readonly state: RecheckState;
  readonly askedByName: string | null;
  readonly dueAt: string;
  readonly nextAt: string;
  readonly attempts: number;
  readonly fault: string | null;
  readonly seenAt: string | null;
  readonly result: LookResult | null;
  readonly before: PairedStill | null;
  readonly after: PairedStill | null;
  readonly detections: readonly object[];
}

interface ViewRow extends Omit<RecheckView, "dueAt" | "nextAt" | "seenAt"> {
  readonly dueAt: Date;
  readonly nextAt: Date;
  readonly seenAt: Date | null;
}

const VIEW = `select rechecks.id as "recheckId", rechecks.warning_id as "warningId", rechecks.state,
    users.display_name as "askedByName", rechecks.due_at as "dueAt", rechecks.next_at as "nextAt",
    rechecks.attempts, rechecks.fault, rechecks.seen_at as "seenAt", rechecks.result,
    rechecks.before_still as before, rechecks.after_still as after,
    coalesce(rechecks.detections, '[]') as detections
  from rechecks left join users on users.id = rechecks.asked_by`;

/** Every look at an incident, oldest first. Ask only for an incident already found in scope. */
export async function listRechecks(db: Queryable, incidentId: string): Promise<RecheckView[]> {
  const { rows } = await db.query<ViewRow>(
    `${VIEW} where rechecks.incident_id = $1 order by rechecks.due_at, rechecks.id`,
    [incidentId],
  );
  return rows.map(toView);
}

/** One look and its incident; undefined when there is none in the scope. */
export async function findRecheck(
  db: Queryable,
  scope: RegionScope,
  recheckId: string,
): Promise<(RecheckView & { incidentId: string }) | undefined> {
  const { rows } = await db.query<ViewRow & { incidentId: string }>(
    `${VIEW.replace("select ", 'select rechecks.incident_id as "incidentId", ')}
     join incidents on incidents.id = rechecks.incident_id
     where rechecks.id = $1 and ${inScope("incidents.region", "$2")}`,
    [recheckId, scopePrefixes(scope)],
  );
  const row = rows[0];
  return row === undefined ? undefined : { ...toView(row), incidentId: row.incidentId };
}

/** What the object store keeps of an incident's looks: it goes when the incident's evidence goes. */
export async function listLookBundles(db: Queryable, incidentId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "select rechecks.id from rechecks where rechecks.incident_id = $1 order by rechecks.id",
    [incidentId],
  );
  return rows.map(({ id }) => id);
}

function toView(row: ViewRow): RecheckView {
  return { ...row, dueAt: iso(row.dueAt), nextAt: iso(row.nextAt), seenAt: isoOrNull(row.seenAt) };
}
