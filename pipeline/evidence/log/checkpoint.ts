import { z } from "zod";
import type { EpochMs } from "../../domain/types.ts";
import { canonicalText } from "../canonical-json.ts";
import { toHex, utf8 } from "../portable/bytes.ts";
import type { SiteKey } from "../site-key.ts";
import { isoUtc } from "../time-text.ts";
import { signedBytes } from "./signed-document.ts";

/** A hash as 64 lower-case hex digits. */
export const hashHex = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");

/** A site's signed word that its log of `size` entries has this root. */
export const checkpointSchema = z.strictObject({
  schema: z.literal("forewarn-checkpoint/1"),
  /** Which log: one for each installation. */
  origin: z.string().regex(/^[\x21-\x7e]{1,200}$/, "1–200 printable ASCII characters without blanks"),
  size: z.int().min(1),
  /** Merkle tree hash (RFC 6962, section 2.1). */
  rootHash: hashHex,
  /** UTC, by the clock of the machine that signed: not a trusted timestamp. */
  at: z.iso.datetime({ precision: 3 }),
  keyId: z.string().regex(/^[0-9a-f]{16}$/, "16 lower-case hex digits"),
  /** SPKI, PEM. */
  publicKey: z.string().regex(/^[\x20-\x7e\n]{1,1000}$/, "PEM: 1–1000 ASCII characters"),
  algorithm: z.enum(["Ed25519", "SM2"]),
  /** Base64. Ed25519: 64 bytes; SM2: ASN.1 DER of r and s. */
  signature: z.base64().max(200),
});

export type Checkpoint = z.infer<typeof checkpointSchema>;

export function signCheckpoint(
  tree: {
    readonly origin: string;
    readonly size: number;
    readonly root: Uint8Array;
    readonly at: EpochMs;
  },
  key: SiteKey,
): Checkpoint {
  const unsigned = {
    schema: "forewarn-checkpoint/1" as const,
    origin: tree.origin,
    size: tree.size,
    rootHash: toHex(tree.root),
    at: isoUtc(tree.at),
    keyId: key.keyId,
    publicKey: key.publicKeyPem,
    algorithm: key.algorithm,
  };
  return { ...unsigned, signature: key.sign(signedBytes(unsigned)).toString("base64") };
}

/** The whole checkpoint, signature included, as canonical JSON: what is stored and what a timestamp is of. */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array {
  return utf8(canonicalText(checkpoint));
}
