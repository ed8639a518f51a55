import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseStep } from "../casework/case/step-input.ts";
import { loadLawBook } from "../config/law-book.ts";
import { createDocumentPress } from "../runtime/typeset/press.ts";
import { confirmThresholds, makeAgency, makeCertified } from "../test-fixtures/casework-builders.ts";
import {
  allYes,
  county,
  makeCamera,
  makeIncident,
  makeUser,
  type TestUser,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findCaseSummary, listCases } from "./case-read-model.ts";
import { readCaseRecord } from "./case-record.ts";
import { type CaseTools, openCaseFromClue, openCaseFromIncident, takeCaseStep } from "./case-store.ts";
import { listCaseDocuments, readDocumentFile } from "./document-read-model.ts";
import { issueDocument, voidDocument } from "./document-store.ts";
import { findIncident } from "./incident-read-model.ts";
import { FolderObjectStore } from "./object-store.ts";
import { createPool, withTx } from "./pool.ts";
import { addPartyLink, findPartyLink } from "./portal-link-store.ts";
import { claimIncident, confirmIncident } from "./review-store.ts";
import { readStepFacts } from "./step-facts.ts";
import { readTimeline } from "./timeline-store.ts";
import { disableUser } from "./user-store.ts";

describe("cases on record", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let dir: string;
  let tools: CaseTools;
  let cameraId: string;
  let reviewer: TestUser;
  let officer: TestUser;
  let colleague: TestUser;
  let head: TestUser;
  let leader: TestUser;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    dir = await mkdtemp(join(tmpdir(), "forewarn-cases-"));
    tools = {
      book: loadLawBook(null),
      press: createDocumentPress(),
      objects: new FolderObjectStore(join(dir, "objects")),
    };
    cameraId = await makeCamera(pool);
    await makeAgency(pool);
    reviewer = await makeUser(pool, ["content_reviewer"]);
    officer = await makeCertified(pool, ["officer"]);
    colleague = await makeCertified(pool, ["officer"]);
    head = await makeUser(pool, ["unit_head"]);
    leader = await makeUser(pool, ["agency_leader"]);
    await confirmThresholds(pool, await makeCertified(pool, ["legal_reviewer"]));
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });

  async function confirmedIncident(camera = cameraId): Promise<string> {
    const incidentId = await makeIncident(pool, camera);
    await withTx(pool, (tx) => claimIncident(tx, userAct(reviewer), incidentId));
    await withTx(pool, (tx) => confirmIncident(tx, userAct(reviewer), incidentId, allYes));
    return incidentId;
  }
  async function opened(): Promise<string> {
    const incidentId = await confirmedIncident();
    const input = { incidentId, ground: "repeated", note: "本月第三次" } as const;
    const { caseId } = await withTx(pool, (tx) => openCaseFromIncident(tx, userAct(officer), tools, input));
    return caseId;
  }
  const take = (caseId: string, step: CaseStep, by = officer, at = testDay, ifVersion?: number) =>
    withTx(pool, (tx) => takeCaseStep(tx, userAct(by, at), tools, { caseId, step, ifVersion }));
  const refused = (code: string) => ({ code });

  async function submitted(): Promise<string> {
    const caseId = await opened();
    await take(caseId, { step: "assign_officers", officers: [officer.userId, colleague.userId] });
    await take(caseId, {
      step: "record_inspection",
      place: "人民南路二段",
      text: "车辆停放于人行道，驾驶人不在场。",
      partyPresent: false,
      signed: "absent",
    });
    await take(caseId, { step: "submit_filing", summary: "涉嫌违法停车，建议立案" });
    return caseId;
  }
  async function filed(): Promise<string> {
    const caseId = await submitted();
    await take(caseId, { step: "endorse_filing" }, head);
    await take(caseId, { step: "approve_filing" }, leader);
    return caseId;
  }

  it("files a case through both levels and keeps its whole story, with numbers and documents", async () => {
    const caseId = await filed();
    const summary = await findCaseSummary(pool, [county], caseId);
    expect(summary).toMatchObject({ state: "filed", filedOn: "2026-03-10", procedure: "ordinary" });
    expect(summary?.caseNo).toMatch(/^51010701-2026-\d{3}$/);
    const timeline = await readTimeline(pool, "case", caseId);
    expect(timeline.map(({ action, to }) => [action, to])).toEqual([
      ["open", "clue_verification"],
      ["assign_officers", "clue_verification"],
      ["record_inspection", "clue_verification"],
      ["submit_filing", "filing_pending"],
      ["endorse_filing", "filing_pending"],
      ["approve_filing", "filed"],
    ]);
    expect(timeline[3]?.detail).toMatchObject({
      documents: [expect.objectContaining({ code: "N02" })],
    });
    const documents = await listCaseDocuments(pool, caseId);
    expect(documents.map(({ code }) => code)).toEqual(["N01", "N07", "N05", "N02"]);
    expect(documents[3]?.number).toMatch(/^武综执立字〔2026〕第\d{3}号$/);
    const { rows } = await pool.query(
      "select kind, strict_due::text, legal_due::text, state from case_clocks where case_id = $1 order by kind",
      [caseId],
    );
    expect(rows).toEqual([
      expect.objectContaining({ kind: "clue_verification", state: "met" }),
      { kind: "decision", strict_due: "2026-06-08", legal_due: "2026-06-08", state: "running" },
    ]);
  });

  it("shows nothing more to a party that turned out to be the wrong one", async () => {
    const caseId = await opened();
    const someone = {
      ...({ kind: "person", name: "张三", idNo: "510107199006011234", unifiedCode: null } as const),
      ...{ legalRepresentative: null, birthDate: null, address: null, phone: null, plate: null },
    };
    await take(caseId, { step: "set_party", party: someone });
    const linkId = `link-${caseId}`;
    await withTx(pool, (tx) =>
      addPartyLink(tx, userAct(officer), {
        ...{ linkId, tokenHash: createHash("sha256").update(linkId).digest("hex") },
        ...{ of: { caseId }, region: county, factorKind: "phone", factorHash: "0".repeat(64) },
        expiresAt: testDay + 86_400_000,
      }),
    );
    await take(caseId, { step: "set_party", party: { ...someone, address: "某路1号" } });
    expect((await findPartyLink(pool, linkId))?.revokedAt).toBeNull();
    await take(caseId, {
      step: "set_party",
      party: { ...someone, name: "李四", idNo: "510107198001011234" },
    });
    expect((await findPartyLink(pool, linkId))?.revokedAt).toBe(testDay);
    const timeline = await readTimeline(pool, "case", caseId);
    expect(timeline.at(-1)).toMatchObject({ action: "revoke_party_link", why: "当事人已变更" });
  });

  it("keeps every document's file as it was issued, and finds one that was changed", async () => {
    const caseId = await filed();
    for (const document of await listCaseDocuments(pool, caseId)) {
      const pdf = await readDocumentFile(tools.objects, document);
      expect(pdf?.subarray(0, 5).toString()).toBe("%PDF-");
      expect(await readDocumentFile(tools.objects, { ...document, pdfSha256: "0".repeat(64) })).toBeNull();
    }
    await expect(
      pool.query("update documents set title = 'another' where case_id = $1", [caseId]),
    ).rejects.toThrow(/never changed/);
    await expect(pool.query("delete from documents where case_id = $1", [caseId])).rejects.toThrow(
      /append-only/,
    );
  });

  it("allocates numbers without gap or double under fifty at once, also when some of them fail", async () => {
    const caseId = await filed();
    const act = userAct(officer);
    const record = await readCaseRecord(pool, act, caseId);
    if (record === undefined) throw new Error("no case");
    const { file } = record;
    const facts = await readStepFacts(pool, act, file, { book: tools.book });
    const issue = (fails: boolean) =>
      withTx(pool, async (tx) => {
        const draft = {
          docId: act.newId("doc"),
          code: "D21",
          fields: { receiver: "武侯区市场监督管理局", request: "协助查明经营者身份" },
        } as const;
        const issued = await issueDocument(tx, act, tools, { draft, file, incidentId: null, facts });
        if (fails) throw new Error("something later in the transaction failed");
        return issued.number;
      });
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => issue(index % 5 === 0)),
    );
    const numbers = results
      .filter(({ status }) => status === "fulfilled")
      .map((result) =>
        Number(/第(\d+)号/.exec(String((result as PromiseFulfilledResult<string>).value))?.[1]),
      );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const { rows } = await pool.query("select count(*)::integer as n from documents where mark = '协'");
    expect(rows[0].n).toBe(40);
  }, 120_000);

  it("keeps a void number on record, and voids nothing twice", async () => {
    const caseId = await filed();
    const [document] = (await listCaseDocuments(pool, caseId)).filter(({ code }) => code === "N02");
    if (document === undefined) throw new Error("no N02");
    const voiding = () => withTx(pool, (tx) => voidDocument(tx, userAct(leader), document, "填写有误"));
    await voiding();
    const after = (await listCaseDocuments(pool, caseId)).find(({ docId }) => docId === document.docId);
    expect(after).toMatchObject({ number: document.number, voidedAt: expect.any(String) });
    await expect(voiding()).rejects.toMatchObject(refused("document.not_voidable"));
  });

  it("rolls a refused step back whole: no file, no number, no timeline entry", async () => {
    const caseId = await opened();
    const before = await readCaseRecord(pool, { scope: "every" }, caseId);
    const error: unknown = await take(caseId, { step: "submit_filing", summary: "建议立案" }).catch((e) => e);
    expect(error).toMatchObject({
      code: "duty.two_officers_required",
      also: expect.arrayContaining([expect.objectContaining({ code: "filing.initial_evidence_required" })]),
    });
    expect(await readCaseRecord(pool, { scope: "every" }, caseId)).toEqual(before);
    expect(await readTimeline(pool, "case", caseId)).toHaveLength(1);
  });

  it("refuses a step on a version that is not the newest", async () => {
    const caseId = await opened();
    const assign: CaseStep = { step: "assign_officers", officers: [officer.userId, colleague.userId] };
    const { version = 0 } = (await readCaseRecord(pool, { scope: "every" }, caseId)) ?? {};
    await take(caseId, assign, officer, testDay, version);
    await expect(take(caseId, assign, officer, testDay, version)).rejects.toMatchObject(
      refused("store.stale_version"),
    );
  });

  it("lets one of two who file at once through", async () => {
    const caseId = await submitted();
    await take(caseId, { step: "endorse_filing" }, head);
    const results = await Promise.allSettled([
      take(caseId, { step: "approve_filing" }, leader),
      take(caseId, { step: "approve_filing" }, leader),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("asks the people as they are today: a certificate that has run out, somebody who left", async () => {
    const caseId = await opened();
    const gone = await makeCertified(pool, ["officer"]);
    const { rows } = await pool.query("select login from users where id = $1", [gone.userId]);
    await withTx(pool, (tx) => disableUser(tx, userAct(leader), rows[0].login));
    const assign = (userId: string) =>
      take(caseId, { step: "assign_officers", officers: [officer.userId, userId] });
    await expect(assign(gone.userId)).rejects.toMatchObject(refused("duty.two_officers_required"));
    const uncertified = await makeUser(pool, ["officer"]);
    await expect(assign(uncertified.userId)).rejects.toMatchObject(refused("duty.certificate_invalid"));
    const elsewhere = await makeCertified(pool, ["officer"], ["510300"]);
    await expect(assign(elsewhere.userId)).rejects.toMatchObject(refused("duty.two_officers_required"));
  });

  it("opens one case per incident, only of a confirmed one, and refuses where no agency has power", async () => {
    const incidentId = await confirmedIncident();
    const open = (by = officer) =>
      withTx(pool, (tx) =>
        openCaseFromIncident(tx, userAct(by), tools, { incidentId, ground: "harm", note: "堵住盲道" }),
      );
    await open();
    await expect(open()).rejects.toMatchObject(refused("incident.illegal_move"));
    expect(await findIncident(pool, [county], incidentId)).toMatchObject({ state: "escalated" });
    const stranger = await makeCertified(pool, ["officer"], ["510300"]);
    const clue = {
      source: "complaint",
      region: "510302",
      violation: "street_vending",
      note: "市民投诉",
      startedAt: testDay - 3_600_000,
      endedAt: testDay - 60_000,
      place: "某路",
    } as const;
    await expect(
      withTx(pool, (tx) => openCaseFromClue(tx, userAct(stranger), tools, clue)),
    ).rejects.toMatchObject(refused("case.no_agency"));
  });

  it("shows a case only in its regions", async () => {
    const caseId = await opened();
    expect(await findCaseSummary(pool, ["510300"], caseId)).toBeUndefined();
    const page = await listCases(pool, { scope: ["510300"], states: [], limit: 10, cursor: null });
    expect(page.items).toEqual([]);
    await expect(
      take(caseId, { step: "revoke_address" }, { ...officer, regions: ["510300"] }),
    ).rejects.toMatchObject(refused("store.not_found"));
  });
});
