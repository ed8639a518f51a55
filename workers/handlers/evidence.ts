import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { reviewDueAt } from "../../casework/evidence/retention.ts";
import { localDate } from "../../casework/local-time.ts";
import { retention } from "../../config/retention.ts";
import type { Manifest } from "../../pipeline/evidence/manifest-schema.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { type VerifyResult, verifySource } from "../../pipeline/evidence/portable/verify-source.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { recordBundle } from "../../store/bundle-intake.ts";
import { ObjectMissingError } from "../../store/object-store.ts";
import { readParameterSettings } from "../../store/parameter-store.ts";
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
  const { book } = context.casework;
  const settings = await readParameterSettings(context.pool);
  const act: Act = {
    actor: { kind: "system", name: "evidence-worker" },
    scope: "every",
    at: context.clock.now(),
    newId,
  };
  return recordBundle(context.pool, act, context.objects, candidateId, (triggeredAt) =>
    reviewDueAt(triggeredAt, {
      period: book.parametersOn(localDate(triggeredAt), settings).get("review.max"),
      calendar: book.calendar,
      fallbackDays: retention.reviewDays,
    }),
  );
}
