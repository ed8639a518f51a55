import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyLogProof } from "../../pipeline/evidence/log/log-proof.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { createPool } from "../../store/pool.ts";
import { fillLog, spoil } from "../../test-fixtures/evidence-log.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";
import { createTestDatabase } from "../../test-fixtures/test-database.ts";

describe("forewarn log", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let dir: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    dir = await mkdtemp(join(tmpdir(), "forewarn-log-"));
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });

  const log = (...args: string[]) =>
    runCli(["log", ...args], {
      cwd: dir,
      env: { FOREWARN_DATABASE_URL: database.url, FOREWARN_DATA_DIR: join(dir, "data") },
    });

  async function json(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await log(...args, "--json");
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
  }

  it("says that there is nothing yet", async () => {
    expect(await log("head")).toMatchObject({ exit: 0, stdout: expect.stringContaining("0 entries") });
    expect(await log("checkpoint")).toMatchObject({ exit: 0, stdout: "the log is empty: nothing to sign\n" });
    expect(await log("prove", "cnd_0")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("log.no_proof"),
    });
  });

  it("signs, shows, checks and proves", async () => {
    await fillLog(pool, 5);
    expect(await json("checkpoint")).toMatchObject({
      type: "checkpoint",
      isNew: true,
      checkpoint: { size: 5 },
    });
    const head = await json("head");
    expect(head).toMatchObject({ type: "head", size: 5, checkpoint: { size: 5 }, stampedAt: null });
    expect(await json("check")).toMatchObject({ type: "summary", ok: true, size: 5, checkpoints: 1 });
    expect(await json("prove", "cnd_2")).toMatchObject({ type: "proof", index: 2, file: "log-proof.json" });
    const file = await readFile(join(dir, "log-proof.json"));
    const trustedKeys = [await readFile(join(dir, "data", "keys", "site-key.pub.pem"), "utf8")];
    const expected = { bundleId: "cnd_2", manifestSha256: "a".repeat(64), trustedKeys };
    expect(verifyLogProof(file, expected, nodeCrypto)).toEqual([]);
  });

  it("names what was changed, and signs it no more", async () => {
    await fillLog(pool, 1);
    await spoil(pool, "update evidence_log set entry = 'x' where index in (3, 5)");
    const { exit, stdout } = await log("check");
    expect([exit, stdout]).toEqual([1, expect.stringContaining("entry 3 was changed")]);
    expect(await log("checkpoint")).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("log.checkpoint_refused"),
    });
  });
});
