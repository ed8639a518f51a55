import type { LocalDate } from "../clocks/clock.ts";
import { isLocalDate } from "../clocks/date.ts";
import type { Party, PartyKind } from "./case-file.ts";

/** Who answers with their own person, and so has an age. */
const WITH_AN_AGE: readonly PartyKind[] = ["person", "individual_business"];

/** The date of birth on file, else the one that an id number of 18 digits holds (GB 11643). Null for a unit, or where neither is known. */
export function birthDateOf(party: Party): LocalDate | null {
  if (!WITH_AN_AGE.includes(party.kind)) return null;
  return party.birthDate ?? birthDateInId(party.idNo);
}

/** Null for other papers' numbers. */
export function birthDateInId(idNo: string | null): LocalDate | null {
  const [, year, month, day] = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/i.exec(idNo?.trim() ?? "") ?? [];
  const date = `${year}-${month}-${day}`;
  return isLocalDate(date) ? date : null;
}
