import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalBytes } from "../pipeline/evidence/canonical-json.ts";
import { type LogProof, logProofBytes, verifyLogProof } from "../pipeline/evidence/log/log-proof.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import type { SiteKey } from "../pipeline/evidence/site-key.ts";
import { requestTimestamp } from "../runtime/timestamp-authority.ts";
import { fillLog, newSiteKey } from "../test-fixtures/evidence-log.ts";
import { testDay } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { startAuthority, type TestAuthority } from "../test-fixtures/timestamp-authority.ts";
import { checkpointRound } from "./checkpoint-round.ts";
import { proveBundle } from "./log-proof-read-model.ts";
import { createPool } from "./pool.ts";

const run = promisify(execFile);
const tools = ["jq", "openssl", "sha256sum", "xxd"];
const missing = tools.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);

const manifest = "a manifest, as canonical as it need be here";
const manifestSha256 = createHash("sha256").update(manifest).digest("hex");

describe.skipIf(missing.length > 0)(`docs/evidence-log.md with ${tools.join(", ")}`, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let authority: TestAuthority;
  let dir: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    authority = await startAuthority();
    dir = await mkdtemp(join(tmpdir(), "forewarn-by-hand-"));
    await writeFile(join(dir, "manifest.json"), manifest);
    await copyFile(authority.caPath, join(dir, "tsa-ca.pem"));
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await authority.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** A log that has grown, and a signed and stamped checkpoint over it. */
  async function sign(siteKey: SiteKey): Promise<void> {
    const entry = {
      manifestSha256,
      why: "触发 “占道” \\ / \t\u001f\u0085 😀",
      detail: { n: 12_000_000_000 },
    };
    await fillLog(pool, 7, entry, `cnd_${siteKey.algorithm}_`);
    const stamp = (message: Uint8Array) => requestTimestamp({ url: authority.url }, message);
    const round = await checkpointRound(pool, { siteKey, now: testDay, minAgeMs: 0, stamp });
    expect(round).toMatchObject({ isNew: true, stamped: 1 });
  }

  /** The commands of the page as they stand there. */
  async function byHand(proof: LogProof): Promise<{ exit: number; output: string }> {
    const page = await readFile(new URL("../docs/evidence-log.md", import.meta.url), "utf8");
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
    expect(blocks).toHaveLength(5);
    await writeFile(join(dir, "log-proof.json"), logProofBytes(proof));
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", TMPDIR: dir };
    return run("sh", ["-eu", "-c", blocks.join("\n")], { cwd: dir, env }).then(
      ({ stdout }) => ({ exit: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        exit: error.code,
        output: error.stdout + error.stderr,
      }),
    );
  }

  it.each(["Ed25519", "SM2"] as const)("accepts proofs of every entry, signed with %s", async (algorithm) => {
    const key = newSiteKey(algorithm);
    await sign(key);
    for (const number of [0, 3, 6]) {
      const proof = await proveBundle(pool, `cnd_${algorithm}_${number}`);
      const trustedKeys = [key.publicKeyPem];
      expect(verifyLogProof(logProofBytes(proof), { manifestSha256, trustedKeys }, nodeCrypto)).toEqual([]);
      const { exit, output } = await byHand(proof);
      expect([exit, output]).toEqual([0, expect.stringContaining(`${key.keyId}\n`)]);
      expect(output).toContain("Time stamp:");
    }
  });

  it("refuses what our own check refuses", async () => {
    const proof = await proveBundle(pool, "cnd_Ed25519_3");
    const { checkpoint } = proof;
    const other = "c".repeat(64);
    const spoilt: Partial<LogProof>[] = [
      { entry: { ...proof.entry, kind: "served" } },
      { entry: { ...proof.entry, manifestSha256: other } },
      { leafHash: other },
      { index: proof.index + 1 },
      { index: checkpoint.size },
      { proof: proof.proof.slice(1) },
      { proof: [...proof.proof, other] },
      { proof: proof.proof.with(1, other) },
      { checkpoint: { ...checkpoint, rootHash: other } },
      { checkpoint: { ...checkpoint, at: "2026-03-09T00:00:00.000Z" } },
      { checkpoint: { ...checkpoint, keyId: "0".repeat(16) } },
    ];
    for (const changed of spoilt) {
      const wrong = { ...proof, ...changed };
      expect(verifyLogProof(canonicalBytes(wrong), { manifestSha256 }, nodeCrypto)).not.toEqual([]);
      expect((await byHand(wrong)).exit, Object.keys(changed).join()).toBeGreaterThan(0);
    }
    expect((await byHand(proof)).exit).toBe(0);
  });

  it("says of what there is no proof, and of what not yet", async () => {
    await expect(proveBundle(pool, "cnd_unknown")).rejects.toMatchObject({ code: "log.no_proof" });
    await fillLog(pool, 1, { bundleId: "cnd_new", kind: "served" });
    await expect(proveBundle(pool, "cnd_new")).rejects.toThrow("forewarn log checkpoint");
  });
});
