import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

/** Time-ordered id for rows: `inc_019…`. */
export function newId(prefix: string): string {
  return `${prefix}_${uuidv7().replaceAll("-", "")}`;
}

/** Unguessable token, 256 bits, URL-safe. Store only its hash. */
export function newSecretToken(): string {
  return randomBytes(32).toString("base64url");
}
