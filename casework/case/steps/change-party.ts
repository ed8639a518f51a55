import type { LocalDate } from "../../clocks/clock.ts";
import type { CaseFile, Party } from "../case-file.ts";
import { endClocks } from "../end-clocks.ts";
import { isSameParty, partyIdentity } from "../party-key.ts";

/**
 * The file with this party. Somebody else than before has agreed to nothing and has been ordered nothing: the confirmed
 * address, the head's endorsement and the services to the former party count for them no more.
 */
export function withParty(file: CaseFile, party: Party, today: LocalDate): Partial<Omit<CaseFile, "state">> {
  if (!isOtherParty(file.party, party)) return { party };
  const { filing } = file;
  return {
    party,
    addressConfirmation: null,
    filing: filing === null || filing.filedOn !== null ? filing : { ...filing, endorsedBy: null },
    orders: file.orders.map((order) => ({ ...order, servedOn: null })),
    services: file.services.map((one) =>
      one.outcome === "running"
        ? { ...one, outcome: "failed", details: { ...one.details, endedOn: today } }
        : one,
    ),
    clocks: endClocks(file.clocks, ["correction"], "stopped", today),
  };
}

/** Whether the party has become somebody else; not where the first one is named, or one and the same is described better. */
export function isOtherParty(before: Party | null, party: Party | null): boolean {
  if (before === null) return false;
  if (party === null) return true;
  const unknown = partyIdentity(before) === null && partyIdentity(party) === null;
  return unknown ? before.name !== party.name : !isSameParty(before, party);
}
