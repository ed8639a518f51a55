import { createHash } from "node:crypto";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isConsistent, rootFromInclusion } from "../pipeline/evidence/log/verify-proof.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { fillLog, newSiteKey, spoil } from "../test-fixtures/evidence-log.ts";
import { testDay } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findCheckpointOver, findLastCheckpoint } from "./checkpoint-read-model.ts";
import { makeCheckpoint } from "./checkpoint-store.ts";
import { checkLog } from "./evidence-log-check.ts";
import { consistencyProof, inclusionProof, readLogEntries, rootAt } from "./evidence-log-read-model.ts";
import { createPool, withTx } from "./pool.ts";

const { sha256 } = nodeCrypto;
const key = newSiteKey();

describe("the log, checked", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const checkpoint = (at = testDay) => withTx(pool, (tx) => makeCheckpoint(tx, key, at));

  async function faults(): Promise<[string, number | null][]> {
    const { problems } = await checkLog(pool, { trustedKeys: [key.publicKeyPem] });
    return problems.map(({ code, index }) => [code, index]);
  }

  /** A leaf's hash that fits changed bytes. */
  const leafOf = (entry: Buffer) => createHash("sha256").update(Buffer.of(0)).update(entry).digest();

  async function changedEntry(index: number): Promise<Buffer> {
    const [row] = await readLogEntries(pool, index, 1);
    return Buffer.from(
      Buffer.from(row?.entry ?? [])
        .toString("utf8")
        .replace("collected", "served"),
    );
  }

  it("is whole while nobody has touched it, with and without entries", async () => {
    expect(await checkLog(pool)).toMatchObject({ size: 0, checkpoints: 0, problems: [] });
    await fillLog(pool, 21);
    await checkpoint();
    await fillLog(pool, 3);
    const seen: number[] = [];
    const result = await checkLog(pool, {
      trustedKeys: [key.publicKeyPem],
      onEntry: (done, total) => seen.push(done / total),
    });
    expect(result).toMatchObject({ size: 24, checkpoints: 1, problems: [] });
    expect(result.rootHash).toBe(Buffer.from(await rootAt(pool, 24)).toString("hex"));
    expect([seen.length, seen.at(-1)]).toEqual([24, 1]);
  });

  it("proves every entry in every later tree, and each tree as the beginning of the later ones", async () => {
    await fillLog(pool, 19);
    const leaves = (await readLogEntries(pool, 0, 19)).map(({ hashes }) => hashes[0] ?? new Uint8Array());
    for (let size = 1; size <= 19; size += 1) {
      const newer = { size, root: await rootAt(pool, size) };
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(pool, index, size);
        const claim = { leafHash: leaves[index] ?? new Uint8Array(), index, size, proof };
        expect(Buffer.from(rootFromInclusion(sha256, claim) ?? [])).toEqual(Buffer.from(newer.root));
        const older = { size: index + 1, root: await rootAt(pool, index + 1) };
        const steps = await consistencyProof(pool, index + 1, size);
        expect(isConsistent(sha256, { older, newer, proof: steps })).toBe(true);
      }
    }
  });

  it("names the entry whose bytes were changed", async () => {
    await fillLog(pool, 13);
    await checkpoint();
    await spoil(pool, "update evidence_log set entry = $1 where index = 6", [await changedEntry(6)]);
    expect(await faults()).toEqual([["log.entry_changed", 6]]);
  });

  it("names the place where an entry was changed together with its hash", async () => {
    await fillLog(pool, 13);
    await checkpoint();
    const entry = await changedEntry(6);
    const sql = "update evidence_log set entry = $1, hashes = $2, kind = 'served' where index = 6";
    await spoil(pool, sql, [entry, leafOf(entry)]);
    // Entries 6 and 7 have a hash in common, which stands with entry 7.
    expect(await faults()).toEqual([["log.hashes_changed", 7]]);
  });

  it("finds by the checkpoint what was rewritten with every hash after it", async () => {
    await fillLog(pool, 4);
    await checkpoint();
    await fillLog(pool, 5);
    await checkpoint(testDay + 1);
    const entries = await readLogEntries(pool, 0, 9);
    const changed = await changedEntry(5);
    await spoil(pool, "delete from evidence_log");
    await pool.query("alter table evidence_log enable always trigger evidence_log_place");
    for (const { index, entry } of entries)
      await pool.query("insert into evidence_log (entry) values ($1)", [index === 5 ? changed : entry]);
    const { problems } = await checkLog(pool);
    expect(problems).toEqual([
      {
        code: "log.root_mismatch",
        index: null,
        message: expect.stringContaining("entries 4 to 8 was changed"),
      },
    ]);
  });

  it("names entries that are missing, in the middle and at the end", async () => {
    await fillLog(pool, 10);
    await checkpoint();
    await spoil(pool, "delete from evidence_log where index >= 8");
    expect(await faults()).toEqual([["log.entries_missing", null]]);
    await spoil(pool, "delete from evidence_log where index in (3, 4)");
    const { problems, rootHash } = await checkLog(pool);
    expect(problems[0]).toEqual({
      code: "log.entries_missing",
      index: 3,
      message: "entries 3 to 4 are missing",
    });
    expect(rootHash).toBeNull();
  });

  it("names a column that no longer says what its entry says", async () => {
    await fillLog(pool, 3);
    await spoil(pool, "update evidence_log set bundle_id = 'cnd_other', at = now() where index = 1");
    expect(await faults()).toEqual([
      ["log.column_changed", 1],
      ["log.column_changed", 1],
    ]);
  });

  it.each([
    [
      "an entry that is none",
      "update evidence_log set entry = 'x', hashes = sha256('\\x0078') where index = 2",
      [["log.entry_unreadable", 2]],
    ],
    [
      "a checkpoint that is none",
      "update log_checkpoints set document = 'x'",
      [["log.checkpoint_unreadable", null]],
    ],
    [
      "a checkpoint whose time was changed",
      `update log_checkpoints set document = convert_to(replace(convert_from(document, 'UTF8'), '2026-03-10', '2026-03-09'), 'UTF8')`,
      [["log.checkpoint_signature_invalid", null]],
    ],
    [
      "a timestamp of no checkpoint",
      "insert into log_timestamps values (2, 'x', now())",
      [["log.timestamp_stray", null]],
    ],
    [
      "a timestamp that is none",
      "insert into log_timestamps values (3, 'x', now())",
      [["timestamp.unreadable", null]],
    ],
    [
      "another log's name",
      "update evidence_log_origin set origin = 'forewarn-log/other'",
      [["log.other_origin", null]],
    ],
  ])("names %s", async (_, sql, expected) => {
    await fillLog(pool, 3);
    await checkpoint();
    await spoil(pool, sql);
    const found = await faults();
    for (const fault of expected) expect(found).toContainEqual(fault);
  });

  it("takes no stranger's signature", async () => {
    await fillLog(pool, 3);
    await withTx(pool, (tx) => makeCheckpoint(tx, newSiteKey(), testDay));
    expect(await faults()).toEqual([["log.checkpoint_untrusted_key", null]]);
    expect((await checkLog(pool)).problems).toEqual([]);
  });

  describe("and signed", () => {
    it("once for each size, however many ask at once", async () => {
      expect(await checkpoint()).toBeUndefined();
      await fillLog(pool, 5);
      const made = await Promise.all(Array.from({ length: 8 }, () => checkpoint()));
      expect(made.filter((one) => one?.isNew)).toHaveLength(1);
      expect(new Set(made.map((one) => one?.checkpoint.signature)).size).toBe(1);
      expect(await checkpoint(testDay + 9)).toMatchObject({ isNew: false, checkpoint: { size: 5 } });
    });

    it("not again while the last one is young", async () => {
      await fillLog(pool, 2);
      await checkpoint();
      await fillLog(pool, 1);
      const next = (at: number) => withTx(pool, (tx) => makeCheckpoint(tx, key, at, 60_000));
      expect(await next(testDay + 59_999)).toMatchObject({ isNew: false, checkpoint: { size: 2 } });
      expect(await next(testDay + 60_000)).toMatchObject({ isNew: true, checkpoint: { size: 3 } });
    });

    it("so that the next one can be proved to go on from it", async () => {
      await fillLog(pool, 6);
      const older = (await checkpoint())?.checkpoint;
      await fillLog(pool, 7);
      const newer = (await checkpoint(testDay + 1))?.checkpoint;
      const treeOf = (one: typeof older) => ({
        size: one?.size ?? 0,
        root: Buffer.from(one?.rootHash ?? "", "hex"),
      });
      const claim = {
        older: treeOf(older),
        newer: treeOf(newer),
        proof: await consistencyProof(pool, 6, 13),
      };
      expect(isConsistent(sha256, claim)).toBe(true);
      expect((await findLastCheckpoint(pool))?.size).toBe(13);
      expect((await findCheckpointOver(pool, 3))?.size).toBe(6);
      expect((await findCheckpointOver(pool, 6))?.size).toBe(13);
    });

    it.each([
      [
        "an entry since the last one was changed",
        "update evidence_log set entry = 'x' where index = 6",
        "entry 6 was changed",
      ],
      [
        "an entry since the last one is missing",
        "delete from evidence_log where index = 5",
        "entry 5 is missing",
      ],
      ["the log was cut", "delete from evidence_log where index >= 2", "over 4 entries, the log has 2"],
      [
        "what was signed has another root",
        "update evidence_log set hashes = sha256('a') || hashes where index = 3",
        "are not those",
      ],
      [
        "the database was taken from elsewhere",
        "update evidence_log_origin set origin = 'forewarn-log/other'",
        "forewarn-log/other",
      ],
      [
        "the last one was forged",
        `update log_checkpoints set document = convert_to(replace(convert_from(document, 'UTF8'), '2026-03-10', '2026-03-09'), 'UTF8')`,
        "signature does not match",
      ],
    ])("never when %s", async (_, sql, message) => {
      await fillLog(pool, 4);
      await checkpoint();
      await fillLog(pool, 4);
      await spoil(pool, sql);
      await expect(checkpoint(testDay + 1)).rejects.toMatchObject({
        code: "log.checkpoint_refused",
        message: expect.stringContaining(message),
      });
      expect((await findLastCheckpoint(pool))?.size).toBe(4);
    });
  });
});
