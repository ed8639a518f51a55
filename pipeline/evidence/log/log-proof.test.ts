import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../canonical-json.ts";
import { nodeCrypto } from "../node-crypto.ts";
import { toHex } from "../portable/bytes.ts";
import { generatePrivateKey, type SiteKey, siteKeyFromPem } from "../site-key.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { entryBytes, type LogEntry } from "./entry.ts";
import { type LogProof, logProofBytes, timestampOf, verifyLogProof } from "./log-proof.ts";
import { inclusionRanges } from "./proof-ranges.ts";
import { EMPTY_FRONTIER, type Frontier, grow, leafHash, rootOf } from "./tree.ts";

const { sha256 } = nodeCrypto;
const manifestSha256 = "b".repeat(64);

function newKey(): SiteKey {
  return siteKeyFromPem(generatePrivateKey("Ed25519"), "a test's key");
}

const key = newKey();

function entryOf(number: number): LogEntry {
  return {
    schema: "forewarn-log-entry/1",
    kind: "collected",
    at: "2026-03-10T01:00:00.000Z",
    actor: { kind: "system", id: "camera-worker" },
    bundleId: `cnd_${number}`,
    manifestSha256,
    why: "触发 “vehicle_sidewalk”",
    detail: { sequence: number },
  };
}

/** Proof of entry `index` in a log of `size`, made anew from all of them. */
function proofOf(index: number, size: number, signer = key): LogProof {
  const leaves = Array.from({ length: size }, (_, n) => leafHash(sha256, entryBytes(entryOf(n))));
  const rootBetween = (start: number, end: number) => {
    const frontier = leaves
      .slice(start, end)
      .reduce<Frontier>((tree, leaf) => grow(sha256, tree, leaf), EMPTY_FRONTIER);
    return rootOf(sha256, frontier);
  };
  return {
    schema: "forewarn-log-proof/1",
    entry: entryOf(index),
    index,
    leafHash: toHex(leaves[index] ?? new Uint8Array()),
    proof: inclusionRanges(index, size).map(({ start, end }) => toHex(rootBetween(start, end))),
    checkpoint: signCheckpoint(
      {
        origin: "forewarn-log/test",
        size,
        root: rootBetween(0, size),
        at: Date.parse("2026-03-10T02:00:00Z"),
      },
      signer,
    ),
    timestamp: null,
  };
}

const expected = { manifestSha256, bundleId: "cnd_3", trustedKeys: [key.publicKeyPem] };

function codes(proof: LogProof | Buffer, expectation: object = expected): string[] {
  const file = Buffer.isBuffer(proof) ? proof : logProofBytes(proof);
  return verifyLogProof(file, expectation, nodeCrypto).map(({ code }) => code);
}

describe("log-proof.json", () => {
  it("proves an entry of a log of any size", () => {
    for (const size of [4, 5, 7, 8, 33]) expect(codes(proofOf(3, size))).toEqual([]);
    expect(codes(proofOf(0, 1), { manifestSha256, bundleId: "cnd_0" })).toEqual([]);
  });

  it("hands out the token that lies in it", () => {
    expect(timestampOf(proofOf(0, 1))).toBeUndefined();
    expect(timestampOf({ ...proofOf(0, 1), timestamp: "AQI=" })).toEqual(Uint8Array.of(1, 2));
  });

  const good = proofOf(3, 7);
  const { checkpoint } = good;
  const other = "c".repeat(64);

  it.each<[string, Partial<LogProof>, string[]]>([
    [
      "another entry",
      { entry: entryOf(4) },
      ["log.bundle_mismatch", "log.leaf_mismatch", "log.inclusion_invalid"],
    ],
    [
      "an entry that was edited",
      { entry: { ...good.entry, why: null } },
      ["log.leaf_mismatch", "log.inclusion_invalid"],
    ],
    [
      "an entry about another manifest",
      { entry: { ...good.entry, manifestSha256: other } },
      ["log.manifest_mismatch", "log.leaf_mismatch", "log.inclusion_invalid"],
    ],
    ["another leaf's hash", { leafHash: other }, ["log.leaf_mismatch"]],
    ["another place", { index: 2 }, ["log.inclusion_invalid"]],
    ["a place beyond the checkpoint", { index: 7 }, ["log.index_beyond_checkpoint"]],
    ["a step changed", { proof: good.proof.with(0, other) }, ["log.inclusion_invalid"]],
    ["a step lost", { proof: good.proof.slice(1) }, ["log.inclusion_invalid"]],
    ["a step added", { proof: [...good.proof, other] }, ["log.inclusion_invalid"]],
    [
      "a root that was edited",
      { checkpoint: { ...checkpoint, rootHash: other } },
      ["log.inclusion_invalid", "log.checkpoint_signature_invalid"],
    ],
    [
      "a size that was edited",
      { checkpoint: { ...checkpoint, size: 4 } },
      ["log.inclusion_invalid", "log.checkpoint_signature_invalid"],
    ],
    [
      "a time that was edited",
      { checkpoint: { ...checkpoint, at: "2026-03-09T02:00:00.000Z" } },
      ["log.checkpoint_signature_invalid"],
    ],
    [
      "another key's id",
      { checkpoint: { ...checkpoint, keyId: "0".repeat(16) } },
      ["log.checkpoint_signature_invalid", "log.checkpoint_key_id_mismatch"],
    ],
    [
      "no key at all",
      { checkpoint: { ...checkpoint, publicKey: "none" } },
      ["log.checkpoint_public_key_invalid"],
    ],
    [
      "a key of another kind",
      { checkpoint: { ...checkpoint, algorithm: "SM2" } },
      ["log.checkpoint_public_key_invalid"],
    ],
    ["a checkpoint of another tree", { checkpoint: proofOf(3, 8).checkpoint }, ["log.inclusion_invalid"]],
    [
      "a stranger's signature",
      { checkpoint: proofOf(3, 7, newKey()).checkpoint },
      ["log.checkpoint_untrusted_key"],
    ],
  ])("proves nothing with %s, and says so", (_, changed, wanted) => {
    expect(codes({ ...good, ...changed })).toEqual(wanted);
  });

  it("is taken without a list of trusted keys, and for any bundle, when nobody asks", () => {
    expect(codes(proofOf(4, 7, newKey()), {})).toEqual([]);
  });

  it.each([
    ["nothing", Buffer.alloc(0), ["log.proof_unreadable"]],
    ["half of one", Buffer.from(logProofBytes(good)).subarray(0, 200), ["log.proof_unreadable"]],
    [
      "other JSON",
      canonicalBytes({ schema: "forewarn-log-proof/2" }),
      expect.arrayContaining(["log.proof_invalid"]),
    ],
    ["one with a field more", canonicalBytes({ ...good, note: 1 }), ["log.proof_invalid"]],
    ["one that was set out anew", Buffer.from(JSON.stringify(good, null, 2)), ["log.proof_not_canonical"]],
  ])("is told from %s", (_, file, wanted) => {
    expect(codes(file)).toEqual(wanted);
  });

  it("names every fault in it that its form has", () => {
    const text = Buffer.from(logProofBytes(good)).toString("utf8");
    expect(codes(Buffer.from(text.replace("camera-worker", "\\ud800")))).toEqual(["log.proof_invalid"]);
    expect(codes(Buffer.from(text.replace('"sequence":3', '"sequence":3.5')))).toEqual(["log.proof_invalid"]);
  });
});
