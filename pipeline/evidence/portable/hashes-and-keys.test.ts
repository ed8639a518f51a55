import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, getHashes, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ED25519_TORSION_SUBGROUP } from "@noble/curves/ed25519";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeCrypto } from "../node-crypto.ts";
import { fromBase64, toHex, utf8 } from "./bytes.ts";
import { keyIdOf, readPublicKey, readPublicKeys } from "./public-key.ts";
import { isSm2SignatureGood } from "./sm2.ts";
import { Sm3, sm3 } from "./sm3.ts";

describe("SM3", () => {
  it("gives the two examples of GB/T 32905-2016, appendix A", () => {
    expect(toHex(sm3(utf8("abc")))).toBe("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(toHex(sm3(utf8("abcd".repeat(16))))).toBe(
      "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
    );
  });

  it("gives the same however the bytes are cut, at every length around a block", () => {
    for (let length = 0; length <= 130; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
      const hash = new Sm3();
      for (let at = 0; at < length; at += 13) hash.update(bytes.subarray(at, at + 13));
      expect(toHex(hash.digest()), `${length} bytes`).toBe(toHex(sm3(bytes)));
    }
  });

  it.skipIf(!getHashes().includes("sm3"))("agrees with OpenSSL", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(toHex(sm3(bytes))).toBe(createHash("sm3").update(bytes).digest("hex"));
      }),
    );
  });
});

const hasSm2 = /SM2/.test(spawnSync("openssl", ["ecparam", "-list_curves"]).stdout?.toString() ?? "");

describe.skipIf(!hasSm2)("SM2 signatures made by OpenSSL", () => {
  const message = utf8("forewarn-seal/1\n{}");
  let dir: string;
  let pem: string;
  let signature: Uint8Array;
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: dir, stdio: "pipe" });

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "forewarn-sm2-"));
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem");
    pem = openssl("pkey", "-in", "key.pem", "-pubout").toString();
    writeFileSync(join(dir, "message"), message);
    const identity = ["-pkeyopt", "distid:1234567812345678"];
    openssl(
      ...["pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-digest", "sm3", ...identity],
      ...["-in", "message", "-out", "signature"],
    );
    signature = readFileSync(join(dir, "signature"));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const key = () => readPublicKey(pem)?.key ?? new Uint8Array();

  it("are good, and bad for another message, key, identity or byte", () => {
    expect(readPublicKey(pem)?.algorithm).toBe("SM2");
    expect(isSm2SignatureGood(key(), message, signature)).toBe(true);
    expect(isSm2SignatureGood(key(), utf8("other"), signature)).toBe(false);
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Uint8Array.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isSm2SignatureGood(key(), message, changed), `byte ${at}`).toBe(false);
    }
    const offCurve = Uint8Array.from(key());
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    expect(isSm2SignatureGood(offCurve, message, signature)).toBe(false);
  });

  it("have one spelling only: no byte more, no second sequence, no zero before a number", () => {
    const bytes = [...signature];
    const padded = [0x30, (bytes[1] ?? 0) + 1, 0x02, (bytes[3] ?? 0) + 1, 0x00, ...bytes.slice(4)];
    for (const respelled of [[...bytes, 0], bytes.slice(0, -1), [], padded])
      expect(isSm2SignatureGood(key(), message, Uint8Array.from(respelled))).toBe(false);
  });
});

describe("public keys", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();

  it("are read as OpenSSL writes them, with the id of the whole key", () => {
    const key = readPublicKey(pem);
    const spki = publicKey.export({ type: "spki", format: "der" });
    expect(key && toHex(key.spki)).toBe(spki.toString("hex"));
    expect(key && keyIdOf(key, nodeCrypto)).toBe(
      createHash("sha256").update(spki).digest("hex").slice(0, 16),
    );
    const message = utf8("message");
    const signature = sign(null, message, privateKey);
    expect(key && nodeCrypto.isEd25519SignatureGood(key.key, message, signature)).toBe(true);
  });

  it("are not taken for one when they are something else", () => {
    const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const others = [
      p256.publicKey.export({ type: "spki", format: "pem" }).toString(),
      privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      pem.replace("MCow", "MCox"),
      `${pem}${pem}`,
      "",
    ];
    for (const other of others) expect(readPublicKey(other), other).toBeUndefined();
    expect(readPublicKeys(`${pem}\n${pem}`)).toHaveLength(2);
    expect(readPublicKeys(`${pem}\n${others[0]}`)).toBeUndefined();
    expect(readPublicKeys("nothing")).toBeUndefined();
  });
});

describe("keys of Ed25519 under which anybody could sign", () => {
  const pemOf = (key: string) => {
    const spki = Buffer.from(`302a300506032b6570032100${key}`, "hex").toString("base64");
    return `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
  };
  const withSign = (key: string) =>
    key.slice(0, 62) + (Number.parseInt(key.slice(62), 16) ^ 0x80).toString(16).padStart(2, "0");

  it("are real: OpenSSL takes one signature under such a key for any message", () => {
    const identity = Buffer.from(ED25519_TORSION_SUBGROUP[0] ?? "", "hex");
    const signature = Buffer.concat([identity, Buffer.alloc(32)]);
    expect(nodeCrypto.isEd25519SignatureGood(identity, utf8("anything"), signature)).toBe(true);
  });

  it("are no keys: the eight points of small order, and whatever is spelled beyond the field's prime", () => {
    expect(ED25519_TORSION_SUBGROUP).toHaveLength(8);
    const beyond = Array.from(
      { length: 19 },
      (_, more) => `${(0xed + more).toString(16)}${"ff".repeat(30)}7f`,
    );
    for (const key of [...ED25519_TORSION_SUBGROUP, ...beyond])
      for (const spelled of [key, withSign(key)])
        expect(readPublicKey(pemOf(spelled)), spelled).toBeUndefined();
  });

  it("are not taken for the others", () => {
    const nearly = [`ec${"ff".repeat(29)}fe7f`, `02${"00".repeat(31)}`, `ed${"ff".repeat(30)}7e`];
    for (const key of nearly) expect(readPublicKey(pemOf(key)), key).toBeDefined();
  });
});

describe("base64", () => {
  it("takes the one true spelling only", () => {
    expect(fromBase64("AAA=")).toEqual(new Uint8Array(2));
    for (const other of ["AAB=", "AAA", "AA A=", "A===", "AA-_"])
      expect(fromBase64(other), other).toBeUndefined();
  });
});
