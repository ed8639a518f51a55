import { exportPurposes } from "../casework/evidence/evidence-export.ts";
import { ExportError } from "../pipeline/evidence/export-error.ts";
import { type ExportResult, exportBundle } from "../pipeline/evidence/export-zip.ts";
import { readKeyList } from "../pipeline/evidence/key-folder.ts";
import { logProofBytes } from "../pipeline/evidence/log/log-proof.ts";
import type { Act } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import { logEvidence, noteOnTimeline, refuseIfDeleted } from "./evidence-record.ts";
import { type EvidenceItem, readIncidentParts } from "./incident-parts.ts";
import { lockIncident } from "./incident-row.ts";
import { NoLogProofError, proveBundle } from "./log-proof-read-model.ts";
import { type Queryable, type Tx, withTx } from "./pool.ts";
import { markRecordSeen } from "./portal-link-store.ts";
import type { ExportDesk } from "./stored-export.ts";
import { findTombstone } from "./tombstone-read-model.ts";

/** The masked copies of one record, for the party. */
export interface MaskedRecord {
  readonly incidentId: string;
  readonly bundlePath: string;
  readonly occurredAt: string;
  /** Empty once the evidence was deleted. */
  readonly files: readonly EvidenceItem[];
}

interface Bundle {
  readonly bundleId: string;
  readonly bundlePath: string;
  readonly manifestSha256: string;
  readonly occurredAt: Date;
}

/**
 * Records that a person has confirmed, with their masked copies and nothing else. Whoever asks has found out already that
 * these incidents are the party's.
 */
export async function readMaskedRecords(
  db: Queryable,
  incidentIds: readonly string[],
): Promise<MaskedRecord[]> {
  const { rows } = await db.query<Bundle & { incidentId: string }>(
    `select incidents.id as "incidentId", incidents.candidate_id as "bundleId",
       incidents.bundle_path as "bundlePath", incidents.manifest_sha256 as "manifestSha256",
       incidents.occurred_at as "occurredAt"
     from incidents where incidents.id = any ($1)
       and exists (select 1 from reviews where reviews.incident_id = incidents.id and reviews.verdict = 'confirmed')
     order by incidents.occurred_at, incidents.id`,
    [incidentIds],
  );
  const records: MaskedRecord[] = [];
  for (const { incidentId, bundlePath, occurredAt } of rows) {
    const gone = (await findTombstone(db, incidentId)) !== null;
    const files = gone ? [] : (await readIncidentParts(db, incidentId)).evidence.filter(isMasked);
    records.push({ incidentId, bundlePath, occurredAt: occurredAt.toISOString(), files });
  }
  return records;
}

/** The first look over a link stands in the evidence log, as the letter's first opening does. */
export async function noteRecordSeen(tx: Tx, act: Act, linkId: string, incidentId: string): Promise<void> {
  if (!(await markRecordSeen(tx, act, linkId, incidentId))) return;
  await logEvidence(tx, act, incidentId, { kind: "served", why: "inform_party", detail: { linkId } });
}

/**
 * The masked copies as a zip that checks itself, for the party who has the link: as `exportStored` hands them to an officer,
 * and on record before the zip has its name.
 *
 * @throws RefusedError when the evidence is deleted; ExportError when what is stored is not what is on record
 */
export async function exportForParty(
  desk: ExportDesk,
  act: Act,
  request: { readonly linkId: string; readonly incidentId: string; readonly outPath: string },
): Promise<ExportResult> {
  const { pool, objects } = desk;
  const { incidentId, linkId } = request;
  await refuseIfDeleted(pool, incidentId);
  const stored = await readBundle(pool, incidentId);
  const keys = await readKeyList(desk.keysDir);
  const proof = await proofOf(pool, stored.bundleId);
  return exportBundle({
    source: await objects.openBundle(stored.bundlePath),
    outPath: request.outPath,
    include: "masked",
    exportedAt: act.at,
    verifier: desk.verifier,
    publicKeys: (keys?.keys ?? []).map(({ publicKey }) => publicKey),
    ...(proof === undefined ? {} : { proof }),
    async onRecord({ facts }) {
      if (facts.manifestSha256 !== stored.manifestSha256)
        throw new ExportError(
          `What is stored as ${stored.bundlePath} is not the bundle that was recorded as ${incidentId}.`,
        );
      await withTx(pool, async (tx) => {
        await lockIncident(tx, act, incidentId);
        await refuseIfDeleted(tx, incidentId);
        const detail = { include: "masked", linkId };
        await noteOnTimeline(tx, act, incidentId, "export", detail, exportPurposes.inform_party.zh);
        await logEvidence(tx, act, incidentId, { kind: "exported", why: "inform_party", detail });
      });
    },
  });
}

function isMasked({ path }: EvidenceItem): boolean {
  return path.startsWith("masked/");
}

async function readBundle(db: Queryable, incidentId: string): Promise<Bundle> {
  const { rows } = await db.query<Bundle>(
    `select incidents.candidate_id as "bundleId", incidents.bundle_path as "bundlePath",
       incidents.manifest_sha256 as "manifestSha256", incidents.occurred_at as "occurredAt"
     from incidents where incidents.id = $1`,
    [incidentId],
  );
  if (rows[0] === undefined) throw new NotFoundError("incident", incidentId);
  return rows[0];
}

/** Undefined as long as no checkpoint covers the bundle's entry. */
async function proofOf(db: Queryable, bundleId: string): Promise<Uint8Array | undefined> {
  try {
    return logProofBytes(await proveBundle(db, bundleId));
  } catch (error) {
    if (error instanceof NoLogProofError) return undefined;
    throw error;
  }
}
