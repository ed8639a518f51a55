import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** argon2id (the library's default variant) at OWASP's first choice: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let decoy: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/**
 * True when the password fits. With no hash, because nobody has that login, it works just as long and says
 * false: the answer's time must not tell who exists.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword("nobody's password");
  const fits = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== undefined && fits;
}

const SHORTEST = 10;
const LONGEST = 200;
/** Without 0/O, 1/l/I: it is read from a screen and typed once. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** What is wrong with a password somebody chose, or null. Length is what counts, so nothing else is asked. */
export function passwordFault(password: string): string | null {
  const length = [...password].length;
  if (length < SHORTEST) return `a password has at least ${SHORTEST} characters`;
  return length > LONGEST ? `a password has at most ${LONGEST} characters` : null;
}

/** A password for one sign-in, 116 bits: its holder must choose another at once. */
export function newOneTimePassword(): string {
  return Array.from({ length: 20 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
