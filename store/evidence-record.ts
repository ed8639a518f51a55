import { alreadyDeleted } from "../casework/evidence/retention.ts";
import { personRequired } from "../casework/roles.ts";
import { type Act, userIdOf } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { appendLogEntry, type NewLogEntry } from "./evidence-log-store.ts";
import type { Queryable, Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** What the evidence log calls the bundle of an incident. */
export interface BundleOnRecord {
  /** `cnd_…` */
  readonly bundleId: string;
  readonly manifestSha256: string;
}

/** Throws `NotFoundError`. */
export async function readBundleOnRecord(db: Queryable, incidentId: string): Promise<BundleOnRecord> {
  const { rows } = await db.query<BundleOnRecord>(
    `select incidents.candidate_id as "bundleId", incidents.manifest_sha256 as "manifestSha256"
     from incidents where incidents.id = $1`,
    [incidentId],
  );
  if (rows[0] === undefined) throw new NotFoundError("incident", incidentId);
  return rows[0];
}

/** One entry of the evidence log about an incident's bundle. Make it the transaction's last step. */
export async function logEvidence(
  tx: Tx,
  act: Act,
  incidentId: string,
  entry: Pick<NewLogEntry, "kind" | "why"> & { readonly detail: object },
): Promise<void> {
  const bundle = await readBundleOnRecord(tx, incidentId);
  await appendLogEntry(tx, act, { ...entry, ...bundle, detail: { incidentId, ...entry.detail } });
}

/**
 * What happens to the evidence of an incident stands on the incident's timeline too; its state stays as it is. The
 * timeline outlives the evidence: ids and fixed words only; what somebody wrote in their own stays in the grant or hold.
 */
export function noteOnTimeline(
  tx: Tx,
  act: Act,
  incidentId: string,
  action: string,
  detail: object,
  why: string | null = null,
): Promise<void> {
  return appendTimeline(tx, act, {
    kind: "incident",
    id: incidentId,
    action,
    from: null,
    to: null,
    why,
    detail,
  });
}

/**
 * Throws `RefusedError` once the deletion of an incident's evidence was decided. Whoever then writes something that
 * deletion must not overtake holds the incident's lock.
 */
export async function refuseIfDeleted(db: Queryable, incidentId: string): Promise<void> {
  const { rowCount } = await db.query(
    "select 1 from evidence_tombstones as tombstones where tombstones.incident_id = $1",
    [incidentId],
  );
  if (rowCount !== 0) throw new RefusedError(alreadyDeleted);
}

/** User id of whoever acts. Throws `RefusedError` when it is no person. */
export function personOf(act: Act): string {
  const userId = userIdOf(act.actor);
  if (userId === null) throw new RefusedError(personRequired);
  return userId;
}
