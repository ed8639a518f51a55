import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  allYes,
  county,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  type TestUser,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findCase, listCases } from "./case-read-model.ts";
import {
  approveFiling,
  declineFiling,
  endorseFiling,
  type FilingRequest,
  openCaseFromIncident,
  submitFiling,
} from "./case-store.ts";
import { findIncident } from "./incident-read-model.ts";
import { createPool, withTx } from "./pool.ts";
import { claimIncident, confirmIncident } from "./review-store.ts";
import { disableUser } from "./user-store.ts";

describe("cases", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let cameraId: string;
  let reviewer: TestUser;
  let officer: TestUser;
  let colleague: TestUser;
  let head: TestUser;
  let leader: TestUser;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    cameraId = await makeCamera(pool);
    reviewer = await makeUser(pool, ["content_reviewer"]);
    officer = await makeUser(pool, ["officer"]);
    colleague = await makeUser(pool, ["officer"]);
    head = await makeUser(pool, ["unit_head"]);
    leader = await makeUser(pool, ["agency_leader"]);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function openCase(camera = cameraId, triggeredAt = testDay - 100_000): Promise<string> {
    const incidentId = await makeIncident(pool, camera, { triggeredAt });
    await withTx(pool, (tx) => claimIncident(tx, userAct(reviewer), incidentId));
    await withTx(pool, (tx) => confirmIncident(tx, userAct(reviewer), incidentId, allYes));
    const opened = await withTx(pool, (tx) =>
      openCaseFromIncident(tx, userAct(officer), { incidentId, ground: "repeated", note: "本月第三次" }),
    );
    return opened.caseId;
  }
  const submit = (caseId: string, overrides: Partial<FilingRequest> = {}, at = testDay) =>
    withTx(pool, (tx) =>
      submitFiling(tx, userAct(officer, at), {
        caseId,
        officers: [officer.userId, colleague.userId],
        officerRecord: "现场检查：车辆停放于人行道，驾驶人不在场。",
        ...overrides,
      }),
    );
  const endorse = (caseId: string, by = head) => withTx(pool, (tx) => endorseFiling(tx, userAct(by), caseId));
  const approve = (caseId: string, by = leader, at = testDay) =>
    withTx(pool, (tx) => approveFiling(tx, userAct(by, at), caseId));

  it("files a case through both levels and keeps its whole story", async () => {
    const caseId = await openCase();
    await submit(caseId);
    await endorse(caseId);
    const { caseNo } = await approve(caseId);
    expect(caseNo).toMatch(/^51010701-2026-\d{3}$/);
    const found = await findCase(pool, [county], caseId);
    expect(found).toMatchObject({
      state: "filed",
      caseNo,
      officers: [{ userId: officer.userId }, { userId: colleague.userId }],
      endorsedBy: head.userId,
      filedAt: "2026-03-10T01:00:00.000Z",
    });
    expect(found?.timeline.map(({ action, from, to }) => [action, from, to])).toEqual([
      ["open", null, "clue_verification"],
      ["submit_filing", "clue_verification", "filing_pending"],
      ["endorse_filing", "filing_pending", "filing_pending"],
      ["approve_filing", "filing_pending", "filed"],
    ]);
    const incident = await findIncident(pool, "every", found?.incidentId ?? "");
    expect(incident).toMatchObject({ state: "escalated", case: { caseId, caseNo, state: "filed" } });
    expect(await findCase(pool, ["510108"], caseId)).toBeUndefined();
  });

  it("numbers ten cases filed at once, and one refused between them, without a gap", async () => {
    const region = "510521";
    const everywhere = ["510000"];
    const people = await Promise.all(
      (["content_reviewer", "officer", "officer", "unit_head", "agency_leader"] as const).map((role) =>
        makeUser(pool, [role], everywhere),
      ),
    );
    const [checker = reviewer, first = officer, second = colleague, unitHead = head, chief = leader] = people;
    const camera = await makeCamera(pool, { region });
    const ready: string[] = [];
    for (let index = 0; index < 11; index += 1) {
      const incidentId = await makeIncident(pool, camera);
      const caseId = await withTx(pool, async (tx) => {
        await claimIncident(tx, userAct(checker), incidentId);
        await confirmIncident(tx, userAct(checker), incidentId, allYes);
        const opened = await openCaseFromIncident(tx, userAct(first), {
          incidentId,
          ground: "harm",
          note: "盲道被完全堵塞",
        });
        await submitFiling(tx, userAct(first), {
          caseId: opened.caseId,
          officers: [first.userId, second.userId],
          officerRecord: "现场检查笔录",
        });
        // The last one stays without its first level, so its approval is refused.
        if (index < 10) await endorseFiling(tx, userAct(unitHead), opened.caseId);
        return opened.caseId;
      });
      ready.push(caseId);
    }
    const results = await Promise.allSettled(ready.reverse().map((caseId) => approve(caseId, chief)));
    const numbers = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.caseNo] : []));
    expect(numbers.sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `51052101-2026-${String(index + 1).padStart(3, "0")}`),
    );
  });

  it("gives a number back when the filing is undone", async () => {
    const caseId = await openCase();
    await submit(caseId);
    await endorse(caseId);
    let undone = "";
    const failing = withTx(pool, async (tx) => {
      undone = (await approveFiling(tx, userAct(leader), caseId)).caseNo;
      throw new Error("second thoughts");
    });
    await expect(failing).rejects.toThrow("second thoughts");
    expect(await approve(caseId)).toEqual({ caseNo: undone });
  });

  it("opens one case of ten that are opened at once", async () => {
    const incidentId = await makeIncident(pool, cameraId);
    await withTx(pool, (tx) => claimIncident(tx, userAct(reviewer), incidentId));
    await withTx(pool, (tx) => confirmIncident(tx, userAct(reviewer), incidentId, allYes));
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        withTx(pool, (tx) =>
          openCaseFromIncident(tx, userAct(officer), { incidentId, ground: "harm", note: "堵塞盲道" }),
        ),
      ),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  it("asks the guards of filing on the server", async () => {
    const caseId = await openCase();
    const helper = await makeUser(pool, ["auxiliary"]);
    const elsewhere = await makeUser(pool, ["officer"], ["510108"]);
    const gone = await makeUser(pool, ["officer"]);
    const { login } = (
      await pool.query<{ login: string }>("select login from users where id = $1", [gone.userId])
    ).rows[0] ?? { login: "" };
    await withTx(pool, (tx) => disableUser(tx, systemAct(), login));
    for (const other of [helper, elsewhere, gone, officer]) {
      await expect(submit(caseId, { officers: [officer.userId, other.userId] })).rejects.toMatchObject({
        code: "filing.two_officers_required",
      });
    }
    await expect(submit(caseId, { officerRecord: " " })).rejects.toMatchObject({
      code: "filing.officer_record_required",
    });
    await expect(submit(caseId, { officers: [colleague.userId, elsewhere.userId] })).rejects.toMatchObject({
      code: "filing.not_handler",
    });
    expect(await findCase(pool, "every", caseId)).toMatchObject({
      state: "clue_verification",
      timeline: [{ action: "open" }],
    });
  });

  it("counts what the camera was allowed on the day, not what it is allowed now", async () => {
    const camera = await makeCamera(pool);
    const before = await openCase(camera);
    await pool.query("update cameras set use_authority = 'corroborative' where id = $1", [camera]);
    await expect(submit(before, { officerRecord: null })).rejects.toMatchObject({
      code: "filing.officer_record_required",
    });
  });

  it("refuses an act more than two years old, also at the last signature", async () => {
    const caseId = await openCase();
    const tooLate = Date.parse("2028-03-11T00:00:00+08:00");
    await expect(submit(caseId, {}, tooLate)).rejects.toMatchObject({ code: "filing.time_barred" });
    await submit(caseId);
    await endorse(caseId);
    await expect(approve(caseId, leader, tooLate)).rejects.toMatchObject({ code: "filing.time_barred" });
    await expect(approve(caseId, leader, tooLate - 60_000)).resolves.toMatchObject({
      caseNo: "51010701-2028-001",
    });
  });

  it("keeps the signatures apart", async () => {
    const caseId = await openCase();
    const everything = await makeUser(pool, ["officer", "unit_head", "agency_leader"]);
    await submit(caseId, { officers: [officer.userId, everything.userId] });
    await expect(approve(caseId)).rejects.toMatchObject({ code: "filing.not_endorsed" });
    await expect(endorse(caseId, everything)).rejects.toMatchObject({
      code: "duty.handler_approves_own_case",
    });
    const headAndLeader = await makeUser(pool, ["unit_head", "agency_leader"]);
    await endorse(caseId, headAndLeader);
    await expect(approve(caseId, everything)).rejects.toMatchObject({
      code: "duty.handler_approves_own_case",
    });
    await expect(approve(caseId, headAndLeader)).rejects.toMatchObject({
      code: "duty.two_levels_one_person",
    });
    await approve(caseId);
  });

  it("declines with a reason, and lists by state and region", async () => {
    const caseId = await openCase();
    const decline = (reason: string) =>
      withTx(pool, (tx) => declineFiling(tx, userAct(leader), caseId, reason));
    await expect(decline(" ")).rejects.toMatchObject({ code: "filing.reason_required" });
    expect(await decline("已有许可")).toEqual({ state: "not_filed" });
    const list = (scope: readonly string[]) =>
      listCases(pool, { scope, states: ["not_filed"], limit: 50, cursor: null });
    expect((await list([county])).items.map((item) => item.caseId)).toContain(caseId);
    expect((await list([])).items).toEqual([]);
    expect(await findCase(pool, [county], caseId)).toMatchObject({ notFiledReason: "已有许可" });
  });
});
