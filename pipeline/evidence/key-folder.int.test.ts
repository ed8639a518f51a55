import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "./canonical-json.ts";
import { SiteKeyError } from "./errors.ts";
import { openSiteKey, readKeyList, rotateSiteKey } from "./key-folder.ts";
import { type KeyList, keyListProblems, withNextKey } from "./key-list.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { loadSiteKey, siteKeyFromPem } from "./site-key.ts";
import { newSiteKey, tempDir } from "./testing/bundle-fixture.ts";

const keyDir = async () => join(await tempDir(), "keys");
const LATER = Date.UTC(2027, 0, 1);

async function listOf(dir: string): Promise<KeyList> {
  const list = await readKeyList(dir);
  if (list === undefined) throw new Error("no list");
  return list;
}

describe("openSiteKey", () => {
  it("makes a key that only its owner can read, and finds it again", async () => {
    const dir = await keyDir();
    const made = await openSiteKey(dir);
    expect((await openSiteKey(dir)).keyId).toBe(made.keyId);
    expect((await stat(join(dir, "site-key.pem"))).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).sort()).toEqual(["site-key.pem", "site-key.pub.pem", "site-keys.json"]);
    expect(await readFile(join(dir, "site-key.pub.pem"), "utf8")).toBe(made.publicKeyPem);
    const der = createPublicKey(made.publicKeyPem).export({ type: "spki", format: "der" });
    expect(made.keyId).toBe(createHash("sha256").update(der).digest("hex").slice(0, 16));
    expect((await listOf(dir)).keys).toMatchObject([{ keyId: made.keyId, endorsement: null }]);
  });

  it("makes an SM2 key when asked, and never changes the kind of one that is there", async () => {
    const dir = await keyDir();
    expect((await openSiteKey(dir, { algorithm: "SM2" })).algorithm).toBe("SM2");
    expect((await openSiteKey(dir, { algorithm: "Ed25519" })).algorithm).toBe("SM2");
  });

  it("gives all who start at once the same key", async () => {
    const dir = await keyDir();
    const keys = await Promise.all(Array.from({ length: 12 }, () => openSiteKey(dir)));
    expect(new Set(keys.map((key) => key.publicKeyPem)).size).toBe(1);
    expect(await readdir(dir)).toHaveLength(3);
  });

  it("refuses a private key that others may read", async () => {
    const dir = await keyDir();
    await openSiteKey(dir);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(join(dir, "site-key.pem"), mode);
      await expect(openSiteKey(dir)).rejects.toThrow(/chmod 600/);
    }
    await chmod(join(dir, "site-key.pem"), 0o600);
    await expect(openSiteKey(dir)).resolves.toBeDefined();
  });

  it("refuses a damaged key, list or public half, and never makes a new one over it", async () => {
    const dir = await keyDir();
    await openSiteKey(dir);
    await writeFile(join(dir, "site-key.pub.pem"), newSiteKey().publicKeyPem);
    await expect(openSiteKey(dir)).rejects.toThrow(SiteKeyError);
    await rm(join(dir, "site-key.pub.pem"));
    await expect(openSiteKey(dir)).resolves.toBeDefined();
    const list = await readFile(join(dir, "site-keys.json"), "utf8");
    await writeFile(join(dir, "site-keys.json"), list.replace("first key", "first kex").slice(0, -1));
    await expect(openSiteKey(dir)).rejects.toThrow(/site-keys.json is damaged/);
    await writeFile(join(dir, "site-keys.json"), list);
    await writeFile(join(dir, "site-key.pem"), "spoilt");
    await expect(openSiteKey(dir)).rejects.toThrow(/holds no private key/);
    expect(await readFile(join(dir, "site-key.pem"), "utf8")).toBe("spoilt");
  });

  it("refuses a key of another kind, and one that is not in the list", async () => {
    const dir = await keyDir();
    await openSiteKey(dir);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(() => siteKeyFromPem(pem, "k.pem")).toThrow("seals need Ed25519 or SM2");
    const other = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(join(dir, "site-key.pem"), other);
    await expect(openSiteKey(dir)).rejects.toThrow(/not the last key/);
  });

  it("says so when the folder cannot be made", async () => {
    const dir = await tempDir();
    await mkdir(join(dir, "a"));
    await writeFile(join(dir, "a", "keys"), "a file");
    await expect(openSiteKey(join(dir, "a", "keys"))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe("rotateSiteKey", () => {
  it("seals with a new key, endorsed by the old one, which is gone", async () => {
    const dir = await keyDir();
    const first = await openSiteKey(dir);
    const second = await rotateSiteKey(dir, { algorithm: "SM2", why: "国密改造", at: LATER });
    expect(second.algorithm).toBe("SM2");
    expect((await openSiteKey(dir)).keyId).toBe(second.keyId);
    expect((await readdir(dir)).sort()).toEqual(["site-key.pem", "site-key.pub.pem", "site-keys.json"]);
    const third = await rotateSiteKey(dir, { algorithm: "Ed25519", why: "yearly", at: LATER + 1 });
    const list = await listOf(dir);
    expect(list.keys.map(({ keyId }) => keyId)).toEqual([first.keyId, second.keyId, third.keyId]);
    expect(keyListProblems(list, nodeCrypto)).toEqual([]);
  });

  it.each(["after the list", "after the key"])(
    "is finished by whoever opens the key next, when killed %s",
    async (when) => {
      const dir = await keyDir();
      const first = await openSiteKey(dir);
      const pem = generateKeyPairSync("ed25519")
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString();
      const next = siteKeyFromPem(pem, "next");
      await writeFile(join(dir, "site-key.next.pem"), pem, { mode: 0o600 });
      const longer = withNextKey(await listOf(dir), first, next, LATER, "yearly");
      await writeFile(join(dir, "site-keys.json"), canonicalBytes(longer));
      if (when === "after the key") await rename(join(dir, "site-key.next.pem"), join(dir, "site-key.pem"));
      const opened = await Promise.all(Array.from({ length: 6 }, () => openSiteKey(dir)));
      expect(new Set(opened.map(({ keyId }) => keyId))).toEqual(new Set([next.keyId]));
      expect((await loadSiteKey(dir))?.keyId).toBe(next.keyId);
      expect(await readFile(join(dir, "site-key.pub.pem"), "utf8")).toBe(next.publicKeyPem);
    },
  );

  it("changes nothing when the key in use was made by a clock that ran ahead, and says what to do", async () => {
    const dir = await keyDir();
    const first = await openSiteKey(dir, { now: LATER + 1 });
    const list = await readFile(join(dir, "site-keys.json"), "utf8");
    const rotation = rotateSiteKey(dir, { algorithm: "Ed25519", why: "yearly", at: LATER });
    await expect(rotation).rejects.toThrow(/2027-01-01T00:00:00\.001Z.*clock/);
    await expect(rotation).rejects.toThrow(SiteKeyError);
    expect(await readFile(join(dir, "site-keys.json"), "utf8")).toBe(list);
    expect((await readdir(dir)).sort()).toEqual(["site-key.pem", "site-key.pub.pem", "site-keys.json"]);
    expect((await openSiteKey(dir)).keyId).toBe(first.keyId);
  });

  it("refuses a reason that the list could not hold", async () => {
    const dir = await keyDir();
    const first = await openSiteKey(dir);
    await expect(rotateSiteKey(dir, { algorithm: "Ed25519", why: "", at: LATER })).rejects.toThrow(
      SiteKeyError,
    );
    expect((await openSiteKey(dir)).keyId).toBe(first.keyId);
  });

  it("is done one after the other when several are asked for at once, while others open the key", async () => {
    const dir = await keyDir();
    await openSiteKey(dir);
    const [rotated, opened] = await Promise.all([
      Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          rotateSiteKey(dir, { algorithm: "Ed25519", why: "yearly", at: LATER + index }).then(
            ({ keyId }) => keyId,
            (error: unknown) => {
              // One with an earlier instant came later.
              expect(error).toBeInstanceOf(SiteKeyError);
              return undefined;
            },
          ),
        ),
      ),
      Promise.all(Array.from({ length: 20 }, () => openSiteKey(dir))),
    ]);
    const made = rotated.filter((keyId) => keyId !== undefined);
    const list = await listOf(dir);
    expect(made.length).toBeGreaterThan(0);
    expect(
      list.keys
        .slice(1)
        .map(({ keyId }) => keyId)
        .sort(),
    ).toEqual([...made].sort());
    for (const { keyId } of opened) expect(list.keys.map((key) => key.keyId)).toContain(keyId);
    expect((await openSiteKey(dir)).keyId).toBe(list.keys.at(-1)?.keyId);
    expect((await readdir(dir)).sort()).toEqual(["site-key.pem", "site-key.pub.pem", "site-keys.json"]);
  });

  it("goes on with the old key when it was killed before the list", async () => {
    const dir = await keyDir();
    const first = await openSiteKey(dir);
    await writeFile(join(dir, "site-key.next.pem"), "half a k", { mode: 0o600 });
    expect((await openSiteKey(dir)).keyId).toBe(first.keyId);
  });
});

describe("keyListProblems", () => {
  it("names a key that the one before it has not endorsed", async () => {
    const dir = await keyDir();
    await openSiteKey(dir);
    await rotateSiteKey(dir, { algorithm: "Ed25519", why: "yearly", at: LATER });
    const list = await listOf(dir);
    const codes = (change: (list: KeyList) => void) => {
      const changed = structuredClone(list);
      change(changed);
      return keyListProblems(changed, nodeCrypto).map(({ code }) => code);
    };
    const at = (changed: KeyList, index: number) => changed.keys[index] as KeyList["keys"][number];
    expect(codes((changed) => Object.assign(at(changed, 1), { why: "other" }))).toEqual([
      "keys.endorsement_invalid",
    ]);
    expect(codes((changed) => Object.assign(at(changed, 1), { endorsement: null }))).toEqual([
      "keys.endorsement_invalid",
    ]);
    expect(codes((changed) => Object.assign(at(changed, 0), { keyId: "0".repeat(16) }))).toContain(
      "keys.key_invalid",
    );
    expect(codes((changed) => changed.keys.reverse())).toEqual(
      expect.arrayContaining(["keys.endorsement_invalid", "keys.order"]),
    );
    expect(
      codes((changed) => Object.assign(at(changed, 1), { publicKey: newSiteKey().publicKeyPem })),
    ).toEqual(["keys.key_invalid", "keys.endorsement_invalid"]);
  });
});
