import type pg from "pg";
import {
  generatePrivateKey,
  type SealAlgorithm,
  type SiteKey,
  siteKeyFromPem,
} from "../pipeline/evidence/site-key.ts";
import { appendLogEntry, type NewLogEntry } from "../store/evidence-log-store.ts";
import { withTx } from "../store/pool.ts";
import { systemAct } from "./store-builders.ts";

/** A key of a site that nobody else has. */
export function newSiteKey(algorithm: SealAlgorithm = "Ed25519"): SiteKey {
  return siteKeyFromPem(generatePrivateKey(algorithm), "a test's key");
}

/** Adds entries about bundles `cnd_0`, `cnd_1`, … (or another prefix), one after the other. */
export async function fillLog(
  pool: pg.Pool,
  count: number,
  entry: Partial<NewLogEntry> = {},
  prefix = "cnd_",
): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await withTx(pool, (tx) =>
      appendLogEntry(tx, systemAct(), {
        ...{ kind: "collected", bundleId: `${prefix}${number}`, manifestSha256: "a".repeat(64), why: null },
        ...entry,
      }),
    );
  }
}

/** What a thief with every right to the database could do: change rows as if no trigger were there. */
export async function spoil(pool: pg.Pool, sql: string, values: unknown[] = []): Promise<void> {
  const tables = ["evidence_log", "evidence_log_origin", "log_checkpoints", "log_timestamps"];
  for (const table of tables) await pool.query(`alter table ${table} disable trigger user`);
  await pool.query(sql, values);
}
