import type { DeliveryState } from "../casework/warning/warning.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import type { Tx } from "./pool.ts";

/** What the receiver itself said: a loudspeaker has played the text, or could not. */
export interface PlayReceipt {
  readonly played: boolean;
  /** ISO 8601, UTC: when we heard of it. */
  readonly at: string;
}

export interface LockedDelivery {
  readonly deliveryId: string;
  readonly warningId: string;
  readonly channel: string;
  readonly address: string | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly sendingSince: Date | null;
  readonly notBefore: Date | null;
  readonly receipt: PlayReceipt | null;
}

/**
 * Locks the warning first and then the delivery, so that the warning's state follows from settled deliveries.
 * Throws `NotFoundError` outside the scope.
 */
export async function lockDelivery(tx: Tx, act: Act, deliveryId: string): Promise<LockedDelivery> {
  const { rows: found } = await tx.query(
    `select warnings.id from warnings
     join warning_deliveries as delivery on delivery.warning_id = warnings.id
     join incidents on incidents.id = warnings.incident_id
     where delivery.id = $1 and ${inScope("incidents.region", "$2")}
     for update of warnings`,
    [deliveryId, scopePrefixes(act.scope)],
  );
  const { rows } = await tx.query<LockedDelivery>(
    `select delivery.id as "deliveryId", delivery.warning_id as "warningId", delivery.channel, delivery.address,
       delivery.state, delivery.attempts, delivery.sending_since as "sendingSince",
       delivery.not_before as "notBefore", delivery.receipt
     from warning_deliveries as delivery where delivery.id = $1 for update`,
    [deliveryId],
  );
  const [row] = rows;
  if (found.length === 0 || row === undefined) throw new NotFoundError("delivery", deliveryId);
  return row;
}
