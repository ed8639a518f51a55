import { z } from "zod";
import type { EpochMs } from "../domain/types.ts";
import type { Problem } from "./bundle-source.ts";
import { canonicalText, parseJsonBytes } from "./canonical-json.ts";
import { utf8 } from "./portable/bytes.ts";
import { keyIdOf, readPublicKey } from "./portable/public-key.ts";
import { isSignatureOf } from "./portable/seal-signature.ts";
import type { VerifyCrypto } from "./portable/verify-crypto.ts";
import { SEAL_ALGORITHMS, type SiteKey } from "./site-key.ts";
import { isoUtc } from "./time-text.ts";

/** Keeps an endorsement from passing as a seal, and the other way round. */
const DOMAIN_LINE = "forewarn-key/1\n";

const keyId = z.string().regex(/^[0-9a-f]{16}$/, "16 lower-case hex digits");

const listedKey = z.strictObject({
  keyId,
  algorithm: z.enum(SEAL_ALGORITHMS),
  /** SPKI, PEM. */
  publicKey: z.string().min(1),
  /** In use from here to the next key's. */
  from: z.iso.datetime({ precision: 3 }),
  why: z.string().min(1),
  /** By the key before it: who trusts that one can follow. Null for a site's first. */
  endorsement: z.strictObject({ keyId, signature: z.base64().min(88).max(96) }).nullable(),
});
export type ListedKey = z.infer<typeof listedKey>;

/** site-keys.json: every key a site has sealed with, oldest first; the last is in use. Public as a whole. */
export const keyListSchema = z.strictObject({
  schema: z.literal("forewarn-keys/1"),
  keys: z.array(listedKey).min(1),
});
export type KeyList = z.infer<typeof keyListSchema>;

/** A list from the bytes of its file. @throws Error that says what is wrong with it, in one line */
export function parseKeyList(bytes: Uint8Array, crypto: VerifyCrypto): KeyList {
  const parsed = keyListSchema.safeParse(parseJsonBytes(bytes));
  const faults = parsed.success
    ? keyListProblems(parsed.data, crypto).map(({ message }) => message)
    : parsed.error.issues.map(({ path, message }) => `${path.join(".") || "whole document"}: ${message}`);
  if (parsed.data === undefined || faults.length > 0) throw new Error(faults.join("; "));
  return parsed.data;
}

/** The list of a site that has made its first key. */
export function firstKeyList(key: SiteKey, at: EpochMs): KeyList {
  return { schema: "forewarn-keys/1", keys: [{ ...factsOf(key, at, "first key"), endorsement: null }] };
}

/** The list with one key more, endorsed by the one that is in use. */
export function withNextKey(
  list: KeyList,
  current: SiteKey,
  next: SiteKey,
  at: EpochMs,
  why: string,
): KeyList {
  const facts = factsOf(next, at, why);
  const signature = current.sign(endorsedText(facts)).toString("base64");
  return { ...list, keys: [...list.keys, { ...facts, endorsement: { keyId: current.keyId, signature } }] };
}

/** What is wrong with a list; empty when each key follows from the one before it. Pure. */
export function keyListProblems({ keys }: KeyList, crypto: VerifyCrypto): Problem[] {
  const problems: Problem[] = [];
  const add = (code: string, message: string) =>
    problems.push({ code: `keys.${code}`, file: "site-keys.json", message });
  keys.forEach((entry, index) => {
    const key = readPublicKey(entry.publicKey);
    const before = keys[index - 1];
    if (key?.algorithm !== entry.algorithm || keyIdOf(key, crypto) !== entry.keyId)
      add("key_invalid", `the public key of ${entry.keyId} is not the key of that id and algorithm`);
    if (before === undefined) {
      if (entry.endorsement !== null) add("endorsement_invalid", "a first key has nobody to endorse it");
      return;
    }
    if (entry.from <= before.from) add("order", `${entry.keyId} comes into use before ${before.keyId}`);
    const endorser = readPublicKey(before.publicKey);
    const isEndorsed =
      endorser !== undefined &&
      entry.endorsement?.keyId === before.keyId &&
      isSignatureOf(endorser, endorsedText(entry), entry.endorsement.signature, crypto);
    if (!isEndorsed)
      add("endorsement_invalid", `${entry.keyId} is not endorsed by ${before.keyId} before it`);
  });
  return problems;
}

function factsOf(key: SiteKey, at: EpochMs, why: string) {
  const { keyId: id, algorithm, publicKeyPem } = key;
  return { keyId: id, algorithm, publicKey: publicKeyPem, from: isoUtc(at), why };
}

function endorsedText({
  keyId: id,
  algorithm,
  publicKey,
  from,
  why,
}: Omit<ListedKey, "endorsement">): Uint8Array {
  return utf8(DOMAIN_LINE + canonicalText({ keyId: id, algorithm, publicKey, from, why }));
}
