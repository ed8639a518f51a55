import type { EpochMs } from "../local-time.ts";
import { type Refusal, type Refused, refused } from "../refusal.ts";
import { type Actor, personRequired, refuseWithout } from "../roles.ts";

/** A claim lapses by itself, so that nobody blocks the queue by going home. */
export const CLAIM_MS = 15 * 60_000;

export interface ClaimFacts {
  readonly state: string;
  readonly claimedBy: string | null;
  readonly claimedUntil: EpochMs | null;
}

export type Claim =
  | { readonly ok: true; readonly claimedBy: string; readonly claimedUntil: EpochMs }
  | Refused;

/** One person at a time looks at an incident; claiming again renews one's own claim. */
export function claimIncident(incident: ClaimFacts, actor: Actor, now: EpochMs): Claim {
  if (incident.state !== "review_pending") {
    return refused({
      code: "incident.not_claimable",
      messageZh: "只有待审核的事件可以领取。",
      messageEn: `Only an incident that waits for review can be claimed; this one is ${incident.state}.`,
    });
  }
  if (actor.kind !== "user") return refused(personRequired);
  const withoutRight = refuseWithout("incident.claim", actor);
  if (withoutRight !== null) return refused(withoutRight);
  if (isClaimed(incident, now) && incident.claimedBy !== actor.userId) {
    return refused({
      code: "incident.claimed_by_other",
      messageZh: "该事件已被其他人员领取。",
      messageEn: "Somebody else has claimed this incident.",
    });
  }
  return { ok: true, claimedBy: actor.userId, claimedUntil: now + CLAIM_MS };
}

/** Null when the claim is this actor's and still runs. */
export function refuseUnclaimed(incident: ClaimFacts, actor: Actor, now: EpochMs): Refusal | null {
  const mine = actor.kind === "user" && incident.claimedBy === actor.userId;
  if (mine && isClaimed(incident, now)) return null;
  return {
    code: "incident.not_claimed_by_you",
    messageZh: "请先领取该事件；领取十五分钟后自动失效。",
    messageEn: "Claim the incident first; a claim lapses after fifteen minutes.",
  };
}

function isClaimed(incident: ClaimFacts, now: EpochMs): boolean {
  return incident.claimedBy !== null && incident.claimedUntil !== null && now < incident.claimedUntil;
}
