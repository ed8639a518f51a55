import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SiteKeyError } from "./errors.ts";
import { loadOrCreateSiteKey, parsePublicKey, spkiDer } from "./site-key.ts";
import { newSiteKey, tempDir } from "./testing/bundle-fixture.ts";

const keyDir = async () => join(await tempDir(), "keys");

describe("loadOrCreateSiteKey", () => {
  it("makes a key that only its owner can read, and finds it again", async () => {
    const dir = await keyDir();
    const made = await loadOrCreateSiteKey(dir);
    const found = await loadOrCreateSiteKey(dir);
    expect(found.keyId).toBe(made.keyId);
    expect((await stat(join(dir, "site-key.pem"))).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).sort()).toEqual(["site-key.pem", "site-key.pub.pem"]);
    expect(await readFile(join(dir, "site-key.pub.pem"), "utf8")).toBe(made.publicKeyPem);
    const publicKey = parsePublicKey(made.publicKeyPem);
    const der = publicKey === undefined ? Buffer.alloc(0) : spkiDer(publicKey);
    expect(made.keyId).toBe(createHash("sha256").update(der).digest("hex").slice(0, 16));
  });

  it("gives all who start at once the same key", async () => {
    const dir = await keyDir();
    const keys = await Promise.all(Array.from({ length: 12 }, () => loadOrCreateSiteKey(dir)));
    expect(new Set(keys.map((key) => key.publicKeyPem)).size).toBe(1);
    expect(await readdir(dir)).toHaveLength(2);
  });

  it("refuses a private key that others may read", async () => {
    const dir = await keyDir();
    await loadOrCreateSiteKey(dir);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(join(dir, "site-key.pem"), mode);
      await expect(loadOrCreateSiteKey(dir)).rejects.toThrow(/chmod 600/);
    }
    await chmod(join(dir, "site-key.pem"), 0o600);
    await expect(loadOrCreateSiteKey(dir)).resolves.toBeDefined();
  });

  it("refuses a damaged key and a public half of another pair, and never makes a new one over it", async () => {
    const dir = await keyDir();
    await loadOrCreateSiteKey(dir);
    await writeFile(join(dir, "site-key.pub.pem"), newSiteKey().publicKeyPem);
    await expect(loadOrCreateSiteKey(dir)).rejects.toThrow(SiteKeyError);
    await rm(join(dir, "site-key.pub.pem"));
    await expect(loadOrCreateSiteKey(dir)).resolves.toBeDefined();
    await writeFile(join(dir, "site-key.pem"), "spoilt");
    await expect(loadOrCreateSiteKey(dir)).rejects.toThrow(/holds no private key/);
    expect(await readFile(join(dir, "site-key.pem"), "utf8")).toBe("spoilt");
  });

  it("says so when the folder cannot be made", async () => {
    const dir = await tempDir();
    await mkdir(join(dir, "a"));
    await writeFile(join(dir, "a", "keys"), "a file");
    await expect(loadOrCreateSiteKey(join(dir, "a", "keys"))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
