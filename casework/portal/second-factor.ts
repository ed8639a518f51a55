/** What a party answers beside the link, so that a forwarded message alone opens nothing. */
export const factorKinds = {
  phone: { zh: "手机号码后四位", en: "last four digits of the phone number", length: 4 },
  plate: { zh: "车牌号码后三位", en: "last three characters of the plate", length: 3 },
} as const;
export type FactorKind = keyof typeof factorKinds;

/** Wrong answers a link stands; the one that makes it five locks it until the agency gives out a new one. */
export const MAX_WRONG_ANSWERS = 5;

/** The factor out of a whole phone or plate number; null where it is too short to have one. */
export function factorOf(kind: FactorKind, number: string | null): string | null {
  if (number === null) return null;
  const plain = normalised(number);
  const { length } = factorKinds[kind];
  const tail = plain.slice(-length);
  return plain.length >= length && fits(kind, tail) ? tail : null;
}

/** What somebody typed, as it is compared; null where it cannot be the factor of any number. */
export function typedFactor(kind: FactorKind, typed: string): string | null {
  const plain = normalised(typed);
  return plain.length === factorKinds[kind].length && fits(kind, plain) ? plain : null;
}

function fits(kind: FactorKind, text: string): boolean {
  return kind === "phone" ? /^\d{4}$/.test(text) : /^[0-9A-Z\p{Script=Han}]{3}$/u.test(text);
}

/** Full-width signs, blanks and dots are how people write, not what they mean. */
function normalised(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\s·・.-]/g, "")
    .toUpperCase();
}
