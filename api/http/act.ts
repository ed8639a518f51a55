import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import type { ApiContext } from "../context.ts";
import type { SignedInUser } from "./session.ts";

/** A step of this user, now, inside this user's regions. */
export function actOf(context: ApiContext, user: SignedInUser): Act {
  return {
    actor: { kind: "user", userId: user.userId, roles: user.roles },
    scope: user.regions,
    at: context.clock.now(),
    newId,
  };
}

/** The party opens a link: nobody in particular, no regions, only what the link itself unlocks. */
export function actOfParty(context: ApiContext): Act {
  return { actor: { kind: "party" }, scope: [], at: context.clock.now(), newId };
}
