import { type Act, iso } from "./act.ts";
import { type LockedDelivery, lockDelivery } from "./delivery-row.ts";
import { NOT_PLAYED, recordDelivery } from "./delivery-store.ts";
import type { Tx } from "./pool.ts";
import { settleWarningState } from "./warning-state.ts";

/**
 * What a loudspeaker says of a text it was given. Counts once, and only from the loudspeaker it was for; anything else
 * changes nothing. Returns whether it counted.
 */
export async function recordReceipt(
  tx: Tx,
  act: Act,
  said: { readonly deliveryId: string; readonly address: string; readonly played: boolean },
): Promise<boolean> {
  const delivery = await lockDelivery(tx, act, said.deliveryId);
  const { state, receipt, address, sendingSince } = delivery;
  if (address !== said.address || receipt !== null || delivery.attempts === 0) return false;
  const heard = { played: said.played, at: iso(new Date(act.at)) };
  await tx.query("update warning_deliveries as delivery set receipt = $2 where delivery.id = $1", [
    said.deliveryId,
    JSON.stringify(heard),
  ]);
  if (sendingSince !== null) return true;
  if (said.played)
    await recordDelivery(tx, act, {
      deliveryId: said.deliveryId,
      state: "delivered",
      detail: { playedAt: heard.at },
      attempt: delivery.attempts,
    });
  else if (state === "sent") await buryUnplayed(tx, act, delivery);
  return true;
}

async function buryUnplayed(tx: Tx, act: Act, delivery: LockedDelivery): Promise<void> {
  const detail = { fault: NOT_PLAYED };
  await tx.query(
    `update warning_deliveries as delivery
     set state = 'failed', detail = $2, updated_at = $3, dead_at = $3, dead_reason = 'permanent'
     where delivery.id = $1`,
    [delivery.deliveryId, JSON.stringify(detail), new Date(act.at)],
  );
  await settleWarningState(tx, act, delivery.warningId, "delivery_failed", {
    channel: delivery.channel,
    attempts: delivery.attempts,
    deadReason: "permanent",
    ...detail,
  });
}
