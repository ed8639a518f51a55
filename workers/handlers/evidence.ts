import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { reviewDueAt } from "../../casework/evidence/retention.ts";
import { retention } from "../../config/retention.ts";
import { sha256Hex } from "../../pipeline/evidence/hash.ts";
import { type Manifest, manifestSchema } from "../../pipeline/evidence/manifest-schema.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { type VerifyResult, verifySource } from "../../pipeline/evidence/portable/verify-source.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { logEvidence } from "../../store/evidence-record.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import { recordIncident } from "../../store/incident-store.ts";
import { ObjectMissingError } from "../../store/object-store.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { isDeletionDecided } from "../../store/retention-store.ts";
import type { WorkerContext } from "../context.ts";

/**
 * A sealed bundle becomes an incident that waits for review: verify, copy into the object store, verify the copy,
 * record, and only then empty the spool. Each step may be repeated after a kill; `incidents.candidate_id` is unique.
 */
export async function storeEvidence(context: WorkerContext, payload: Payload<"evidence">): Promise<void> {
  const { candidateId } = payload;
  const log = context.log.child({ candidateId });
  const spooled = join(context.spoolDir, candidateId);
  try {
    expectWhole(await verifyBundle(spooled), candidateId);
  } catch (err) {
    // An earlier try recorded it and was killed while it emptied the spool.
    if (await isStored(context, candidateId)) {
      await rm(spooled, { recursive: true, force: true });
      return;
    }
    if (err instanceof UnrecoverableError)
      log.error({ err }, "a spooled bundle is broken; it stays in the spool for a person to look at");
    throw err;
  }
  if (await isDeletionDecided(context.pool, candidateId)) {
    log.warn(
      "a spooled bundle comes again whose evidence was deleted by the rules of retention: it is not kept",
    );
    await rm(spooled, { recursive: true, force: true });
    return;
  }
  await context.objects.takeIn(candidateId, spooled);
  expectWhole(await verifyStored(context, candidateId), candidateId);
  const { incidentId, created, manifest } = await record(context, candidateId);
  if (created) countLatency(context, manifest);
  // Whoever sealed it may have died before the camera's chain knew of it: its number must not be given out again.
  await context.desk.chain.settle(manifest.camera.id, candidateId);
  await rm(spooled, { recursive: true, force: true });
  log.info({ incidentId, created }, created ? "incident waits for review" : "incident was recorded before");
}

/** How long it took until people can review it. */
function countLatency({ metrics, clock }: WorkerContext, { candidate, createdAt }: Manifest): void {
  const now = clock.now();
  metrics.incident("triggered", (now - Date.parse(candidate.triggeredAt)) / 1000);
  metrics.incident("sealed", (now - Date.parse(createdAt)) / 1000);
}

/** Throws `UnrecoverableError` when it is broken: trying again mends nothing. */
function expectWhole({ bundleId, problems }: VerifyResult, candidateId: string): void {
  const codes = problems.map(({ code, file }) => (file === undefined ? code : `${code} ${file}`));
  if (bundleId !== null && bundleId !== candidateId) codes.push(`it is the bundle of ${bundleId}`);
  if (codes.length > 0)
    throw new UnrecoverableError(`bundle ${candidateId} does not verify: ${codes.join(", ")}`);
}

/** The copy in the object store, read as it will be read: decrypted. */
async function verifyStored({ objects }: WorkerContext, candidateId: string): Promise<VerifyResult> {
  return verifySource(await objects.openBundle(candidateId), nodeCrypto);
}

async function isStored(context: WorkerContext, candidateId: string): Promise<boolean> {
  const { rowCount } = await context.pool.query("select 1 from incidents where incidents.candidate_id = $1", [
    candidateId,
  ]);
  if (rowCount !== 1) return false;
  return verifyStored(context, candidateId).then(
    ({ ok }) => ok,
    (error: unknown) => {
      if (error instanceof ObjectMissingError) return false;
      throw error;
    },
  );
}

async function record(context: WorkerContext, candidateId: string) {
  const bytes = await (await context.objects.openBundle(candidateId)).read("manifest.json");
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  const act: Act = {
    actor: { kind: "system", name: "evidence-worker" },
    scope: "every",
    at: context.clock.now(),
    newId,
  };
  const { candidate } = manifest;
  const recorded = await withTx(context.pool, async (tx) => {
    const incident = await recordIncident(tx, act, {
      candidateId,
      cameraId: manifest.camera.id,
      violation: manifest.violation,
      facts: factsOf(manifest),
      bundlePath: candidateId,
      manifestSha256: sha256Hex(bytes),
      occurredAt: Date.parse(candidate.startedAt),
      triggeredAt: Date.parse(candidate.triggeredAt),
      endedAt: candidate.endedAt === null ? null : Date.parse(candidate.endedAt),
      reviewDue: reviewDueAt(Date.parse(candidate.triggeredAt), retention.reviewDays),
      evidence: manifest.files.map(({ path, role, mediaType, sha256, sizeBytes }) => ({
        path,
        role,
        mediaType,
        sha256,
        sizeBytes,
      })),
    });
    if (incident.created) await logCustody(tx, act, manifest, incident.incidentId);
    return incident;
  });
  return { ...recorded, manifest };
}

/** Where the evidence log begins for a bundle: how it was collected, what its copies hide, where it was put. */
async function logCustody(tx: Tx, act: Act, manifest: Manifest, incidentId: string): Promise<void> {
  const { camera, sequence, capture, masks, clip } = manifest;
  const log = (kind: "collected" | "masked" | "copied", detail: object) =>
    logEvidence(tx, act, incidentId, { kind, why: null, detail });
  await log("collected", { cameraId: camera.id, sequence, grade: capture.grade, clip: clip.encoding });
  await log("masked", { copies: masks.copies, atCapture: masks.privacy.state === "masked_at_capture" });
  await log("copied", { from: "spool", to: "object_store" });
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
    capture: { grade: manifest.capture.grade, shortfalls: manifest.capture.shortfalls },
    plate: manifest.plate && { text: manifest.plate.text, confidence: manifest.plate.confidence },
  };
}
