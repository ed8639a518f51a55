import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, iso } from "./act.ts";
import { lockDelivery } from "./delivery-row.ts";
import type { Tx } from "./pool.ts";
import { settleWarningState } from "./warning-state.ts";

/** A loudspeaker waits: nothing is tried before `until`. Written down once, however often it is found waiting. */
export async function delayDelivery(
  tx: Tx,
  act: Act,
  { deliveryId, until, why }: { deliveryId: string; until: EpochMs; why: string },
): Promise<void> {
  const delivery = await lockDelivery(tx, act, deliveryId);
  if (delivery.state !== "pending" || delivery.notBefore?.getTime() === until) return;
  await tx.query("update warning_deliveries as delivery set not_before = $2 where delivery.id = $1", [
    deliveryId,
    new Date(until),
  ]);
  await settleWarningState(tx, act, delivery.warningId, "delivery_delayed", {
    channel: delivery.channel,
    until: iso(new Date(until)),
    why,
  });
}
