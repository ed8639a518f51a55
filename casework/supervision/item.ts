import { isFilled, type Refusal } from "../refusal.ts";
import type { Actor } from "../roles.ts";

/** Code of an item that a person raised without a check. */
export const MANUAL = "manual";

export const itemStates = { open: "待答复", answered: "已答复", closed: "已销号" } as const;
export type ItemState = keyof typeof itemStates;

/** What became of an item. */
export const itemOutcomes = {
  corrected: "已纠正",
  explained: "说明成立",
  pursued: "已追究责任",
  unfounded: "督办不成立",
} as const;
export type ItemOutcome = keyof typeof itemOutcomes;

/** An item as far as who may do what with it goes. */
export interface ItemStanding {
  readonly state: ItemState;
  /** Null: a check did. */
  readonly raisedBy: string | null;
  readonly handlers: readonly string[];
}

/** Why this person cannot answer the item; that they hold the right to is asked elsewhere. */
export function refuseReply({ state, handlers }: ItemStanding, actor: Actor, reply: string): Refusal | null {
  if (state === "closed") return closedBefore;
  if (!isFilled(reply)) return replyMissing;
  if (actor.kind !== "user") return notHandler;
  if (actor.roles.includes("unit_head") || handlers.includes(actor.userId)) return null;
  return notHandler;
}

/**
 * Why this person cannot close the item. What somebody raised, they close themselves or the province does: nobody below it
 * closes what came from above.
 */
export function refuseClosing(
  { state, raisedBy }: ItemStanding,
  actor: Actor,
  { outcome, note }: { readonly outcome: ItemOutcome; readonly note: string },
): Refusal | null {
  if (state === "closed") return closedBefore;
  if (!isFilled(note)) return noteMissing;
  if (actor.kind !== "user") return notRaiser;
  const may = raisedBy === null || raisedBy === actor.userId || actor.roles.includes("province_supervisor");
  if (!may) return notRaiser;
  return state === "open" && outcome !== "unfounded" ? replyFirst : null;
}

const closedBefore: Refusal = {
  code: "supervision.closed",
  messageZh: "该督办事项已销号，不能再办理；有新的问题请另行督办。",
  messageEn: "This item is closed; raise another for anything new.",
};

const replyMissing: Refusal = {
  code: "supervision.reply_required",
  messageZh: "请写明核查情况和处理结果。",
  messageEn: "Say what was looked into and what was done.",
};

const noteMissing: Refusal = {
  code: "supervision.note_required",
  messageZh: "请写明销号的理由。",
  messageEn: "Say why the item is closed.",
};

const notHandler: Refusal = {
  code: "supervision.not_handler",
  messageZh: "督办事项由本案承办人员或者承办机构负责人答复。",
  messageEn: "An officer of the case or the head of the unit answers an item.",
};

const notRaiser: Refusal = {
  code: "supervision.not_raiser",
  messageZh: "该事项由提出督办的人员或者省级监督员销号。",
  messageEn: "Whoever raised the item closes it, or a supervisor of the province.",
};

const replyFirst: Refusal = {
  code: "supervision.not_answered",
  messageZh: "该事项尚未答复；督办不成立的可以直接销号，其他情形请待答复后办理。",
  messageEn: "The item has not been answered; only an unfounded one is closed before that.",
};
