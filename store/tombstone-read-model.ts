import type { DeletionRule } from "../casework/evidence/retention.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";

/** What is left of deleted evidence. With the seal in it anybody can check that the gap in the chain had this bundle. */
export interface Tombstone {
  readonly incidentId: string;
  readonly bundleId: string;
  readonly cameraId: string;
  readonly manifestSha256: string;
  /** From the seal; null when that was lost. */
  readonly sequence: number | null;
  readonly seal: Record<string, unknown> | null;
  readonly rule: DeletionRule;
  /** Local date: `2026-04-09`. */
  readonly keptThrough: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
  /** Null while the files are being removed. */
  readonly deletedAt: string | null;
}

/** Tombstones in scope, of one camera or of all, oldest first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listTombstones(
  db: Queryable,
  query: { scope: RegionScope; cameraId: string | null; limit: number; cursor: string | null },
): Promise<Page<Tombstone>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  const { rows } = await db.query<
    Omit<Tombstone, "decidedAt" | "deletedAt"> & { decidedAt: Date; deletedAt: Date | null }
  >(
    `select tombstones.incident_id as "incidentId", incidents.candidate_id as "bundleId",
       tombstones.camera_id as "cameraId", tombstones.manifest_sha256 as "manifestSha256",
       (tombstones.seal ->> 'sequence')::integer as sequence, tombstones.seal, tombstones.rule,
       to_char(tombstones.kept_through, 'YYYY-MM-DD') as "keptThrough", tombstones.decided_by as "decidedBy",
       tombstones.decided_at as "decidedAt", tombstones.deleted_at as "deletedAt"
     from evidence_tombstones as tombstones join incidents on incidents.id = tombstones.incident_id
     where ${inScope("tombstones.region", "$1")} and ($2::text is null or tombstones.camera_id = $2)
       and ($3::timestamptz is null or (tombstones.decided_at, tombstones.incident_id) > ($3, $4))
     order by tombstones.decided_at, tombstones.incident_id limit $5`,
    [scopePrefixes(query.scope), query.cameraId, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(
    rows,
    query.limit,
    (row) => ({ ...row, decidedAt: iso(row.decidedAt), deletedAt: isoOrNull(row.deletedAt) }),
    (row) => ({ at: row.decidedAt, id: row.incidentId }),
  );
}

/** The tombstone of one incident, null when its evidence is there. Ask only for an incident already found in scope. */
export async function findTombstone(
  db: Queryable,
  incidentId: string,
): Promise<Pick<Tombstone, "rule" | "keptThrough" | "decidedAt"> | null> {
  const { rows } = await db.query<{ rule: DeletionRule; keptThrough: string; decidedAt: Date }>(
    `select tombstones.rule, to_char(tombstones.kept_through, 'YYYY-MM-DD') as "keptThrough",
       tombstones.decided_at as "decidedAt"
     from evidence_tombstones as tombstones where tombstones.incident_id = $1`,
    [incidentId],
  );
  return rows[0] === undefined ? null : { ...rows[0], decidedAt: iso(rows[0].decidedAt) };
}
