import { describe, expect, it } from "vitest";
import { type Seal, sealSchema } from "./manifest-schema.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { sealProblems } from "./portable/seal-problems.ts";
import { isSealSignatureGood, signedText } from "./portable/seal-signature.ts";
import { makeSeal } from "./seal.ts";
import { SEAL_ALGORITHMS, type SiteKey } from "./site-key.ts";
import { newSiteKey } from "./testing/bundle-fixture.ts";

const manifest = { bundleId: "cnd_1", camera: { id: "cam-1" }, sequence: 1, previousManifestSha256: null };
const sealWith = (key: SiteKey) =>
  makeSeal(manifest as Parameters<typeof makeSeal>[0], Buffer.from("{}"), key, 0);
const isGood = (seal: Seal) => isSealSignatureGood(seal, nodeCrypto);

describe.each(SEAL_ALGORITHMS)("a seal of %s", (algorithm) => {
  const key = newSiteKey(algorithm);
  const seal = sealWith(key);

  it("fits its schema and is good", () => {
    expect(sealSchema.parse(seal)).toEqual(seal);
    expect(seal.algorithm).toBe(algorithm);
    expect(isGood(seal)).toBe(true);
  });

  it("covers every one of its fields", () => {
    const changes: Record<keyof Omit<Seal, "signature" | "schema">, unknown> = {
      algorithm: algorithm === "SM2" ? "Ed25519" : "SM2",
      bundleId: "cnd_2",
      cameraId: "cam-2",
      sequence: 2,
      previousManifestSha256: "0".repeat(64),
      manifestSha256: "0".repeat(64),
      manifestSm3: "0".repeat(64),
      keyId: "0".repeat(16),
      publicKey: newSiteKey(algorithm).publicKeyPem,
      signedAt: "2026-01-01T00:00:00.000Z",
    };
    for (const [field, value] of Object.entries(changes))
      expect(isGood({ ...seal, [field]: value }), field).toBe(false);
  });

  it("cannot be a signature made for something else", () => {
    const { signature: _old, ...unsigned } = seal;
    const bare = key.sign(signedText(unsigned).subarray(`${seal.schema}\n`.length)).toString("base64");
    expect(isGood({ ...seal, signature: bare })).toBe(false);
  });

  it("is not good with one bit of the signature turned", () => {
    const bytes = Buffer.from(seal.signature, "base64");
    for (let at = 0; at < bytes.length; at += 1) {
      const turned = Buffer.from(bytes);
      turned.writeUInt8(turned.readUInt8(at) ^ 1, at);
      expect(isGood({ ...seal, signature: turned.toString("base64") }), `byte ${at}`).toBe(false);
    }
  });

  it("trusts a whole key, not a key id", () => {
    const read = { sha256: seal.manifestSha256, sm3: seal.manifestSm3, value: undefined };
    const problems = (trusted: string[]) => sealProblems(seal, read, trusted, nodeCrypto);
    expect(problems([newSiteKey().publicKeyPem, key.publicKeyPem])).toEqual([]);
    expect(problems([newSiteKey(algorithm).publicKeyPem])).toMatchObject([{ code: "seal.untrusted_key" }]);
    expect(problems([])).toMatchObject([{ code: "seal.untrusted_key" }]);
  });

  it("names a key id that is not the key's, even when the signature is good", () => {
    const { signature: _old, ...unsigned } = seal;
    const renamed = { ...unsigned, keyId: "0123456789abcdef" };
    const forged = { ...renamed, signature: key.sign(signedText(renamed)).toString("base64") };
    const read = { sha256: seal.manifestSha256, sm3: seal.manifestSm3, value: undefined };
    expect(sealProblems(forged, read, undefined, nodeCrypto)).toMatchObject([
      { code: "seal.key_id_mismatch" },
    ]);
  });
});

describe("an Ed25519 seal", () => {
  it("is the same for the same manifest", () => {
    const key = newSiteKey();
    expect(sealWith(key)).toEqual(sealWith(key));
  });

  it("takes only the one true spelling of the signature", () => {
    const seal = sealWith(newSiteKey());
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const last = alphabet.indexOf(seal.signature.charAt(85));
    const respelled = `${seal.signature.slice(0, 85)}${alphabet.charAt(last + 1)}==`;
    expect(Buffer.from(respelled, "base64").equals(Buffer.from(seal.signature, "base64"))).toBe(true);
    expect(isGood({ ...seal, signature: respelled })).toBe(false);
  });
});
