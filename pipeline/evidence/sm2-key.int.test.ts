import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { generateSm2Key, pemOf, readSm2Key } from "./sm2-key.ts";
import { tempDir } from "./testing/bundle-fixture.ts";

const run = promisify(execFile);

/** With the identity that GM/T 0009 prescribes; OpenSSL's own default is none. */
const IDENTITY = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];

function keyOf(pem: string) {
  const key = readSm2Key(pem);
  if (key === undefined) throw new Error("no SM2 key");
  return key;
}

describe("an SM2 key", () => {
  it("makes signatures that OpenSSL takes, and no other's", async () => {
    const dir = await tempDir();
    const file = (name: string) => join(dir, name);
    for (let round = 0; round < 20; round += 1) {
      const pem = generateSm2Key();
      const message = Buffer.from(`message ${round} 先劝`);
      const key = keyOf(pem);
      const signature = key.sign(message);
      await writeFile(file("message"), message);
      await writeFile(file("other"), `${message.toString()}.`);
      await writeFile(file("signature"), signature);
      await writeFile(file("key.pem"), pem);
      await writeFile(file("key.pub"), pemOf("PUBLIC KEY", key.spki));
      const publicHalf = await run("openssl", ["pkey", "-in", file("key.pem"), "-pubout"]);
      expect(publicHalf.stdout).toBe(pemOf("PUBLIC KEY", key.spki));
      const verify = (what: string) =>
        run("openssl", [
          ...["pkeyutl", "-verify", "-pubin", "-inkey", file("key.pub"), ...IDENTITY],
          ...["-in", file(what), "-sigfile", file("signature")],
        ]);
      await expect(verify("message")).resolves.toMatchObject({ stdout: /Verified Successfully/ });
      await expect(verify("other")).rejects.toMatchObject({ stdout: /Failure/ });
    }
  });

  it("never makes the same signature twice: each has a number of its own", () => {
    const key = keyOf(generateSm2Key());
    const message = Buffer.from("x");
    expect(new Set(Array.from({ length: 20 }, () => key.sign(message).toString("hex"))).size).toBe(20);
  });

  it("is nothing else that lies in a PEM file", async () => {
    const pem = generateSm2Key();
    const { stdout: other } = await run("openssl", ["genpkey", "-algorithm", "Ed25519"]);
    const lines = pem.split("\n");
    const cut = [lines[0], lines[1], ...lines.slice(3)].join("\n");
    for (const text of ["", "spoilt", other, cut, pem.replace("PRIVATE", "PUBLIC")])
      expect(readSm2Key(text)).toBeUndefined();
    // A number and a point that are no pair.
    const [, half = ""] = generateSm2Key().split("\n");
    expect(readSm2Key([lines[0], half, ...lines.slice(2)].join("\n"))).toBeUndefined();
  });
});
