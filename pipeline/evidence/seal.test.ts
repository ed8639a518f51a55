import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sealSchema } from "./manifest-schema.ts";
import { isSignatureGood, makeSeal, sealMessage } from "./seal.ts";
import { parsePublicKey, parsePublicKeys, siteKeyFromPem } from "./site-key.ts";
import { newSiteKey } from "./testing/bundle-fixture.ts";
import { sealProblems } from "./verify-seal.ts";

const manifest = { bundleId: "cnd_1", camera: { id: "cam-1" }, sequence: 1, previousManifestSha256: null };
const key = newSiteKey();
const seal = makeSeal(manifest as Parameters<typeof makeSeal>[0], Buffer.from("{}"), key, 0);

describe("makeSeal", () => {
  it("is deterministic and fits its schema", () => {
    expect(makeSeal(manifest as Parameters<typeof makeSeal>[0], Buffer.from("{}"), key, 0)).toEqual(seal);
    expect(sealSchema.parse(seal)).toEqual(seal);
    expect(isSignatureGood(seal)).toBe(true);
  });

  it("covers every one of its fields", () => {
    const changes = {
      bundleId: "cnd_2",
      cameraId: "cam-2",
      sequence: 2,
      previousManifestSha256: "0".repeat(64),
      manifestSha256: "0".repeat(64),
      keyId: "0".repeat(16),
      publicKey: newSiteKey().publicKeyPem,
      signedAt: "2026-01-01T00:00:00.000Z",
    };
    for (const [field, value] of Object.entries(changes))
      expect(isSignatureGood({ ...seal, [field]: value }), field).toBe(false);
  });

  it("cannot be a signature made for something else", () => {
    const bare = key.sign(sealMessage(seal).subarray("forewarn-seal/1\n".length)).toString("base64");
    expect(isSignatureGood({ ...seal, signature: bare })).toBe(false);
  });

  it("takes only the one true spelling of the signature", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const last = alphabet.indexOf(seal.signature.charAt(85));
    const respelled = `${seal.signature.slice(0, 85)}${alphabet.charAt(last + 1)}==`;
    expect(Buffer.from(respelled, "base64").equals(Buffer.from(seal.signature, "base64"))).toBe(true);
    expect(isSignatureGood({ ...seal, signature: respelled })).toBe(false);
  });
});

describe("sealProblems", () => {
  const read = { sha256: seal.manifestSha256, value: undefined };
  it("trusts a whole key, not a key id", () => {
    expect(sealProblems(seal, read, [key.publicKeyPem])).toEqual([]);
    expect(sealProblems(seal, read, [newSiteKey().publicKeyPem])).toMatchObject([
      { code: "seal.untrusted_key" },
    ]);
    expect(sealProblems(seal, read, [])).toMatchObject([{ code: "seal.untrusted_key" }]);
  });
  it("names a key id that is not the key's, even when the signature is good", () => {
    const { signature: _old, ...unsigned } = { ...seal, keyId: "0123456789abcdef" };
    const forged = { ...unsigned, signature: key.sign(sealMessage(unsigned)).toString("base64") };
    expect(sealProblems(forged, read, undefined)).toMatchObject([{ code: "seal.key_id_mismatch" }]);
  });
});

describe("public keys", () => {
  it("are read one by one from a file, and nothing else is taken for one", () => {
    const second = newSiteKey().publicKeyPem;
    expect(parsePublicKeys(`${key.publicKeyPem}\n${second}`)).toHaveLength(2);
    expect(parsePublicKeys("nothing here")).toBeUndefined();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(parsePublicKey(publicKey.export({ type: "spki", format: "pem" }).toString())).toBeUndefined();
    const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(parsePublicKey(pkcs8)).toBeUndefined();
    expect(() => siteKeyFromPem(pkcs8, "k.pem")).toThrow("seals need Ed25519");
  });
});
