import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../casework/case/case-file.ts";
import { party } from "../casework/case/testing/builders.ts";
import { goodCase } from "../casework/supervision/testing/good-case.ts";
import { loadLawBook } from "../config/law-book.ts";
import { newId } from "../runtime/ids.ts";
import { makeAgency, makeCertified, testAgency } from "../test-fixtures/casework-builders.ts";
import { county, makeCamera, makeIncident, systemAct } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { insertCase, updateCase } from "./case-record.ts";
import { createPool, withTx } from "./pool.ts";
import { readStepFacts } from "./step-facts.ts";

describe("what a step is judged by", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let officer: string;
  const book = loadLawBook(null);

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    await makeAgency(pool);
    officer = (await makeCertified(pool, ["officer"])).userId;
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function stored(changes: Partial<CaseFile> = {}): Promise<CaseFile> {
    const caseId = newId("cas");
    const file: CaseFile = {
      ...goodCase(),
      ...{ caseId, caseNo: caseId, agency: testAgency.agency, region: county, openedBy: officer },
      ...{ source: "patrol", incidentIds: [], evidence: [] },
    };
    // Records come into a case that began without one.
    const filled = { ...file, ...changes };
    await withTx(pool, async (tx) => {
      await insertCase(tx, systemAct(), { ...filled, incidentIds: [] });
      await updateCase(tx, { file, version: 1 }, filled);
    });
    return filled;
  }
  const factsOf = (file: CaseFile) => readStepFacts(pool, systemAct(), file, { book });
  const earlierThan = async (file: CaseFile) => (await factsOf(file)).earlierDecisions;

  it("knows an earlier decision by any number of the party, and not another party's", async () => {
    const name = newId("n");
    const known = party({ idNo: null, name, plate: `川A${name.slice(-5)}` });
    const [byPlate, byName] = [
      await stored({ party: { ...known, name: "不详", phone: null } }),
      await stored({ party: { ...known, plate: null, name: ` ${name}` } }),
    ];
    await stored({ party: { ...known, idNo: "510107198001011234" } });
    const own = await stored({ party: { ...known, idNo: "510107199006011234" } });
    expect((await earlierThan(own)).map(({ caseId }) => caseId).sort()).toEqual(
      [byPlate.caseId, byName.caseId].sort(),
    );
  });

  it("knows what was let off and whatever shares a record, and no decision that was revoked", async () => {
    const someone = party({ idNo: newId("id") });
    const nothing = { decision: null, payment: null } as const;
    const letOff = await stored({
      ...{ ...nothing, party: someone, state: "no_penalty" },
      exit: { kind: "no_penalty", on: "2026-02-02", by: "leader", reason: "轻微" },
    });
    await stored({
      party: someone,
      changes: [
        { docId: "d", on: "2026-03-01", by: "agency", kind: "revoked", reason: "有误", penalty: null },
      ],
    });
    const incident = newId("inc");
    const shared = await stored({ party: party({ idNo: newId("id") }), incidentIds: [incident] });
    const own = await stored({ party: someone, incidentIds: [incident] });
    const earlier = await earlierThan(own);
    expect(earlier.map(({ caseId, letOff: off }) => [caseId, off]).sort()).toEqual(
      [
        [letOff.caseId, true],
        [shared.caseId, false],
      ].sort(),
    );
    expect(earlier.find(({ letOff: off }) => off)).toMatchObject({ fineFen: 0, decidedOn: "2026-02-02" });
    expect(earlier.find(({ letOff: off }) => !off)?.incidentIds).toEqual([incident]);
  });

  it("sees what a record shows, and in which cases it stands", async () => {
    const incidentId = await makeIncident(pool, await makeCamera(pool), { violation: "road_spill" });
    const [item] = goodCase().evidence;
    if (item === undefined) throw new Error("the good case has no evidence");
    const holding = { incidentIds: [incidentId], evidence: [{ ...item, incidentId }] };
    const holder = await stored(holding);
    const withdrawn = { on: "2026-03-01", reason: "识别错误" };
    await stored({ incidentIds: [incidentId], evidence: [{ ...item, incidentId, withdrawn }] });
    const own = await stored({ incidentIds: [incidentId] });
    expect((await factsOf(own)).record(incidentId)).toMatchObject({
      ...{ region: county, violation: "road_spill", state: "review_pending", caseIds: [holder.caseId] },
    });
  });

  it("compares with fined cases of the matter and the city in the year before today", async () => {
    const violation = "open_bbq";
    const decided = (on: string, changes: Partial<CaseFile> = {}) => {
      const { decision } = goodCase();
      return stored({ violation, decision: decision && { ...decision, on }, ...changes });
    };
    const last = await decided("2026-03-09");
    const neighbour = await decided("2025-03-11", { region: "510104" });
    await decided("2025-03-10");
    await decided("2026-03-09", { region: "510302" });
    await decided("2026-03-09", { violation: "road_spill" });
    const own = await stored({ violation, decision: null });
    const like = (await factsOf(own)).likeCases;
    expect(like.map(({ caseId }) => caseId).sort()).toEqual([last.caseId, neighbour.caseId].sort());
    expect(like[0]).toMatchObject({ tier: goodCase().computation?.tier, fineFen: expect.any(Number) });
  });
});
