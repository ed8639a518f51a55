import type { AudienceKind } from "../casework/warning/audience.ts";
import { PERSUASION, WRITTEN_ORDER } from "../casework/warning/ladder.ts";
import type { Letters } from "../casework/warning/warning.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, userIdOf } from "./act.ts";
import { addDelivery } from "./delivery-store.ts";
import { NotFoundError } from "./errors.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";
import { addRecheck } from "./recheck-store.ts";
import { appendTimeline } from "./timeline-store.ts";
import { settleWarningState } from "./warning-state.ts";

/** Who is told. What names somebody carries the key by which repeats are counted. */
export interface WarningAudience {
  readonly kind: AudienceKind;
  /** Keyed hash, 64 hex digits; null for a place. */
  readonly subjectKey: string | null;
  /** Of the registry; for a responsible party. */
  readonly partyId: string | null;
  /** Last three characters; for a vehicle. */
  readonly plateTail: string | null;
}

const ANYBODY: WarningAudience = { kind: "place", subjectKey: null, partyId: null, plateTail: null };

/** What is said over one channel, and where to. */
export interface Saying {
  readonly channel: string;
  /** Null: the channel knows itself. */
  readonly address: string | null;
  /** Null: the letter. */
  readonly text: string | null;
}

export interface NewWarning {
  readonly incidentId: string;
  /** Rung of the ladder: 0 asks, 1 orders in writing. Default: 0. */
  readonly level?: number;
  readonly letters: Letters;
  /** Hex sha256 of the link's token. */
  readonly linkTokenHash: string;
  readonly graceUntil: EpochMs;
  /** Each channel once: a plain name says the letter where the channel itself knows where to. */
  readonly channels: readonly (string | Saying)[];
  readonly audience?: WarningAudience;
  /** From the violation catalogue: this matter is warned about first. */
  readonly minorFirst: boolean;
  /** The letter names a person, a shop or a plate. */
  readonly namesSomeone: boolean;
  /** The same subject did the same too often lately. */
  readonly beyondLimit?: boolean;
  /** Why this rung; needed for an order. */
  readonly reason?: string;
  /** To whom an order is made out. */
  readonly addressee?: string;
}

/** A written order as it was just put on record. */
export interface WrittenOrder {
  readonly warningId: string;
  readonly incidentId: string;
  readonly letters: Letters;
  readonly addressee: string | null;
  readonly reason: string;
  readonly dueAt: EpochMs;
}

/** What else comes about with a warning, in the same transaction. */
export interface WarningHooks {
  /** Makes the numbered document (D02) of a written order. */
  readonly issueOrder?: (tx: Tx, act: Act, order: WrittenOrder) => Promise<void>;
}

/**
 * Warns about a confirmed incident (I7), or orders correction in writing: the incident becomes `persuading`, the letter
 * is kept as it is said, one delivery per channel waits to be sent, and a second look waits for the end of the grace.
 * One warning per incident and level, by a unique constraint.
 */
export async function createWarning(
  tx: Tx,
  act: Act,
  input: NewWarning,
  hooks: WarningHooks = {},
): Promise<{ warningId: string; deliveryIds: string[]; recheckId: string }> {
  const { incidentId, level = PERSUASION, reason = "", graceUntil } = input;
  const incident = await lockIncident(tx, act, incidentId);
  if (level === WRITTEN_ORDER)
    await applyMove(tx, act, incident, { action: "order_correction", note: reason });
  else {
    const { minorFirst, namesSomeone, beyondLimit = false } = input;
    await applyMove(tx, act, incident, { action: "persuade", minorFirst, namesSomeone, beyondLimit });
  }
  await tx.query("update incidents set grace_until = $2 where incidents.id = $1", [
    incidentId,
    new Date(graceUntil),
  ]);
  const warningId = act.newId("wrn");
  await insertWarning(tx, act, warningId, input);
  const deliveryIds: string[] = [];
  for (const channel of input.channels) {
    const saying = typeof channel === "string" ? { channel, address: null, text: null } : channel;
    deliveryIds.push(await addDelivery(tx, act, { warningId, ...saying }));
  }
  const recheckId = await addRecheck(tx, act, { incidentId, warningId, dueAt: graceUntil });
  await appendTimeline(tx, act, {
    kind: "warning",
    id: warningId,
    action: "create",
    from: null,
    to: "draft",
    detail: {
      incidentId,
      level,
      audience: (input.audience ?? ANYBODY).kind,
      channels: input.channels.map((channel) => (typeof channel === "string" ? channel : channel.channel)),
    },
  });
  if (level === WRITTEN_ORDER)
    await hooks.issueOrder?.(tx, act, {
      ...{ warningId, incidentId, reason, letters: input.letters },
      addressee: input.addressee ?? null,
      dueAt: graceUntil,
    });
  return { warningId, deliveryIds, recheckId };
}

async function insertWarning(tx: Tx, act: Act, warningId: string, input: NewWarning): Promise<void> {
  const { kind, partyId, subjectKey, plateTail } = input.audience ?? ANYBODY;
  await tx.query(
    `insert into warnings (id, incident_id, level, link_token_hash, letter_zh, letter_en, state, grace_until,
       created_by, created_at, audience, party_id, subject_key, plate_tail, addressee, reason)
     values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      warningId,
      input.incidentId,
      input.level ?? PERSUASION,
      input.linkTokenHash,
      JSON.stringify(input.letters.zh),
      JSON.stringify(input.letters.en),
      new Date(input.graceUntil),
      userIdOf(act.actor),
      new Date(act.at),
      kind,
      partyId,
      subjectKey,
      plateTail,
      input.addressee ?? null,
      input.reason ?? null,
    ],
  );
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
  await settleWarningState(tx, act, warning.id, "open", {});
  return { warningId: warning.id, first: true };
}
