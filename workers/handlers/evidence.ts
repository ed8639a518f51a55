import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { sha256Hex } from "../../pipeline/evidence/hash.ts";
import { type Manifest, manifestSchema } from "../../pipeline/evidence/manifest-schema.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import { recordIncident } from "../../store/incident-store.ts";
import { withTx } from "../../store/pool.ts";
import type { WorkerContext } from "../context.ts";

/**
 * A sealed bundle becomes an incident that waits for review: verify, copy into the object store, verify the copy,
 * record, and only then empty the spool. Each step may be repeated after a kill; `incidents.candidate_id` is unique.
 */
export async function storeEvidence(context: WorkerContext, payload: Payload<"evidence">): Promise<void> {
  const { candidateId } = payload;
  const log = context.log.child({ candidateId });
  const spooled = join(context.spoolDir, candidateId);
  const stored = context.objects.localPath(candidateId);
  try {
    await verify(spooled, candidateId);
  } catch (err) {
    // An earlier try recorded it and was killed while it emptied the spool.
    if (await isStored(context, candidateId, stored)) {
      await rm(spooled, { recursive: true, force: true });
      return;
    }
    if (err instanceof UnrecoverableError)
      log.error({ err }, "a spooled bundle is broken; it stays in the spool for a person to look at");
    throw err;
  }
  await context.objects.takeIn(candidateId, spooled);
  await verify(stored, candidateId);
  const { incidentId, created, manifest } = await record(context, candidateId);
  if (created) countLatency(context, manifest);
  await rm(spooled, { recursive: true, force: true });
  log.info({ incidentId, created }, created ? "incident waits for review" : "incident was recorded before");
}

/** How long it took until people can review it. */
function countLatency({ metrics, clock }: WorkerContext, { candidate, createdAt }: Manifest): void {
  const now = clock.now();
  metrics.incident("triggered", (now - Date.parse(candidate.triggeredAt)) / 1000);
  metrics.incident("sealed", (now - Date.parse(createdAt)) / 1000);
}

/** Throws `NotABundleError` when there is none, `UnrecoverableError` when it is broken: trying again mends nothing. */
async function verify(folder: string, candidateId: string): Promise<void> {
  const { bundleId, problems } = await verifyBundle(folder);
  const codes = problems.map(({ code, file }) => (file === undefined ? code : `${code} ${file}`));
  if (bundleId !== null && bundleId !== candidateId) codes.push(`it is the bundle of ${bundleId}`);
  if (codes.length > 0)
    throw new UnrecoverableError(`bundle ${candidateId} does not verify: ${codes.join(", ")}`);
}

async function isStored(context: WorkerContext, candidateId: string, stored: string): Promise<boolean> {
  const { rowCount } = await context.pool.query("select 1 from incidents where incidents.candidate_id = $1", [
    candidateId,
  ]);
  return rowCount === 1 && (await verifyBundle(stored)).ok;
}

async function record(context: WorkerContext, candidateId: string) {
  const bytes = await readFile(join(context.objects.localPath(candidateId), "manifest.json"));
  const manifest = manifestSchema.parse(JSON.parse(bytes.toString("utf8")));
  const act: Act = {
    actor: { kind: "system", name: "evidence-worker" },
    scope: "every",
    at: context.clock.now(),
    newId,
  };
  const { candidate } = manifest;
  const recorded = await withTx(context.pool, (tx) =>
    recordIncident(tx, act, {
      candidateId,
      cameraId: manifest.camera.id,
      violation: manifest.violation,
      facts: factsOf(manifest),
      bundlePath: candidateId,
      manifestSha256: sha256Hex(bytes),
      occurredAt: Date.parse(candidate.startedAt),
      triggeredAt: Date.parse(candidate.triggeredAt),
      endedAt: candidate.endedAt === null ? null : Date.parse(candidate.endedAt),
      reviewDue: null,
      evidence: manifest.files.map(({ path, role, mediaType, sha256, sizeBytes }) => ({
        path,
        role,
        mediaType,
        sha256,
        sizeBytes,
      })),
    }),
  );
  return { ...recorded, manifest };
}

function factsOf(manifest: Manifest): IncidentFactsRecord {
  const { candidate, rule } = manifest;
  return {
    label: candidate.label,
    score: candidate.score,
    box: candidate.box,
    location: manifest.camera.location,
    zone: { id: manifest.zone.id, polygon: manifest.zone.polygon },
    rule: { id: rule.id, dwellSeconds: rule.dwellSeconds, graceSeconds: rule.graceSeconds },
    startedAt: candidate.startedAt,
    dwellMs: candidate.dwellMs,
    unobservedMs: candidate.unobservedMs,
    ledger: manifest.ledger.map(({ kind, from, to }) => ({ kind, from, to })),
    model: { id: manifest.model.id, sha256: manifest.model.sha256 },
  };
}
