import type { DeliveryState, Letter } from "../casework/warning/warning.ts";
import { maskAddress } from "../runtime/mask-address.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import type { DeadReason } from "./delivery-store.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";

/** One thing to send, with what a channel needs to send it. */
export interface DeliveryTask {
  readonly deliveryId: string;
  readonly warningId: string;
  readonly incidentId: string;
  readonly level: number;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Phone, speaker or mail address, in full: not for logs. */
  readonly address: string | null;
  /** As it is said over this channel, with `{{link}}` for the link; null: the letter. */
  readonly text: string | null;
  /** An attempt is under way, or one was broken off and something may have been sent. */
  readonly sendingSince: Date | null;
  readonly sendingBy: string | null;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
}

const TASK = `select delivery.id as "deliveryId", delivery.warning_id as "warningId",
    warnings.incident_id as "incidentId", warnings.level, delivery.channel, delivery.state, delivery.attempts,
    delivery.address, delivery.text, delivery.sending_since as "sendingSince", delivery.sending_by as "sendingBy",
    warnings.letter_zh as "letterZh", warnings.letter_en as "letterEn"
  from warning_deliveries as delivery join warnings on warnings.id = delivery.warning_id`;

export async function findDelivery(db: Queryable, deliveryId: string): Promise<DeliveryTask | undefined> {
  const { rows } = await db.query<DeliveryTask>(`${TASK} where delivery.id = $1`, [deliveryId]);
  return rows[0];
}

/** What has not been sent yet, longest due first: what the notice queue is re-armed from. */
export async function listPendingDeliveries(db: Queryable, limit: number): Promise<DeliveryTask[]> {
  const { rows } = await db.query<DeliveryTask>(
    `${TASK} where delivery.state = 'pending'
     order by greatest(delivery.not_before, delivery.updated_at), delivery.id limit $1`,
    [limit],
  );
  return rows;
}

/** `sending`: an attempt is under way. */
export type ShownDeliveryState = DeliveryState | "sending";

/** A delivery as the desk shows it: where it goes is hinted at, no more. */
export interface DeliveryItem {
  readonly deliveryId: string;
  readonly warningId: string;
  readonly incidentId: string;
  readonly level: number;
  readonly violation: string;
  readonly place: string;
  readonly channel: string;
  /** `138****5678` */
  readonly addressMasked: string | null;
  readonly state: ShownDeliveryState;
  readonly attempts: number;
  readonly fault: string | null;
  readonly notBefore: string | null;
  readonly deadAt: string | null;
  readonly deadReason: DeadReason | null;
  readonly updatedAt: string;
}

type Dated = "notBefore" | "deadAt" | "updatedAt";

interface Row extends Omit<DeliveryItem, Dated | "addressMasked"> {
  readonly address: string | null;
  readonly notBefore: Date | null;
  readonly deadAt: Date | null;
  readonly updatedAt: Date;
}

const ITEM = `select delivery.id as "deliveryId", delivery.warning_id as "warningId",
    warnings.incident_id as "incidentId", warnings.level, incidents.violation,
    cameras.document -> 'location' ->> 'place' as place, delivery.channel, delivery.address,
    case when delivery.sending_since is null then delivery.state else 'sending' end as state, delivery.attempts,
    delivery.detail ->> 'fault' as fault, delivery.not_before as "notBefore", delivery.dead_at as "deadAt",
    delivery.dead_reason as "deadReason", delivery.updated_at as "updatedAt"
  from warning_deliveries as delivery
  join warnings on warnings.id = delivery.warning_id
  join incidents on incidents.id = warnings.incident_id
  join cameras on cameras.id = incidents.camera_id`;

export interface DeliveryQuery {
  readonly scope: RegionScope;
  readonly state: DeliveryState;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Deliveries in scope, longest in this state first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listDeliveries(db: Queryable, query: DeliveryQuery): Promise<Page<DeliveryItem>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  // A cursor knows milliseconds; what the database keeps is compared as coarsely.
  const at = "date_trunc('milliseconds', delivery.updated_at)";
  const { rows } = await db.query<Row>(
    `${ITEM} where ${inScope("incidents.region", "$1")} and delivery.state = $2
       and ($3::timestamptz is null or (${at}, delivery.id) > ($3, $4))
     order by ${at}, delivery.id limit $5`,
    [scopePrefixes(query.scope), query.state, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(rows, query.limit, toItem, (row) => ({ at: row.updatedAt, id: row.deliveryId }));
}

/** Undefined when there is none or it lies outside the scope. */
export async function findDeliveryItem(
  db: Queryable,
  scope: RegionScope,
  deliveryId: string,
): Promise<DeliveryItem | undefined> {
  const { rows } = await db.query<Row>(
    `${ITEM} where delivery.id = $1 and ${inScope("incidents.region", "$2")}`,
    [deliveryId, scopePrefixes(scope)],
  );
  return rows[0] === undefined ? undefined : toItem(rows[0]);
}

function toItem({ address, ...row }: Row): DeliveryItem {
  return {
    ...row,
    addressMasked: address === null ? null : maskAddress(address),
    notBefore: isoOrNull(row.notBefore),
    deadAt: isoOrNull(row.deadAt),
    updatedAt: iso(row.updatedAt),
  };
}
