import { join } from "node:path";
import { type Job, UnrecoverableError } from "bullmq";
import { letterText } from "../../casework/warning/warning.ts";
import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import { loadOrCreateSecret } from "../../runtime/secret-file.ts";
import { warningLink, warningToken } from "../../runtime/warning-link.ts";
import { withTx } from "../../store/pool.ts";
import { findDelivery } from "../../store/warning-read-model.ts";
import { recordDelivery } from "../../store/warning-store.ts";
import type { Channel } from "../channels/channel.ts";
import { channels } from "../channels/channels.ts";
import type { WorkerContext } from "../context.ts";

/** Sends one warning over one channel and writes down how it went; what was sent is not sent again. */
export async function sendNotice(
  context: WorkerContext,
  payload: Payload<"notices">,
  job: Job,
): Promise<void> {
  const task = await findDelivery(context.pool, payload.deliveryId);
  if (task === undefined || task.state === "sent" || task.state === "delivered") return;
  const secret = await loadOrCreateSecret(join(context.config.dataDir, "keys", "warning-link.secret"));
  const link = warningLink(context.config.publicUrl, warningToken(secret, task.incidentId, task.level));
  const note = (state: "pending" | "sent" | "delivered" | "failed", detail: object) =>
    withTx(context.pool, (tx) =>
      recordDelivery(
        tx,
        { actor: { kind: "system", name: "notice-worker" }, scope: "every", at: context.clock.now(), newId },
        { deliveryId: task.deliveryId, state, detail },
      ),
    );
  const channel: Channel | undefined = channels[task.channel];
  if (channel === undefined) {
    const fault = `there is no channel "${task.channel}"`;
    await note("failed", { fault });
    throw new UnrecoverableError(fault);
  }
  try {
    const receipt = await channel({
      context,
      deliveryId: task.deliveryId,
      warningId: task.warningId,
      textZh: letterText(task.letterZh),
      textEn: letterText(task.letterEn),
      link,
    });
    await note(receipt.state, receipt.detail);
  } catch (error) {
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    await note(last ? "failed" : "pending", {
      fault: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
