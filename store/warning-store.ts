import {
  type DeliveryState,
  type Letters,
  type WarningState,
  warningStateOf,
} from "../casework/warning/warning.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, inScope, scopePrefixes, userIdOf } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** First step of the ladder: 远端劝导. */
const PERSUASION_LEVEL = 0;

export interface NewWarning {
  readonly incidentId: string;
  readonly letters: Letters;
  /** Hex sha256 of the link's token. */
  readonly linkTokenHash: string;
  readonly graceUntil: EpochMs;
  /** Each channel once: `log`, `webhook` … */
  readonly channels: readonly string[];
  /** From the violation catalogue: this matter is warned about first. */
  readonly minorFirst: boolean;
  /** The letter names a person, a shop or a plate. */
  readonly namesSomeone: boolean;
}

/**
 * Warns about a confirmed incident (I7): the incident becomes `persuading`, the letter is kept as it is said,
 * one delivery per channel waits to be sent. One warning per incident and level, by a unique constraint.
 */
export async function createWarning(
  tx: Tx,
  act: Act,
  input: NewWarning,
): Promise<{ warningId: string; deliveryIds: string[] }> {
  const incident = await lockIncident(tx, act, input.incidentId);
  const { minorFirst, namesSomeone } = input;
  await applyMove(tx, act, incident, { action: "persuade", minorFirst, namesSomeone });
  await tx.query("update incidents set grace_until = $2 where incidents.id = $1", [
    input.incidentId,
    new Date(input.graceUntil),
  ]);
  const warningId = act.newId("wrn");
  await tx.query(
    `insert into warnings (id, incident_id, level, link_token_hash, letter_zh, letter_en, state, grace_until,
       created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9)`,
    [
      warningId,
      input.incidentId,
      PERSUASION_LEVEL,
      input.linkTokenHash,
      JSON.stringify(input.letters.zh),
      JSON.stringify(input.letters.en),
      new Date(input.graceUntil),
      userIdOf(act.actor),
      new Date(act.at),
    ],
  );
  const deliveryIds: string[] = [];
  for (const channel of input.channels) deliveryIds.push(await addDelivery(tx, act, warningId, channel));
  await appendTimeline(tx, act, {
    kind: "warning",
    id: warningId,
    action: "create",
    from: null,
    to: "draft",
    detail: { incidentId: input.incidentId, level: PERSUASION_LEVEL, channels: input.channels },
  });
  return { warningId, deliveryIds };
}

export interface DeliveryOutcome {
  readonly deliveryId: string;
  /** `pending`: it failed this time and will be tried again. */
  readonly state: DeliveryState;
  /** Receipt or fault; no secrets. */
  readonly detail: object;
}

/** Notes one attempt on one channel; the warning's state follows from all its channels. */
export async function recordDelivery(
  tx: Tx,
  act: Act,
  outcome: DeliveryOutcome,
): Promise<{ warningId: string; state: WarningState }> {
  const { rows } = await tx.query<{ id: string }>(
    `select warnings.id from warnings
     join warning_deliveries as delivery on delivery.warning_id = warnings.id
     join incidents on incidents.id = warnings.incident_id
     where delivery.id = $1 and ${inScope("incidents.region", "$2")}
     for update of warnings`,
    [outcome.deliveryId, scopePrefixes(act.scope)],
  );
  const warningId = rows[0]?.id;
  if (warningId === undefined) throw new NotFoundError("delivery", outcome.deliveryId);
  const updated = await tx.query<{ channel: string; attempts: number }>(
    `update warning_deliveries as delivery
     set state = $2, detail = $3, attempts = delivery.attempts + 1, updated_at = $4
     where delivery.id = $1 returning delivery.channel, delivery.attempts`,
    [outcome.deliveryId, outcome.state, JSON.stringify(outcome.detail), new Date(act.at)],
  );
  const state = await settleState(tx, act, warningId, `delivery_${outcome.state}`, {
    ...updated.rows[0],
    ...outcome.detail,
  });
  return { warningId, state };
}

/**
 * The party has opened the link. The first time counts and is written down; later ones change nothing.
 * Throws `NotFoundError` for an unknown token.
 */
export async function markWarningOpened(
  tx: Tx,
  act: Act,
  linkTokenHash: string,
): Promise<{ warningId: string; first: boolean }> {
  const { rows } = await tx.query<{ id: string; openedAt: Date | null }>(
    `select warnings.id, warnings.opened_at as "openedAt" from warnings
     where warnings.link_token_hash = $1 for update`,
    [linkTokenHash],
  );
  const warning = rows[0];
  if (warning === undefined) throw new NotFoundError("warning", "behind this link");
  if (warning.openedAt !== null) return { warningId: warning.id, first: false };
  await settleState(tx, act, warning.id, "open", {});
  return { warningId: warning.id, first: true };
}

/** Writes the state that follows from the channels (and the opening, when `action` is it). */
async function settleState(
  tx: Tx,
  act: Act,
  warningId: string,
  action: string,
  detail: object,
): Promise<WarningState> {
  const { rows } = await tx.query<{ before: WarningState; opened: boolean; states: DeliveryState[] }>(
    `select warnings.state as before, warnings.opened_at is not null as opened,
       array(select delivery.state from warning_deliveries as delivery
             where delivery.warning_id = warnings.id) as states
     from warnings where warnings.id = $1`,
    [warningId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("warning", warningId);
  const opensNow = action === "open";
  const next = warningStateOf(row.states, row.opened || opensNow);
  await tx.query(
    `update warnings set state = $2, opened_at = case when $3 then $4 else warnings.opened_at end
     where warnings.id = $1`,
    [warningId, next, opensNow, new Date(act.at)],
  );
  await appendTimeline(tx, act, {
    kind: "warning",
    id: warningId,
    action,
    from: row.before,
    to: next,
    detail,
  });
  return next;
}

async function addDelivery(tx: Tx, act: Act, warningId: string, channel: string): Promise<string> {
  const deliveryId = act.newId("dlv");
  await tx.query(
    `insert into warning_deliveries (id, warning_id, channel, state, updated_at)
     values ($1, $2, $3, 'pending', $4)`,
    [deliveryId, warningId, channel, new Date(act.at)],
  );
  return deliveryId;
}
