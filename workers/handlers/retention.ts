import { text } from "node:stream/consumers";
import { planDeletions, type RetentionParameters } from "../../casework/evidence/retention.ts";
import { retention } from "../../config/retention.ts";
import { type Seal, sealSchema } from "../../pipeline/evidence/manifest-schema.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { readDatabaseTime } from "../../store/database-time.ts";
import { purgeIdempotencyKeys } from "../../store/idempotency-store.ts";
import { ObjectMissingError } from "../../store/object-store.ts";
import { withTx } from "../../store/pool.ts";
import { revokeLinksOfIncident } from "../../store/portal-link-store.ts";
import { forgetUploads, listUploadsOfIncident } from "../../store/portal-upload-store.ts";
import { listLookBundles } from "../../store/recheck-read-model.ts";
import {
  type DecidedDeletion,
  decideDeletion,
  expireReview,
  type KeptEvidence,
  listKeptEvidence,
  listOverdueReviews,
  listUnfinishedDeletions,
  recordDeletion,
} from "../../store/retention-store.ts";
import type { WorkerContext } from "../context.ts";

const AT_ONCE = 500;
const DAY_MS = 86_400_000;
/** A seal is some two kilobytes; what is much larger is none. */
const MAX_SEAL_BYTES = 64 * 1024;

/** Two clocks that differ by more than this: one of them is wrong, and nobody knows which. */
const MAX_CLOCK_DIFFERENCE_MS = 3_600_000;

type RetentionContext = Pick<WorkerContext, "pool" | "objects" | "clock" | "log">;

/**
 * The job of one day; forgets old idempotency keys beside. What it does cannot be undone, so it does not believe one machine's clock: where this one and the
 * database's disagree it does nothing, and a person has to look.
 */
export async function deleteOverdueEvidence(context: RetentionContext): Promise<void> {
  const differenceMs = context.clock.now() - (await readDatabaseTime(context.pool));
  if (Math.abs(differenceMs) > MAX_CLOCK_DIFFERENCE_MS) {
    context.log.error(
      { differenceMs },
      "this machine's clock and the database's differ by more than an hour: nothing was expired or deleted today",
    );
    return;
  }
  const keys = await purgeIdempotencyKeys(context.pool);
  if (keys > 0) context.log.info({ keys }, "idempotency keys older than a day were forgotten");
  await applyRetention(context, retention);
}

/**
 * Ends the reviews whose time ran out (I6), then deletes the evidence whose time is over (C-05). Decided first, on record
 * with a tombstone; files after; then the record that they are gone. A kill at any instant leaves a decision that the
 * next run finishes, and running again changes nothing. How full the disk is plays no part. One incident that cannot be
 * dealt with does not keep the others.
 *
 * @returns how many had their evidence deleted
 */
export async function applyRetention(
  context: RetentionContext,
  parameters: RetentionParameters,
): Promise<number> {
  const { pool, log } = context;
  const faults: unknown[] = [];
  /** 1 when it was done, 0 when it was not. */
  const attempt = async (incidentId: string, work: () => Promise<boolean>): Promise<number> => {
    try {
      return (await work()) ? 1 : 0;
    } catch (err) {
      log.error({ err, incidentId }, "an incident whose time is over could not be expired or deleted");
      faults.push(err);
      return 0;
    }
  };
  let expired = 0;
  for await (const id of overdueReviews(context))
    expired += await attempt(id, () => withTx(pool, (tx) => expireReview(tx, systemAct(context), id)));
  if (expired > 0) log.info({ expired }, "incidents nobody reviewed in time expired");
  let deleted = 0;
  for (const decision of await listUnfinishedDeletions(pool, AT_ONCE))
    deleted += await attempt(decision.incidentId, () => finish(context, decision));
  for await (const kept of dueEvidence(context, parameters))
    deleted += await attempt(kept.incidentId, () => remove(context, parameters, kept));
  if (deleted > 0) log.info({ deleted }, "evidence whose time was over was deleted");
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} incidents could not be expired or deleted`);
  return deleted;
}

async function* overdueReviews({ pool, clock }: RetentionContext): AsyncGenerator<string> {
  const now = clock.now();
  yield* everyRow(
    (after) => listOverdueReviews(pool, { limit: AT_ONCE, now, after }),
    (id) => id,
  );
}

async function* dueEvidence(
  { pool, clock }: RetentionContext,
  parameters: RetentionParameters,
): AsyncGenerator<KeptEvidence> {
  const now = clock.now();
  const recordedBefore = new Date(now - parameters.rawDays * DAY_MS);
  const kept = everyRow(
    (after) => listKeptEvidence(pool, { limit: AT_ONCE, recordedBefore, after }),
    ({ incidentId }) => incidentId,
  );
  for await (const evidence of kept)
    if (planDeletions(now, [evidence], parameters).length > 0) yield evidence;
}

/** Every row of a listing by id that comes in pages of `AT_ONCE`. */
async function* everyRow<Row>(
  list: (after: string | null) => Promise<Row[]>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row> {
  let after: string | null = null;
  do {
    const page: Row[] = await list(after);
    yield* page;
    const last = page.at(-1);
    after = page.length < AT_ONCE || last === undefined ? null : idOf(last);
  } while (after !== null);
}

async function remove(
  context: RetentionContext,
  parameters: RetentionParameters,
  { incidentId, bundlePath }: KeptEvidence,
): Promise<boolean> {
  const seal = await readSeal(context, bundlePath);
  const decision = await withTx(context.pool, (tx) =>
    decideDeletion(tx, systemAct(context), incidentId, parameters, seal),
  );
  // Somebody held it just now.
  return decision === null ? false : finish(context, decision);
}

async function finish(context: RetentionContext, decision: DecidedDeletion): Promise<boolean> {
  await context.objects.destroy(decision.bundlePath);
  // What was seen when the camera looked again goes with what it first saw.
  for (const key of await listLookBundles(context.pool, decision.incidentId))
    await context.objects.destroy(key);
  await closePortal(context, decision.incidentId);
  await withTx(context.pool, (tx) => recordDeletion(tx, systemAct(context), decision));
  return true;
}

/** What a party sent goes with the evidence they sent it about; the links first, so that nothing comes after. */
async function closePortal({ pool, objects, clock }: RetentionContext, incidentId: string): Promise<void> {
  await withTx(pool, (tx) =>
    revokeLinksOfIncident(tx, systemAct({ clock }), incidentId, "证据保存期满，已按规定删除"),
  );
  const uploads = await listUploadsOfIncident(pool, incidentId);
  for (const uploadId of uploads) await objects.destroy(uploadId);
  await withTx(pool, (tx) => forgetUploads(tx, uploads));
}

/** The seal names nobody, and is what later explains the gap in the chain; a lost one keeps nothing from its end. */
async function readSeal({ objects, log }: RetentionContext, bundlePath: string): Promise<Seal | null> {
  const range = { start: 0, end: MAX_SEAL_BYTES - 1 };
  const bytes = await text(objects.read(bundlePath, "seal.json", range)).catch((error: unknown) => {
    if (error instanceof ObjectMissingError) return "null";
    throw error;
  });
  const seal = sealSchema.safeParse(jsonOrNull(bytes));
  if (seal.success) return seal.data;
  log.warn({ bundlePath }, "the seal of evidence that is deleted is lost: its tombstone has none");
  return null;
}

function jsonOrNull(bytes: string): unknown {
  try {
    return JSON.parse(bytes);
  } catch {
    return null;
  }
}

function systemAct({ clock }: Pick<RetentionContext, "clock">): Act {
  return { actor: { kind: "system", name: "retention-worker" }, scope: "every", at: clock.now(), newId };
}
