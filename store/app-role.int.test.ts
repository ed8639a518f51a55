import { randomBytes } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  allYes,
  incidentOf,
  makeCamera,
  makeUser,
  systemAct,
  type TestUser,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { checkLog } from "./evidence-log-check.ts";
import { appendLogEntry } from "./evidence-log-store.ts";
import { approveAccess, noteUnmaskedView, requestAccess } from "./grant-store.ts";
import { placeHold, releaseHold } from "./hold-store.ts";
import { findIncident } from "./incident-read-model.ts";
import { recordIncident } from "./incident-store.ts";
import { migrate } from "./migrate.ts";
import { createPool, type Tx, withTx } from "./pool.ts";
import { claimIncident, confirmIncident } from "./review-store.ts";

/** Roles are the whole server's: each run has its own. */
const name = `forewarn_app_${randomBytes(6).toString("hex")}`;

describe("the role that api and worker connect as", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let owner: pg.Pool;
  let app: pg.Pool;
  const appRole = { name, password: "a-password-of-this-test" };

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = createPool(database.url);
    await migrate(database.url, { appRole });
    app = createPool(addressOf(appRole.password));
  });
  afterAll(async () => {
    await app.end();
    await owner.query(`drop owned by ${name}`);
    await owner.query(`drop role ${name}`);
    await owner.end();
    await database.drop();
  });

  function addressOf(password: string): string {
    const address = new URL(database.url);
    address.username = name;
    address.password = password;
    return address.href;
  }

  async function knock(password: string): Promise<string | undefined> {
    const pool = createPool(addressOf(password));
    const answer = await pool.query("select 1").then(
      () => "let in",
      (error: { code?: string }) => error.code,
    );
    await pool.end();
    return answer;
  }

  it("does everything the programs do", async () => {
    const reviewer = await makeUser(app, ["content_reviewer", "officer", "legal_reviewer"]);
    const leader = await makeUser(app, ["agency_leader"]);
    const camera = await makeCamera(app);
    const as = (user: TestUser, step: (tx: Tx, act: ReturnType<typeof userAct>) => Promise<unknown>) =>
      withTx(app, (tx) => step(tx, userAct(user)));
    const { incidentId } = await withTx(app, (tx) => recordIncident(tx, systemAct(), incidentOf(camera)));
    await as(reviewer, (tx, act) => claimIncident(tx, act, incidentId));
    await as(reviewer, (tx, act) => confirmIncident(tx, act, incidentId, allYes));
    const look = { incidentId, path: "originals/trigger.jpg", sha256: "b".repeat(64) };
    const ask = { incidentId, caseId: null, purpose: "legal_review", reason: "核对车牌", hours: 1 } as const;
    const { grantId } = await withTx(app, (tx) => requestAccess(tx, userAct(reviewer), ask));
    await as(leader, (tx, act) => approveAccess(tx, act, grantId));
    await as(reviewer, (tx, act) => noteUnmaskedView(tx, act, { ...look, check: async () => undefined }));
    const { holdId } = await withTx(app, (tx) =>
      placeHold(tx, userAct(reviewer), { kind: "incident", id: incidentId }, "复议"),
    );
    await as(reviewer, (tx, act) => releaseHold(tx, act, holdId, "复议终结"));
    await withTx(app, (tx) =>
      appendLogEntry(tx, systemAct(), {
        ...{ kind: "collected", bundleId: "cnd_1", manifestSha256: "a".repeat(64), why: null },
      }),
    );
    expect(await findIncident(app, "every", incidentId)).toMatchObject({ state: "confirmed" });
    expect(await checkLog(app)).toMatchObject({ size: 5, problems: [] });
  });

  it("can change no entry of the log, and cannot put its triggers to sleep", async () => {
    for (const table of ["evidence_log", "evidence_log_origin", "log_checkpoints", "log_timestamps"])
      for (const attempt of [
        `update ${table} set ${table === "evidence_log_origin" ? "origin = ''" : "at = now()"}`,
        `delete from ${table}`,
        `truncate ${table}`,
        `alter table ${table} disable trigger all`,
        `drop table ${table}`,
      ])
        await expect(app.query(attempt), attempt).rejects.toMatchObject({ code: "42501" });
    for (const attempt of [
      "set session_replication_role = 'replica'",
      "create table loot (n int)",
      "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
      "insert into evidence_log_origin values ('forewarn-log/other')",
      "update migration_ledger set sha256 = ''",
    ])
      await expect(app.query(attempt), attempt).rejects.toMatchObject({ code: "42501" });
  });

  it("holds no privilege on any table that the table's triggers refuse, and all others", async () => {
    const { rows } = await owner.query(
      `select class.relname as "table", array(
         select privilege from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) as privilege
         where has_table_privilege($1, class.oid, privilege) order by privilege) as privileges
       from pg_class as class where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace`,
      [name],
    );
    const held = Object.fromEntries(rows.map(({ table, privileges }) => [table, privileges]));
    for (const table of [
      ...["evidence_log", "log_checkpoints", "log_timestamps"],
      ...["timeline_entries", "reviews", "camera_versions"],
    ])
      expect([table, held[table]]).toEqual([table, ["INSERT"]]);
    for (const table of ["evidence_log_origin", "migration_ledger"])
      expect([table, held[table]]).toEqual([table, []]);
    for (const table of [
      ...["evidence_tombstones", "evidence_holds", "cases", "case_clocks", "document_counters", "agencies"],
      ...["supervision_items", "bank_notices", "party_links", "warnings", "warning_deliveries", "rechecks"],
    ])
      expect([table, held[table]]).toEqual([table, ["INSERT", "UPDATE"]]);
    for (const table of ["incidents", "sessions", "cameras", "camera_leases", "portal_uploads"])
      expect([table, held[table]]).toEqual([table, ["DELETE", "INSERT", "UPDATE"]]);
  });

  it("is brought up to date by the next run: new tables, and rights that slipped in", async () => {
    await owner.query("create table later (n int)");
    await owner.query(`grant update on evidence_log to ${name}, public`);
    await expect(app.query("select * from later")).rejects.toMatchObject({ code: "42501" });
    await migrate(database.url, { appRole });
    await app.query("insert into later values (1)");
    await expect(app.query("update evidence_log set at = now()")).rejects.toMatchObject({ code: "42501" });
  });

  it("gets the password that is given, and keeps it when none is", async () => {
    const other = { name, password: "another-password-of-this-test" };
    await migrate(database.url, { appRole: other });
    await migrate(database.url, { appRole: { name, password: null } });
    expect(await knock(appRole.password)).toBe("28P01");
    expect(await knock(other.password)).toBe("let in");
    await migrate(database.url, { appRole });
  });

  it.each([
    ["superuser", "is a superuser"],
    ["createrole", "may make roles"],
    ["replication", "may replicate"],
    ["bypassrls", "passes by row security"],
    ["in role pg_write_all_data", "belongs to another role"],
  ])("is refused when it is more than that: %s", async (attribute, fault) => {
    const mighty = `${name}_mighty`;
    await owner.query(`create role ${mighty} ${attribute}`);
    try {
      await expect(
        migrate(database.url, { appRole: { name: mighty, password: null } }),
      ).rejects.toMatchObject({ code: "store.migration_refused", message: expect.stringContaining(fault) });
    } finally {
      await owner.query(`drop role ${mighty}`);
    }
  });

  it.each([
    ["the owner itself", { name: "forewarn", password: null }, /owns the tables/],
    ["a name that needs quotes", { name: 'app"; drop', password: null }, /is no name/],
    ["a password anyone guesses", { name, password: "short" }, /openssl rand/],
  ])("is refused for %s", async (_, role, message) => {
    await expect(migrate(database.url, { appRole: role })).rejects.toThrow(message);
  });
});
