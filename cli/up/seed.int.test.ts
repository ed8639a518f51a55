import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tellOrdinaryCase } from "../../casework/stories/ordinary-case.ts";
import { loadLawBook } from "../../config/law-book.ts";
import { createDocumentPress } from "../../runtime/typeset/press.ts";
import { listAgencies, putAgency } from "../../store/agency-store.ts";
import { openCaseFromClue } from "../../store/case-store.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { confirmParameter, readParameterSettings } from "../../store/parameter-store.ts";
import { verifyPassword } from "../../store/passwords.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { findUserForSignIn, listUsers } from "../../store/user-read-model.ts";
import { changePassword } from "../../store/user-store.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../../test-fixtures/test-database.ts";
import { type DemoPeople, demoAgency } from "../demo/demo-people.ts";
import { StoreDriver } from "../demo/store-driver.ts";
import { seedAgency, seedUsers } from "./seed.ts";

const newYear = Date.parse("2026-01-01T09:00:00+08:00");

describe("the sample agency", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let dir: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    dir = await mkdtemp(join(tmpdir(), "forewarn-seed-"));
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await rm(dir, { recursive: true });
  });

  it("has everybody whom a case needs to come from a clue to the archive", async () => {
    await seedUsers(pool, newYear);
    await seedAgency(pool, newYear);
    const users = new Map((await listUsers(pool)).map((user) => [user.login, user]));
    const person = (login: string) => {
      const user = users.get(login);
      if (user === undefined) throw new Error(`${login} is missing`);
      return { userId: user.userId, roles: user.roles };
    };
    const people: DemoPeople = {
      ...{ officer: person("zhang"), colleague: person("li"), reviewer: person("zhang") },
      ...{ unitHead: person("wang"), leader: person("zhao"), deputyLeader: person("qian") },
      ...{ legalReviewer: person("zhou"), hearingHost: person("wu"), equipmentReviewer: person("tang") },
      ...{ publicityEditor: person("zheng"), archivist: person("feng") },
    };
    const tools = {
      book: loadLawBook(null),
      press: createDocumentPress(),
      objects: new FolderObjectStore(join(dir, "objects")),
    };
    const driver = new StoreDriver(pool, tools, people, () => undefined);
    driver.on("2026-01-20");
    const { caseId } = await withTx(pool, (tx) =>
      openCaseFromClue(tx, driver.act("officer"), tools, {
        ...{ source: "patrol", region: demoAgency.region, violation: "street_vending" },
        ...{ note: "本月第三次占道经营", place: "人民南路二段 12 号门前" },
        startedAt: Date.parse("2026-01-20T09:00:00+08:00"),
        endedAt: Date.parse("2026-01-20T09:30:00+08:00"),
      }),
    );
    await tellOrdinaryCase(driver, caseId);
    expect((await driver.file(caseId)).state).toBe("archived");
  });

  it("is seeded again without touching what people have put on record", async () => {
    const [first] = await listAgencies(pool, "every");
    const lawyer = (await listUsers(pool)).find(({ login }) => login === "zhou");
    if (first === undefined || lawyer === undefined) throw new Error("nothing was seeded");
    const { version: _, ...agency } = first;
    await withTx(pool, async (tx) => {
      await putAgency(tx, systemAct(), { ...agency, zh: "成都市武侯区综合行政执法局" });
      const act = {
        ...systemAct(),
        actor: { kind: "user", userId: lawyer.userId, roles: lawyer.roles },
      } as const;
      const own = { source: "川办发〔2026〕1号", validFrom: null, validTo: null };
      await confirmParameter(tx, act, { key: "hearing.threshold.person", value: 200_000, ...own });
    });
    const rows = async () => (await pool.query("select count(*)::integer as count from certificates")).rows;
    const before = [await listAgencies(pool, "every"), await readParameterSettings(pool), await rows()];
    await seedAgency(pool, newYear + 86_400_000);
    expect([await listAgencies(pool, "every"), await readParameterSettings(pool), await rows()]).toEqual(
      before,
    );
  });

  it("takes the place of the agency that an upgrade left unnamed", async () => {
    await withTx(pool, (tx) =>
      putAgency(tx, systemAct(), { ...demoAgency, zh: "（机关名称待登记）", powers: [] }),
    );
    await seedAgency(pool, newYear);
    expect((await listAgencies(pool, "every"))[0]).toMatchObject({
      zh: demoAgency.zh,
      powers: demoAgency.powers,
    });
  });

  it("hands out one-time passwords until somebody has chosen an own one", async () => {
    const li = await findUserForSignIn(pool, "li");
    await withTx(pool, (tx) => changePassword(tx, systemAct(), li?.user.userId ?? "", "chosen by li"));
    const again = await seedUsers(pool, newYear);
    expect(again.map(({ login }) => login)).toEqual(
      expect.arrayContaining(["zhang", "li", "wang", "sun", "zhao"]),
    );
    const given = again.find(({ login }) => login === "zhang")?.oneTimePassword ?? "";
    const zhang = await findUserForSignIn(pool, "zhang");
    expect(await verifyPassword(zhang?.passwordHash ?? "", given)).toBe(true);
    expect(again.find(({ login }) => login === "li")?.oneTimePassword).toBeNull();
    expect((await findUserForSignIn(pool, "li"))?.passwordHash).toBe("chosen by li");
  });
});
