import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeUser, systemAct } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { createPool, withTx } from "./pool.ts";
import { readTimeline } from "./timeline-store.ts";
import {
  findActiveUser,
  findUserForSignIn,
  listColleagues,
  listUsers,
  readNames,
} from "./user-read-model.ts";
import { addUser, changePassword, disableUser } from "./user-store.ts";

describe("users", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function add(login: string, password = "first password") {
    const passwordHash = await hashPassword(password);
    return withTx(pool, (tx) =>
      addUser(tx, systemAct(), {
        login,
        displayName: "李敏",
        passwordHash,
        mustChangePassword: true,
        roles: ["officer", "content_reviewer"],
        regions: ["510107"],
      }),
    );
  }

  it("signs in with the password, whatever the case of the login, until it is changed", async () => {
    const { userId } = await add("limin");
    const found = await findUserForSignIn(pool, "LiMin");
    expect(found?.user).toEqual({
      userId,
      login: "limin",
      displayName: "李敏",
      roles: ["officer", "content_reviewer"],
      regions: ["510107"],
      disabled: false,
      mustChangePassword: true,
      createdAt: "2026-03-10T01:00:00.000Z",
    });
    expect(await verifyPassword(found?.passwordHash, "first password")).toBe(true);
    const next = await hashPassword("second password");
    await withTx(pool, (tx) => changePassword(tx, systemAct(), userId, next));
    const after = await findUserForSignIn(pool, "limin");
    expect(after?.user.mustChangePassword).toBe(false);
    expect(await verifyPassword(after?.passwordHash, "first password")).toBe(false);
    expect(await verifyPassword(after?.passwordHash, "second password")).toBe(true);
  });

  it("shows a password's hash only to the sign-in", async () => {
    await add("quiet");
    const shown = JSON.stringify(await listUsers(pool));
    expect(shown).toContain("quiet");
    expect(shown).not.toContain("argon2");
    expect((await findUserForSignIn(pool, "quiet"))?.user).not.toHaveProperty("passwordHash");
  });

  it("refuses a login that is taken", async () => {
    await add("twice");
    await expect(add("twice")).rejects.toMatchObject({ code: "store.already_exists" });
  });

  it("ends a disabled user's access at once and keeps their name", async () => {
    const { userId } = await add("leaver");
    const disable = () => withTx(pool, (tx) => disableUser(tx, systemAct(), "leaver"));
    expect([await disable(), await disable()]).toEqual([{ changed: true }, { changed: false }]);
    expect(await findUserForSignIn(pool, "leaver")).toBeUndefined();
    expect(await findActiveUser(pool, userId)).toBeUndefined();
    expect((await listUsers(pool)).find((user) => user.userId === userId)?.disabled).toBe(true);
    expect((await readTimeline(pool, "user", userId)).map((entry) => entry.action)).toEqual([
      "add",
      "disable",
    ]);
    await expect(withTx(pool, (tx) => disableUser(tx, systemAct(), "nobody"))).rejects.toMatchObject({
      code: "store.not_found",
    });
  });

  it("offers as colleagues whom a case may name, with power over the place", async () => {
    const here = await makeUser(pool, ["officer"], ["510300"]);
    const helper = await makeUser(pool, ["auxiliary"], ["510300"]);
    const elsewhere = await makeUser(pool, ["officer"], ["510302"]);
    const host = await makeUser(pool, ["hearing_host"], ["510303"]);
    const leader = await makeUser(pool, ["agency_leader"], ["510000"]);
    const offered = (await listColleagues(pool, "510303")).map((user) => user.userId);
    expect(offered).toEqual(expect.arrayContaining([here.userId, host.userId, leader.userId]));
    expect([...(await readNames(pool, [host.userId, "nobody"])).keys()]).toEqual([host.userId]);
    expect(offered).not.toContain(helper.userId);
    expect(offered).not.toContain(elsewhere.userId);
  });
});
