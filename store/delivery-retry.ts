import { refuseWithout } from "../casework/roles.ts";
import type { Act } from "./act.ts";
import { lockDelivery } from "./delivery-row.ts";
import { RefusedError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { settleWarningState } from "./warning-state.ts";

/**
 * A person has a dead letter sent once more: a new series of attempts, queued by the caller when the transaction is
 * through. Throws `RefusedError` without the right to, or when it is no dead letter (any more).
 */
export async function retryDelivery(tx: Tx, act: Act, deliveryId: string): Promise<void> {
  const refusal = refuseWithout("delivery.retry", act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  const delivery = await lockDelivery(tx, act, deliveryId);
  if (delivery.state !== "failed")
    throw new RefusedError({
      code: "delivery.not_failed",
      messageZh: "该发送任务并未失败，无需重新发送；请刷新列表查看其最新状态。",
      messageEn:
        "This delivery has not failed, so there is nothing to send again; reload the list to see how it fares.",
    });
  await tx.query(
    `update warning_deliveries as delivery
     set state = 'pending', detail = '{}', receipt = null, dead_at = null, dead_reason = null, updated_at = $2
     where delivery.id = $1`,
    [deliveryId, new Date(act.at)],
  );
  await settleWarningState(tx, act, delivery.warningId, "delivery_retry", {
    channel: delivery.channel,
    attempts: delivery.attempts,
  });
}
