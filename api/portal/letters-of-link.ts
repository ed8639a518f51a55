import { factorOf } from "../../casework/portal/second-factor.ts";
import { WRITTEN_ORDER } from "../../casework/warning/ladder.ts";
import type { Letter } from "../../casework/warning/warning.ts";
import { type AddressedLetter, listLetters } from "../../store/portal-letter-read-model.ts";
import type { PartyLink } from "../../store/portal-link-store.ts";
import type { ApiContext } from "../context.ts";
import { factorHash } from "./link-secrets.ts";

/** The letters of the record that whoever has the link may read: their own, and what was said to nobody by name. */
export async function lettersOfLink(context: ApiContext, link: PartyLink): Promise<Letter[]> {
  const letters = await listLetters(context.pool, link.linkId);
  return letters.filter((letter) => isFor(context, link, letter)).map(({ letterZh }) => letterZh);
}

/** Known by the one number both have: the plate's end, or the phone's. */
function isFor({ linkSecret }: ApiContext, link: PartyLink, letter: AddressedLetter): boolean {
  if (letter.audience === "place") return letter.level < WRITTEN_ORDER;
  const factor = factorOf(link.factorKind, link.factorKind === "plate" ? letter.plateTail : letter.phone);
  return factor !== null && factorHash(linkSecret, link.linkId, factor) === letter.factorHash;
}
