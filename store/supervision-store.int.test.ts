import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../casework/case/case-file.ts";
import type { Finding } from "../casework/supervision/finding.ts";
import { loadLawBook } from "../config/law-book.ts";
import { createDocumentPress } from "../runtime/typeset/press.ts";
import { makeAgency, makeCertified, testAgency } from "../test-fixtures/casework-builders.ts";
import {
  county,
  makeUser,
  systemAct,
  type TestUser,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { lockCase, readCaseRecord, updateCase } from "./case-record.ts";
import { type CaseTools, openCaseFromClue } from "./case-store.ts";
import { recordCertificate } from "./certificate-store.ts";
import { listCaseDocuments, readDocumentsBeside } from "./document-read-model.ts";
import { FolderObjectStore } from "./object-store.ts";
import { createPool, withTx } from "./pool.ts";
import { readStepFacts } from "./step-facts.ts";
import { readSupervisionFacts } from "./supervision-facts.ts";
import { closeItem, raiseItem, replyToItem } from "./supervision-item-store.ts";
import { findSupervisionItem, listSupervisionItems } from "./supervision-read-model.ts";
import { recordFindings, superviseCase, supervisedOverlay } from "./supervision-store.ts";
import { readTimeline } from "./timeline-store.ts";

const DAY_MS = 86_400_000;

describe("supervision on record", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let dir: string;
  let tools: CaseTools;
  let officer: TestUser;
  let supervisor: TestUser;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    dir = await mkdtemp(join(tmpdir(), "forewarn-supervision-"));
    tools = {
      book: loadLawBook(null),
      press: createDocumentPress(),
      objects: new FolderObjectStore(join(dir, "objects")),
    };
    await makeAgency(pool);
    officer = await makeCertified(pool, ["officer"]);
    supervisor = await makeUser(pool, ["city_supervisor"], ["510100"]);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });

  async function opened(): Promise<string> {
    const clue = {
      source: "patrol",
      ...{ region: county, violation: "street_vending", note: "巡查发现占道经营" },
      ...{ startedAt: testDay - 7_200_000, endedAt: testDay - 3_600_000, place: "人民南路二段" },
    } as const;
    const { caseId } = await withTx(pool, (tx) => openCaseFromClue(tx, userAct(officer), tools, clue));
    return caseId;
  }

  const finding = (key = "handlers"): Finding => ({
    ...{ code: "SP01", key, zh: "少于两人。", en: "Fewer than two.", evidence: { handlers: ["a"] } },
  });
  const record = (caseId: string, findings: readonly Finding[], at = testDay) =>
    withTx(pool, async (tx) => {
      await lockCase(tx, systemAct(), caseId);
      const raised = await recordFindings(tx, systemAct(at), caseId, findings, "2026-03-19");
      await supervisedOverlay(tx, systemAct(at), caseId);
      return raised;
    });
  const items = async (caseId: string) =>
    (
      await listSupervisionItems(pool, {
        ...{ scope: [county], state: null, checkCode: null, caseId, limit: 50, cursor: null },
      })
    ).items;
  const fileOf = async (caseId: string) => {
    const found = await readCaseRecord(pool, systemAct(), caseId);
    if (found === undefined) throw new Error("no such case");
    return found;
  };
  const rewrite = (caseId: string, changes: Partial<CaseFile>) =>
    withTx(pool, async (tx) => {
      const before = await lockCase(tx, systemAct(), caseId);
      return updateCase(tx, before, { ...before.file, ...changes });
    });
  const supervise = (caseId: string, at = testDay) =>
    withTx(pool, async (tx) => {
      const { file } = await lockCase(tx, systemAct(at), caseId);
      const facts = await readStepFacts(tx, systemAct(at), file, { book: tools.book });
      return superviseCase(tx, userAct(officer, at), tools, file, facts);
    });

  it("opens one item per finding, however often it is found, owned by the first officer", async () => {
    const caseId = await opened();
    const [first] = await record(caseId, [finding(), finding("service:1")]);
    expect(await record(caseId, [finding(), finding("service:1")], testDay + DAY_MS)).toEqual([]);
    expect(await record(caseId, [finding("service:2")])).toHaveLength(1);
    expect(await items(caseId)).toHaveLength(3);
    expect(await findSupervisionItem(pool, [county], first ?? "")).toMatchObject({
      ...{ caseId, checkCode: "SP01", state: "open", owner: officer.userId, dueOn: "2026-03-19" },
      ...{ raisedBy: null, evidence: { handlers: ["a"] }, raisedAt: new Date(testDay).toISOString() },
    });
  });

  it("does not raise again what a person has closed, and keeps open what no longer holds", async () => {
    const caseId = await opened();
    const [itemId = ""] = await record(caseId, [finding()]);
    await record(caseId, []);
    expect((await items(caseId)).map(({ state }) => state)).toEqual(["open"]);
    const close = { outcome: "unfounded", note: "已补派执法人员" } as const;
    await withTx(pool, (tx) => closeItem(tx, userAct(supervisor), itemId, close));
    expect(await record(caseId, [finding()])).toEqual([]);
    expect((await items(caseId)).map(({ state }) => state)).toEqual(["closed"]);
  });

  it("flags the case while an item is open, by the system, and alters nothing else of it", async () => {
    const caseId = await opened();
    const before = await fileOf(caseId);
    const [first = "", second = ""] = await record(caseId, [finding(), finding("service:1")]);
    const flagged = await fileOf(caseId);
    expect(flagged.file).toEqual({ ...before.file, overlays: ["supervised"] });
    expect(flagged.version).toBe(before.version + 1);
    const close = (itemId: string) =>
      withTx(pool, (tx) =>
        closeItem(tx, userAct(supervisor), itemId, { outcome: "unfounded", note: "不成立" }),
      );
    await close(first);
    expect((await fileOf(caseId)).file.overlays).toEqual(["supervised"]);
    await close(second);
    expect((await fileOf(caseId)).file).toEqual(before.file);
    const timeline = await readTimeline(pool, "case", caseId);
    expect(
      timeline
        .slice(1)
        .map(({ action, actorKind, actorId }) => [action, actorKind === "user" ? actorId : actorId]),
    ).toEqual([
      ["supervision_raise", "supervision"],
      ["supervision_raise", "supervision"],
      ["supervised", "supervision"],
      ["supervision_close", supervisor.userId],
      ["supervision_close", supervisor.userId],
      ["no_longer_supervised", "supervision"],
    ]);
  });

  it("looks at the case as it is and tells which version it has now", async () => {
    const caseId = await opened();
    expect(await supervise(caseId)).toEqual({ raised: [], version: undefined });
    // 15 days to verify a clue: the day after 25 March is late.
    expect((await supervise(caseId, Date.parse("2026-03-25T02:00:00Z"))).raised).toEqual([]);
    const late = await supervise(caseId, Date.parse("2026-03-26T02:00:00Z"));
    expect(late.raised).toHaveLength(1);
    expect(late.version).toBe((await fileOf(caseId)).version);
    const letters = (await listCaseDocuments(pool, caseId)).filter(({ code }) => code === "N20");
    expect(letters).toMatchObject([{ number: expect.stringMatching(/督字〔2026〕第001号$/) }]);
    expect((await fileOf(caseId)).file.documents.map(({ code }) => code)).toEqual(["N01"]);
    expect(await readDocumentsBeside(pool, (await fileOf(caseId)).file)).toMatchObject([
      { code: "N20", docId: letters[0]?.docId, issuedOn: "2026-03-26" },
    ]);
    const [item] = await items(caseId);
    // Seven working days, over the holiday of 4 to 6 April.
    expect(item).toMatchObject({ checkCode: "SP12", dueOn: "2026-04-07" });
    expect(await supervise(caseId, Date.parse("2026-03-27T02:00:00Z"))).toEqual({
      raised: [],
      version: undefined,
    });
  });

  it("leaves an archived file alone", async () => {
    const caseId = await opened();
    await rewrite(caseId, { state: "archived", handlers: [], decision: null });
    const late = Date.parse("2026-05-26T02:00:00Z");
    expect(await supervise(caseId, late)).toEqual({ raised: [], version: undefined });
    const raise = { caseId, finding: "档案有误", references: [], dueOn: null };
    await expect(withTx(pool, (tx) => raiseItem(tx, userAct(supervisor), raise))).rejects.toMatchObject({
      code: "supervision.case_archived",
    });
  });

  it("asks for rights in the store too", async () => {
    const caseId = await opened();
    const raise = { caseId, finding: "程序有误", references: [], dueOn: null };
    const itemId = await withTx(pool, (tx) => raiseItem(tx, userAct(supervisor), raise));
    const closing = { outcome: "unfounded", note: "x" } as const;
    for (const denied of [
      () => withTx(pool, (tx) => raiseItem(tx, userAct(officer), raise)),
      () => withTx(pool, (tx) => replyToItem(tx, userAct(supervisor), itemId, "已整改")),
      () => withTx(pool, (tx) => closeItem(tx, userAct(officer), itemId, closing)),
    ])
      await expect(denied()).rejects.toMatchObject({ code: "permission.role_required" });
    await expect(withTx(pool, (tx) => closeItem(tx, systemAct(), itemId, closing))).rejects.toMatchObject({
      code: "permission.person_required",
    });
  });

  describe("what the checks are told", () => {
    const factsOf = async (caseId: string, changes: Partial<CaseFile> = {}) => {
      const { file } = await fileOf(caseId);
      const facts = await readStepFacts(pool, systemAct(), file, { book: tools.book });
      return readSupervisionFacts(pool, { ...file, ...changes }, facts);
    };

    it("every certificate somebody had, the newest record of each number", async () => {
      const caseId = await opened();
      const renewed = {
        userId: officer.userId,
        no: "51-new",
        validFrom: "2027-01-01",
        validTo: "2030-12-31",
      };
      const cutShort = { ...renewed, validTo: "2027-06-30" };
      for (const [index, certificate] of [renewed, cutShort].entries())
        await withTx(pool, (tx) => recordCertificate(tx, systemAct(testDay + index), certificate));
      const known = (await factsOf(caseId)).certificates(officer.userId);
      expect(known.map(({ validFrom, validTo }) => [validFrom, validTo]).sort()).toEqual([
        ["2024-01-01", "2035-12-31"],
        ["2027-01-01", "2027-06-30"],
      ]);
    });

    it("fines of like cases: matter, tier, city and twelve months", async () => {
      const decided = async (fineFen: number, on: string, tier: "light" | "general", agency = county) => {
        const caseId = await opened();
        const parts = decisionOf(fineFen, on, tier);
        await rewrite(caseId, { ...parts, region: agency });
        await pool.query("update cases set region = $2 where id = $1", [caseId, agency]);
        return { caseId, parts };
      };
      await decided(100_000, "2026-01-10", "general");
      await decided(200_000, "2026-02-10", "general", "510104");
      await decided(300_000, "2026-02-11", "light");
      await decided(400_000, "2025-03-01", "general");
      await decided(500_000, "2026-02-12", "general", "510703");
      await decided(600_000, "2026-03-12", "general");
      const own = await decided(700_000, "2026-03-10", "general");
      const { likeFines } = await factsOf(own.caseId);
      expect([...likeFines].sort()).toEqual([100_000, 200_000]);
    });

    it("what stands in public, and nothing once it was withdrawn", async () => {
      const caseId = await opened();
      const publication = {
        publish: true,
        reason: "有影响",
        by: officer.userId,
        on: "2026-03-10",
        withdrawn: null,
      };
      const parts = decisionOf(100_000, "2026-03-10", "light");
      const shown = await factsOf(caseId, { ...parts, publication });
      expect(shown.published?.text).toContain(testAgency.zh);
      const withdrawn = { on: "2026-03-10", reason: "撤回", by: officer.userId };
      expect(
        (await factsOf(caseId, { ...parts, publication: { ...publication, withdrawn } })).published,
      ).toBeNull();
      expect((await factsOf(caseId, parts)).published).toBeNull();
    });
  });
});

function decisionOf(fineFen: number, on: string, tier: "light" | "general"): Partial<CaseFile> {
  const basisId = "street_vending.csdl-42";
  return {
    computation: {
      ...{ basisId, benchmarkVersion: "2026-1", tier, fractionPermille: 100, fineFen, lowerFen: 0 },
      ...{ upperFen: 600_000, steps: [], departure: null },
    },
    decision: {
      ...{
        docId: "doc-d",
        on,
        by: "leader",
        reasons: "事实清楚",
        surchargeAnnounced: true,
        simplified: true,
      },
      penalty: { kinds: ["fine"], fineFen, confiscation: null, basisId },
    },
  };
}
