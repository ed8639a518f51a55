import type { AudienceKind } from "../casework/warning/audience.ts";
import type { Letter } from "../casework/warning/warning.ts";
import type { Queryable } from "./pool.ts";

/** A letter of a record, with what tells whom it was made out to. */
export interface AddressedLetter {
  readonly letterZh: Letter;
  /** Rung of the ladder. */
  readonly level: number;
  readonly audience: AudienceKind;
  readonly plateTail: string | null;
  /** Of the registered party it was made out to. */
  readonly phone: string | null;
  /** Of the link. */
  readonly factorHash: string;
}

/** The letters of the incident a link opens, first rung first. */
export async function listLetters(db: Queryable, linkId: string): Promise<AddressedLetter[]> {
  const { rows } = await db.query<AddressedLetter>(
    `select warnings.letter_zh as "letterZh", warnings.level, warnings.audience,
       warnings.plate_tail as "plateTail", parties.phone, links.factor_hash as "factorHash"
     from party_links as links join warnings on warnings.incident_id = links.incident_id
     left join responsible_parties as parties on parties.id = warnings.party_id
     where links.id = $1 order by warnings.level`,
    [linkId],
  );
  return rows;
}
