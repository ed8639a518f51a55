import { join } from "node:path";
import { DelayedError, type Job, UnrecoverableError } from "bullmq";
import { isQuiet, quietUntil } from "../../casework/warning/quiet-hours.ts";
import { letterText } from "../../casework/warning/warning.ts";
import type { Payload } from "../../queue/jobs.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { loadOrCreateSecret } from "../../runtime/secret-file.ts";
import { warningLink, warningToken } from "../../runtime/warning-link.ts";
import type { Act } from "../../store/act.ts";
import { delayDelivery } from "../../store/delivery-delay.ts";
import { type DeliveryTask, findDelivery } from "../../store/delivery-read-model.ts";
import {
  claimDelivery,
  type DeadReason,
  type DeliveryOutcome,
  recordDelivery,
} from "../../store/delivery-store.ts";
import { withTx } from "../../store/pool.ts";
import type { Channel, Receipt } from "../channels/channel.ts";
import { channels } from "../channels/channels.ts";
import { PermanentDeliveryError, UnknownOutcomeError } from "../channels/delivery-errors.ts";
import { wordsFor } from "../channels/notice-text.ts";
import { quietHoursOf } from "../channels/quiet.ts";
import type { WorkerContext } from "../context.ts";
import { earlierAttempt, whileUnderWay } from "./notice-claim.ts";

const MAYBE_SENT = "the attempt was broken off: it may have been sent";

/**
 * Sends one warning over one channel and writes down how it went. What was sent is not sent again; what may have been is
 * sent again only over channels whose receivers drop what they have (`FOREWARN_RESEND_CHANNELS`), by the delivery's id
 * that goes along with each attempt. Of the others a person decides: the delivery is a dead letter.
 */
export async function sendNotice(
  context: WorkerContext,
  { deliveryId }: Payload<"notices">,
  job: Job,
  token?: string,
): Promise<void> {
  const task = await findDelivery(context.pool, deliveryId);
  if (task === undefined || task.state === "sent" || task.state === "delivered") return;
  // Its job stays a failed one: that is how a person's retry finds it.
  if (task.state === "failed") throw new UnrecoverableError("this delivery waits for a person");
  const channel: Channel | undefined = channels[task.channel];
  if (channel === undefined)
    return giveUp(context, { deliveryId }, "permanent", `there is no channel "${task.channel}"`);

  const now = context.clock.now();
  const earlier = earlierAttempt(task, { workerId: context.workerId, now });
  if (earlier.kind === "under_way") return later(context, job, token, earlier.until);
  if (earlier.kind === "broken_off") {
    const attempt = { deliveryId, attempt: task.attempts };
    if (!resends(context, task)) return giveUp(context, attempt, "unknown_outcome", MAYBE_SENT);
    await note(context, { ...attempt, state: "pending", detail: { fault: MAYBE_SENT } });
  }
  if (channel.sounds) {
    const quietHours = await quietHoursOf(context);
    if (isQuiet(now, quietHours)) {
      const until = quietUntil(now, quietHours);
      await withTx(context.pool, (tx) =>
        delayDelivery(tx, actOf(context), { deliveryId, until, why: "quiet_hours" }),
      );
      return later(context, job, token, until);
    }
  }
  const attempt = await claimDelivery(context.pool, { deliveryId, by: context.workerId, at: now });
  // Somebody else was faster: next time there is something to be seen of it.
  if (attempt === null) return later(context, job, token, now + 1_000);
  await attemptOnce(context, task, channel, attempt, job);
}

async function attemptOnce(
  context: WorkerContext,
  task: DeliveryTask,
  channel: Channel,
  attempt: number,
  job: Job,
): Promise<void> {
  const { deliveryId } = task;
  let receipt: Receipt;
  try {
    receipt = await whileUnderWay(deliveryId, () => send(context, task, channel));
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    if (error instanceof PermanentDeliveryError)
      return giveUp(context, { deliveryId, attempt }, "permanent", fault);
    if (error instanceof UnknownOutcomeError && !resends(context, task))
      return giveUp(context, { deliveryId, attempt }, "unknown_outcome", fault);
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    await note(context, { deliveryId, attempt, state: last ? "failed" : "pending", detail: { fault } });
    throw error;
  }
  await note(context, { deliveryId, attempt, state: receipt.state, detail: receipt.detail });
}

async function send(context: WorkerContext, task: DeliveryTask, channel: Channel): Promise<Receipt> {
  const { deliveryId, warningId, address, incidentId, level, letterZh } = task;
  const secret = await loadOrCreateSecret(join(context.config.dataDir, "keys", "warning-link.secret"));
  const link = warningLink(context.config.publicUrl, warningToken(secret, incidentId, level));
  return channel.send({
    ...{ context, deliveryId, warningId, address, link },
    subject: `${letterZh.title}（${letterZh.signature}）`,
    text: wordsFor(channel, { ...task, link }),
    textZh: letterText(task.letterZh),
    textEn: letterText(task.letterEn),
  });
}

function resends({ config }: WorkerContext, { channel }: DeliveryTask): boolean {
  return config.resendChannels.includes(channel);
}

/** A dead letter; trying again is up to a person. */
async function giveUp(
  context: WorkerContext,
  attempt: Pick<DeliveryOutcome, "deliveryId" | "attempt">,
  deadReason: DeadReason,
  fault: string,
): Promise<never> {
  await note(context, { ...attempt, state: "failed", deadReason, detail: { fault } });
  throw new UnrecoverableError(fault);
}

/** @param at by the context's clock; the queue has the system's */
async function later(
  context: WorkerContext,
  job: Job,
  token: string | undefined,
  at: number,
): Promise<never> {
  const delayMs = Math.max(0, at - context.clock.now());
  await job.moveToDelayed(systemClock.now() + delayMs, token);
  throw new DelayedError();
}

async function note(context: WorkerContext, outcome: DeliveryOutcome): Promise<void> {
  await withTx(context.pool, (tx) => recordDelivery(tx, actOf(context), outcome));
}

function actOf({ clock }: WorkerContext): Act {
  return { actor: { kind: "system", name: "notice-worker" }, scope: "every", at: clock.now(), newId };
}
