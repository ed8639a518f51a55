import type { DeliveryState, Letter, WarningState } from "../casework/warning/warning.ts";
import { iso, isoOrNull } from "./act.ts";
import type { Queryable } from "./pool.ts";

/** A warning as the party may see it behind the link. */
export interface WarningLetter {
  readonly warningId: string;
  readonly incidentId: string;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
  readonly state: WarningState;
  readonly graceUntil: string;
  readonly openedAt: string | null;
}

export async function findWarningByTokenHash(
  db: Queryable,
  linkTokenHash: string,
): Promise<WarningLetter | undefined> {
  const { rows } = await db.query<
    Omit<WarningLetter, "graceUntil" | "openedAt"> & { graceUntil: Date; openedAt: Date | null }
  >(
    `select warnings.id as "warningId", warnings.incident_id as "incidentId",
       warnings.letter_zh as "letterZh", warnings.letter_en as "letterEn", warnings.state,
       warnings.grace_until as "graceUntil", warnings.opened_at as "openedAt"
     from warnings where warnings.link_token_hash = $1`,
    [linkTokenHash],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return { ...row, graceUntil: iso(row.graceUntil), openedAt: isoOrNull(row.openedAt) };
}

/** One thing to send, with what a channel needs to send it. */
export interface DeliveryTask {
  readonly deliveryId: string;
  readonly warningId: string;
  readonly incidentId: string;
  readonly level: number;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
}

const TASK = `select delivery.id as "deliveryId", delivery.warning_id as "warningId",
    warnings.incident_id as "incidentId", warnings.level, delivery.channel, delivery.state, delivery.attempts,
    warnings.letter_zh as "letterZh", warnings.letter_en as "letterEn"
  from warning_deliveries as delivery join warnings on warnings.id = delivery.warning_id`;

export async function findDelivery(db: Queryable, deliveryId: string): Promise<DeliveryTask | undefined> {
  const { rows } = await db.query<DeliveryTask>(`${TASK} where delivery.id = $1`, [deliveryId]);
  return rows[0];
}

/** What has not been sent yet, oldest first: what the notice queue is re-armed from. */
export async function listPendingDeliveries(db: Queryable, limit: number): Promise<DeliveryTask[]> {
  const { rows } = await db.query<DeliveryTask>(
    `${TASK} where delivery.state = 'pending' order by delivery.updated_at, delivery.id limit $1`,
    [limit],
  );
  return rows;
}
