import type { IncidentMove, IncidentState } from "../casework/incident/incident-lifecycle.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Act } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface NewEvidenceItem {
  /** Path inside the bundle. */
  readonly path: string;
  /** What it shows: `still-trigger`, `clip`, `manifest` … */
  readonly role: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface NewIncident {
  readonly candidateId: string;
  readonly cameraId: string;
  readonly violation: string;
  /** The candidate as the pipeline reported it, and whatever else explains it. */
  readonly facts: object;
  /** Where the object store keeps the bundle. */
  readonly bundlePath: string;
  readonly manifestSha256: string;
  /** First seen. */
  readonly occurredAt: EpochMs;
  readonly triggeredAt: EpochMs;
  /** Null while it still stands. */
  readonly endedAt: EpochMs | null;
  /** End of the time for review. */
  readonly reviewDue: EpochMs | null;
  readonly evidence: readonly NewEvidenceItem[];
}

/**
 * Puts a sealed bundle on record as an incident that waits for review (I1–I3). The same candidate again
 * changes nothing and returns the incident that is there. Throws `NotFoundError` for an unknown camera.
 */
export async function recordIncident(
  tx: Tx,
  act: Act,
  input: NewIncident,
): Promise<{ incidentId: string; created: boolean }> {
  const incidentId = act.newId("inc");
  const inserted = await tx.query(
    `insert into incidents (id, candidate_id, camera_id, camera_version, region, violation, state, facts,
       bundle_path, manifest_sha256, occurred_at, triggered_at, ended_at, review_due, created_at)
     select $1, $2, cameras.id,
       (select max(versions.version) from camera_versions as versions
        where versions.camera_id = cameras.id and versions.effective_from <= $8),
       cameras.region, $4, 'detected', $5, $6, $7, $9, $8, $10, $11, $12
     from cameras where cameras.id = $3
     on conflict (candidate_id) do nothing`,
    [
      incidentId,
      input.candidateId,
      input.cameraId,
      input.violation,
      JSON.stringify(input.facts),
      input.bundlePath,
      input.manifestSha256,
      new Date(input.triggeredAt),
      new Date(input.occurredAt),
      dateOrNull(input.endedAt),
      dateOrNull(input.reviewDue),
      new Date(act.at),
    ],
  );
  if (inserted.rowCount === 0) return { incidentId: await findRecorded(tx, input), created: false };
  await appendTimeline(tx, act, {
    kind: "incident",
    id: incidentId,
    action: "detect",
    from: null,
    to: "detected",
    detail: { candidateId: input.candidateId },
  });
  for (const item of input.evidence) await addEvidenceItem(tx, incidentId, item);
  await moveIncident(tx, act, incidentId, { action: "fix_evidence" });
  await moveIncident(tx, act, incidentId, { action: "queue_review" });
  return { incidentId, created: true };
}

/** The steps that write nothing but the state and the timeline. */
export type PlainMove = Exclude<
  IncidentMove,
  {
    action:
      | "confirm"
      | "reject"
      | "persuade"
      | "escalate"
      | "mark_corrected"
      | "mark_not_corrected"
      | "order_correction";
  }
>;

/** Takes one step (expire, transfer, order_work, dispatch …). */
export async function moveIncident(
  tx: Tx,
  act: Act,
  incidentId: string,
  move: PlainMove,
): Promise<{ state: IncidentState }> {
  const incident = await lockIncident(tx, act, incidentId);
  return { state: await applyMove(tx, act, incident, move) };
}

async function findRecorded(tx: Tx, input: NewIncident): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    "select incidents.id from incidents where incidents.candidate_id = $1",
    [input.candidateId],
  );
  const found = rows[0];
  // Nothing inserted and nothing there: the camera was missing.
  if (found === undefined) throw new NotFoundError("camera", input.cameraId);
  return found.id;
}

async function addEvidenceItem(tx: Tx, incidentId: string, item: NewEvidenceItem): Promise<void> {
  await tx.query(
    `insert into evidence_items (incident_id, path, role, media_type, sha256, size_bytes)
     values ($1, $2, $3, $4, $5, $6)`,
    [incidentId, item.path, item.role, item.mediaType, item.sha256, item.sizeBytes],
  );
}

function dateOrNull(at: EpochMs | null): Date | null {
  return at === null ? null : new Date(at);
}
