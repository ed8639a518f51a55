import type pg from "pg";
import { type ExportWish, exportPurposes, groundForExport } from "../casework/evidence/evidence-export.ts";
import type { Actor } from "../casework/roles.ts";
import { ExportError } from "../pipeline/evidence/export-error.ts";
import { type ExportResult, exportBundle } from "../pipeline/evidence/export-zip.ts";
import { readKeyList } from "../pipeline/evidence/key-folder.ts";
import { logProofBytes } from "../pipeline/evidence/log/log-proof.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { logEvidence, noteOnTimeline, refuseIfDeleted } from "./evidence-record.ts";
import { listGrantsOf } from "./grant-read-model.ts";
import { lockIncident } from "./incident-row.ts";
import { NoLogProofError, proveBundle } from "./log-proof-read-model.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Queryable, type Tx, withTx } from "./pool.ts";

/** What one installation exports from. */
export interface ExportDesk {
  readonly pool: pg.Pool;
  readonly objects: ObjectStore;
  /** Where the site's public keys are. */
  readonly keysDir: string;
  /** The verifier as a script and as a page: they travel in the zip. */
  readonly verifier: { readonly script: Uint8Array; readonly page: Uint8Array };
}

export interface StoredExportRequest extends ExportWish {
  /** `inc_…`, or the bundle's own `cnd_…`. */
  readonly id: string;
  /** The person who takes it; `act.actor` too, unless a program acts for them. */
  readonly by: Actor & { readonly kind: "user" };
  /** Where the zip goes; nothing may be there yet. */
  readonly outPath: string;
}

interface StoredBundle {
  readonly incidentId: string;
  readonly bundleId: string;
  readonly bundlePath: string;
  readonly manifestSha256: string;
}

/**
 * Hands out the stored bundle of an incident as a zip that checks itself, with the site's keys and, once a checkpoint
 * covers it, the proof from the evidence log. Who took what and for what is on the timeline and in the log before the
 * zip has its name: what is not on record is not handed out.
 *
 * @throws NotFoundError outside the scope too; RefusedError when this person may not, or the evidence is deleted;
 *   ExportError when what is stored is not what is on record
 */
export async function exportStored(
  desk: ExportDesk,
  act: Act,
  request: StoredExportRequest,
): Promise<ExportResult> {
  const { pool, objects } = desk;
  // Asked before, so that nothing is decrypted for nothing, and again when it is written down.
  const stored = await withTx(pool, async (tx) => (await authorise(tx, act, request)).stored);
  const keys = await readKeyList(desk.keysDir);
  const proof = await proofOf(pool, stored.bundleId);
  return exportBundle({
    source: await objects.openBundle(stored.bundlePath),
    outPath: request.outPath,
    include: request.include,
    exportedAt: act.at,
    verifier: desk.verifier,
    publicKeys: (keys?.keys ?? []).map(({ publicKey }) => publicKey),
    ...(proof === undefined ? {} : { proof }),
    async onRecord({ facts }) {
      if (facts.manifestSha256 !== stored.manifestSha256)
        throw new ExportError(
          `What is stored as ${stored.bundlePath} is not the bundle that was recorded as ${stored.incidentId}: its manifest is ${facts.manifestSha256}, on record is ${stored.manifestSha256}.`,
        );
      await withTx(pool, (tx) => noteExport(tx, act, request));
    },
  });
}

/** Under the incident's lock: is the evidence still there, and may this person take it? */
async function authorise(
  tx: Tx,
  act: Act,
  { id, by, ...wish }: StoredExportRequest,
): Promise<{ stored: StoredBundle; grantId: string | null }> {
  const stored = await findStored(tx, act, id);
  await lockIncident(tx, act, stored.incidentId);
  await refuseIfDeleted(tx, stored.incidentId);
  const grants = await listGrantsOf(tx, stored.incidentId, by.userId);
  const decision = groundForExport(
    wish,
    grants.map((grant) => ({
      ...grant,
      expiresAt: grant.expiresAt === null ? null : Date.parse(grant.expiresAt),
    })),
    by,
    act.at,
  );
  if (!decision.ok) throw new RefusedError(decision.refusal);
  return { stored, grantId: decision.grantId };
}

async function noteExport(tx: Tx, act: Act, request: StoredExportRequest): Promise<void> {
  const { stored, grantId } = await authorise(tx, act, request);
  const { include, purpose, by } = request;
  // A program cannot tell whether it was really they: it says who was named, not that they acted.
  const detail = { include, grantId, ...(act.actor.kind === "user" ? {} : { by: by.userId }) };
  await noteOnTimeline(
    tx,
    act,
    stored.incidentId,
    "export",
    { ...detail, purpose },
    exportPurposes[purpose].zh,
  );
  await logEvidence(tx, act, stored.incidentId, { kind: "exported", why: purpose, detail });
}

async function findStored(db: Queryable, act: Act, id: string): Promise<StoredBundle> {
  const { rows } = await db.query<StoredBundle>(
    `select incidents.id as "incidentId", incidents.candidate_id as "bundleId",
       incidents.bundle_path as "bundlePath", incidents.manifest_sha256 as "manifestSha256"
     from incidents
     where (incidents.id = $1 or incidents.candidate_id = $1) and ${inScope("incidents.region", "$2")}`,
    [id, scopePrefixes(act.scope)],
  );
  if (rows[0] === undefined) throw new NotFoundError("incident", id);
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
