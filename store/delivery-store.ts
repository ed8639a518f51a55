import type { DeliveryState, WarningState } from "../casework/warning/warning.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Act } from "./act.ts";
import { type LockedDelivery, lockDelivery } from "./delivery-row.ts";
import type { Queryable, Tx } from "./pool.ts";
import { settleWarningState } from "./warning-state.ts";

export interface NewDelivery {
  readonly warningId: string;
  /** `sms`, `speaker_mqtt`, `email` … one delivery per warning, channel and address, by a unique index. */
  readonly channel: string;
  /** Phone, speaker id or mail address, as the channel wants it. */
  readonly address?: string | null;
  /** As it is to be said over this channel; `{{link}}` stands for the link. Without one the letter is said. */
  readonly text?: string | null;
}

/** One thing to send, waiting. The caller queues it when the transaction is through. Returns its id. */
export async function addDelivery(tx: Tx, act: Act, delivery: NewDelivery): Promise<string> {
  const deliveryId = act.newId("dlv");
  await tx.query(
    `insert into warning_deliveries (id, warning_id, channel, address, text, state, updated_at)
     values ($1, $2, $3, $4, $5, 'pending', $6)`,
    [
      deliveryId,
      delivery.warningId,
      delivery.channel,
      delivery.address ?? null,
      delivery.text ?? null,
      new Date(act.at),
    ],
  );
  return deliveryId;
}

/**
 * Takes a waiting delivery for one attempt, before anything is sent, and commits that at once: what is found taken
 * later may have been sent. Returns the attempt's number, or null when it is not there to be taken.
 * @param by the worker that sends it
 */
export async function claimDelivery(
  db: Queryable,
  { deliveryId, by, at }: { deliveryId: string; by: string; at: EpochMs },
): Promise<number | null> {
  const { rows } = await db.query<{ attempts: number }>(
    `update warning_deliveries as delivery
     set sending_since = $3, sending_by = $2, attempts = delivery.attempts + 1, updated_at = $3
     where delivery.id = $1 and delivery.state = 'pending' and delivery.sending_since is null
     returning delivery.attempts`,
    [deliveryId, by, new Date(at)],
  );
  return rows[0]?.attempts ?? null;
}

/**
 * Why a delivery was given up: the receiver will never take it; it was tried often enough; it may have been sent, and
 * sending it twice would be worse than asking a person.
 */
export type DeadReason = "permanent" | "exhausted" | "unknown_outcome";

export interface DeliveryOutcome {
  readonly deliveryId: string;
  /** `pending`: it failed this time and will be tried again. `failed`: a dead letter. */
  readonly state: DeliveryState;
  /** Receipt or fault; no secrets, no addresses. */
  readonly detail: object;
  /** Of the claim; without one this counts as an attempt of its own. */
  readonly attempt?: number;
  /** With `failed`; `exhausted` unless said. */
  readonly deadReason?: DeadReason;
}

/** Notes how one attempt went; the warning's state follows from all its channels. */
export async function recordDelivery(
  tx: Tx,
  act: Act,
  outcome: DeliveryOutcome,
): Promise<{ warningId: string; state: WarningState }> {
  const delivery = await lockDelivery(tx, act, outcome.deliveryId);
  const { warningId } = delivery;
  if (comesTooLate(delivery, outcome)) return { warningId, state: await stateOf(tx, warningId) };
  const { state, deadReason, detail } = withReceipt(delivery, outcome);
  const attempts = outcome.attempt === undefined ? delivery.attempts + 1 : delivery.attempts;
  const dead = state === "failed";
  await tx.query(
    `update warning_deliveries as delivery
     set state = $2, detail = $3, attempts = $4, updated_at = $5, sending_since = null, sending_by = null,
       not_before = null, dead_at = $6, dead_reason = $7
     where delivery.id = $1`,
    [
      outcome.deliveryId,
      state,
      JSON.stringify(detail),
      attempts,
      new Date(act.at),
      dead ? new Date(act.at) : null,
      dead ? deadReason : null,
    ],
  );
  const next = await settleWarningState(tx, act, warningId, `delivery_${state}`, {
    channel: delivery.channel,
    attempts,
    ...(dead ? { deadReason } : {}),
    ...detail,
  });
  return { warningId, state: next };
}

/** A worker that was taken for dead may still report. That it did send is news; that it failed no longer is. */
function comesTooLate(delivery: LockedDelivery, { state, attempt }: DeliveryOutcome): boolean {
  if (delivery.state === "delivered") return true;
  if (state === "sent" || state === "delivered") return delivery.state === state;
  return delivery.state === "sent" || (attempt !== undefined && attempt !== delivery.attempts);
}

/** The receiver's own word counts for more, and may have come before the sender's. */
function withReceipt(
  { receipt }: LockedDelivery,
  { state, detail, deadReason = "exhausted" }: DeliveryOutcome,
): { state: DeliveryState; detail: object; deadReason: DeadReason } {
  if (receipt?.played === true)
    return { state: "delivered", detail: { ...detail, playedAt: receipt.at }, deadReason };
  if (receipt !== null && state !== "delivered")
    return { state: "failed", detail: { ...detail, fault: NOT_PLAYED }, deadReason: "permanent" };
  return { state, detail, deadReason };
}

export const NOT_PLAYED = "the loudspeaker says that it did not play this";

async function stateOf(tx: Tx, warningId: string): Promise<WarningState> {
  const { rows } = await tx.query<{ state: WarningState }>(
    "select warnings.state from warnings where warnings.id = $1",
    [warningId],
  );
  return rows[0]?.state ?? "draft";
}
