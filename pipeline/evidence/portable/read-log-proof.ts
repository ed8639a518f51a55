import type { BundleSource, Problem } from "../bundle-source.ts";
import { LOG_PROOF_FILE, readLogProof, verifyLogProof } from "../log/log-proof.ts";
import { equalBytes } from "./bytes.ts";
import { readPublicKey } from "./public-key.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/** Far above any proof: 64 hashes, one entry, one checkpoint, one timestamp. */
const MAX_PROOF_BYTES = 1024 * 1024;

/** What a good proof says: where in the site's log the bundle stands. */
export interface LogFacts {
  readonly origin: string;
  readonly index: number;
  /** What the entry tells of: `collected`, `exported` … */
  readonly kind: string;
  /** When the entry was written, by the clock of the machine that did. */
  readonly at: string;
  /** How many entries the signed checkpoint covers. */
  readonly size: number;
  /** Whose key signed the checkpoint; anybody can sign one with a key of their own. */
  readonly keyId: string;
  readonly keyTrust: "trusted" | "not_checked";
  /** The very key that the bundle's own seal was made with; another is no fault in itself: keys are changed. */
  readonly isSealKey: boolean;
  /** An authority's token is in the proof; whether it is good, `forewarn log` and openssl can say. */
  readonly hasTimestamp: boolean;
}

/** log-proof.json of an export, if there is one: it must be of this very manifest. */
export async function checkLogProof(
  source: BundleSource,
  expected: {
    readonly manifestSha256: string;
    readonly bundleId: string;
    /** SPKI, PEM; of the seal that lies beside. */
    readonly sealKey: string | undefined;
    readonly trustedKeys?: readonly string[];
  },
  crypto: VerifyCrypto,
): Promise<{ log: LogFacts | null; problems: readonly Problem[] }> {
  const entry = source.entries.find(({ path }) => path === LOG_PROOF_FILE);
  if (entry?.kind !== "file") return { log: null, problems: [] };
  if (entry.sizeBytes > MAX_PROOF_BYTES) {
    const message = `${LOG_PROOF_FILE} is too large to be one of ours`;
    return { log: null, problems: [{ code: "log.proof_unreadable", file: LOG_PROOF_FILE, message }] };
  }
  const bytes = await source.read(LOG_PROOF_FILE);
  const problems = verifyLogProof(bytes, expected, crypto);
  const { proof } = readLogProof(bytes);
  if (proof === undefined || problems.length > 0) return { log: null, problems };
  const { entry: logged, index, checkpoint, timestamp } = proof;
  const { origin, size, keyId, publicKey } = checkpoint;
  const { kind, at } = logged;
  const key = {
    keyId,
    keyTrust: expected.trustedKeys === undefined ? "not_checked" : "trusted",
    isSealKey: expected.sealKey !== undefined && isSameKey(publicKey, expected.sealKey),
  } as const;
  return { log: { origin, index, kind, at, size, ...key, hasTimestamp: timestamp !== null }, problems };
}

function isSameKey(a: string, b: string): boolean {
  const [one, other] = [readPublicKey(a), readPublicKey(b)];
  return one !== undefined && other !== undefined && equalBytes(one.spki, other.spki);
}
