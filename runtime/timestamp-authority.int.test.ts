import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Certificate } from "pkijs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isForTimestamps } from "../pipeline/evidence/timestamp/signing-certificate.ts";
import { verifyTimestamp } from "../pipeline/evidence/timestamp/verify-token.ts";
import { hasOpenssl, startAuthority, type TestAuthority } from "../test-fixtures/timestamp-authority.ts";
import { configuredStamp, readCertificates, requestTimestamp } from "./timestamp-authority.ts";

const run = promisify(execFile);
/** A prime, so that all kinds of fields are met. */
const BYTE_STEP = 5;
const message = Buffer.from("a checkpoint, canonical");

describe.skipIf(!hasOpenssl)(
  "a timestamp from a real authority (openssl ts; skipped without openssl)",
  () => {
    let authority: TestAuthority;
    let trusted: Awaited<ReturnType<typeof readCertificates>>;
    let dir: string;

    beforeAll(async () => {
      authority = await startAuthority();
      trusted = await readCertificates(authority.caPath);
      dir = await mkdtemp(join(tmpdir(), "forewarn-stamp-"));
    });
    afterAll(async () => {
      await authority.close();
      await rm(dir, { recursive: true, force: true });
    });

    const ask = () => requestTimestamp({ url: authority.url, trusted }, message);

    /** What openssl itself says about a token. */
    async function opensslAccepts(token: Uint8Array, of: Uint8Array): Promise<boolean> {
      await writeFile(join(dir, "token.der"), token);
      await writeFile(join(dir, "message"), of);
      const files = ["-data", "message", "-in", "token.der", "-token_in", "-CAfile", authority.caPath];
      return run("openssl", ["ts", "-verify", ...files], { cwd: dir }).then(
        () => true,
        () => false,
      );
    }

    it("is taken by us and by openssl, with the authority's time and name", async () => {
      const before = Math.floor(Date.now() / 1000) * 1000;
      const { token, at } = await ask();
      expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
      expect(await opensslAccepts(token, message)).toBe(true);
      expect(await verifyTimestamp(token, message, { authorities: trusted })).toEqual({
        ...{ problems: [], at, authority: "CN=Test Time", trust: "trusted" },
      });
    });

    it("is stored without a trusted list too, and says that trust was not checked", async () => {
      const { token } = await requestTimestamp({ url: authority.url }, message);
      expect((await verifyTimestamp(token, message)).trust).toBe("not_checked");
    });

    it("is of this message alone", async () => {
      const { token } = await ask();
      const other = Buffer.from("a checkpoint, Canonical");
      const { problems } = await verifyTimestamp(token, other, { authorities: trusted });
      expect(problems.map(({ code }) => code)).toEqual(["timestamp.other_message"]);
      expect(await opensslAccepts(token, other)).toBe(false);
    });

    it("is refused with a byte changed that says when, of what or by whom", async () => {
      const { token, at } = await ask();
      let refused = 0;
      for (let place = 0; place < token.length; place += BYTE_STEP) {
        const changed = token.with(place, (token[place] ?? 0) ^ 0x01);
        const verdict = await verifyTimestamp(changed, message, { authorities: trusted });
        // What is left over is not covered by any signature and tells nothing: lists of algorithms, versions.
        if (verdict.problems.length === 0) expect(verdict).toMatchObject({ at, authority: "CN=Test Time" });
        else refused += 1;
      }
      expect((refused * BYTE_STEP) / token.length).toBeGreaterThan(0.5);
    });

    it("is refused cut off at any length", async () => {
      const { token } = await ask();
      for (let length = 0; length < token.length; length += 7) {
        const { problems } = await verifyTimestamp(token.subarray(0, length), message);
        expect(problems.map(({ code }) => code)).toEqual(["timestamp.unreadable"]);
      }
    });

    it("is refused when it answers an earlier request", async () => {
      let first: Buffer | undefined;
      authority.answerWith((good) => {
        first ??= good;
        return { status: 200, body: first };
      });
      await ask();
      await expect(ask()).rejects.toMatchObject({ code: "timestamp.other_nonce", retryable: true });
      authority.answerWith(undefined);
    });

    it.each([
      ["an error page", 503, "<html>busy</html>", "timestamp.unreachable"],
      ["a page that is no answer", 200, "<html>welcome</html>", "timestamp.unreadable"],
      ["nothing", 200, "", "timestamp.unreadable"],
      ["more than any answer has", 200, "x".repeat(100_000), "timestamp.unreachable"],
    ])("is refused when %s comes instead", async (_, status, text, code) => {
      authority.answerWith(() => ({ status, body: Buffer.from(text) }));
      await expect(ask()).rejects.toMatchObject({ code });
      authority.answerWith(undefined);
    });

    it("is refused by an authority that will not", async () => {
      // A request cut off: openssl answers with a rejection.
      authority.answerWith(async () => ({
        status: 200,
        body: await authority.reply(Buffer.from("3003020101", "hex")),
      }));
      await expect(ask()).rejects.toMatchObject({ code: "timestamp.not_granted" });
      authority.answerWith(undefined);
    });

    it("is refused from nobody at all", async () => {
      await expect(requestTimestamp({ url: "http://127.0.0.1:1/" }, message)).rejects.toMatchObject({
        ...{ code: "timestamp.unreachable", retryable: true },
      });
    });

    it.each([
      ["another authority", {}, "timestamp.untrusted", false],
      ["a certificate that has expired", { notAfter: "210101000000Z" }, "timestamp.expired", true],
    ])("is refused from %s", async (_, options, code, isOwnRoot) => {
      const other = await startAuthority(options);
      try {
        const roots = isOwnRoot ? await readCertificates(other.caPath) : trusted;
        await expect(requestTimestamp({ url: other.url, trusted: roots }, message)).rejects.toMatchObject({
          code,
        });
      } finally {
        await other.close();
      }
    });

    it.each([
      ["critical,timeStamping", true],
      ["timeStamping", false],
      ["critical,timeStamping,serverAuth", false],
      ["critical,clientAuth", false],
    ])("may be signed with a certificate for %s: %s", async (extendedKeyUsage, isFit) => {
      const other = await startAuthority({ extendedKeyUsage });
      try {
        const [certificate] = await readCertificates(other.certificatePath);
        const raw = new Uint8Array(certificate?.raw ?? []);
        expect(isForTimestamps(Certificate.fromBER(raw))).toBe(isFit);
      } finally {
        await other.close();
      }
    });
  },
);

describe("the configured authority", () => {
  it("is none by default", () => {
    expect(configuredStamp({ tsaUrl: undefined, tsaCaPath: undefined })).toBeUndefined();
  });

  it("names a file that holds no certificate, and one that is not there", async () => {
    const tsaUrl = "http://127.0.0.1:1/";
    for (const tsaCaPath of ["package.json", "no-such-file.pem"])
      await expect(configuredStamp({ tsaUrl, tsaCaPath })?.(new Uint8Array())).rejects.toThrow(tsaCaPath);
  });
});
