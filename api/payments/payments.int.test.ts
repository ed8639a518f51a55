import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { bankSecret, type PortalApp, startPortalApp } from "../portal/testing/portal-app.ts";
import { storedCase } from "../portal/testing/portal-case.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { bankNoticeGateway, signNotice } from "./bank-notice-gateway.ts";

describe("payments as the bank tells of them", () => {
  let api: TestApi;
  let app: PortalApp;
  let officer: string;
  beforeAll(async () => {
    api = await startTestApi();
    app = await startPortalApp(api.context);
    officer = (await api.person(["officer"])).userId;
  });
  afterAll(async () => {
    await app.close();
    await api.close();
  });

  let receipts = 0;
  const noticeOf = (file: CaseFile, other: object = {}) => ({
    receiptNo: `R${++receipts}`,
    code: file.payment?.code ?? "",
    paidOn: "2026-03-10",
    amountFen: 100_000,
    ...other,
  });
  const tell = (notice: object, secret = bankSecret) => {
    const raw = JSON.stringify(notice);
    return app.call("POST", "/payments/notices", {
      raw,
      headers: { "x-forewarn-signature": signNotice(secret, raw) },
    });
  };
  const fileNow = async ({ caseId }: CaseFile) => (await readCaseRecord(api.pool, systemAct(), caseId))?.file;
  const list = async (query = "", user = officer) =>
    (await app.call("GET", `/api/v1/payments${query}`, { headers: { "x-test-user": user } })).body.items;

  it("record what was paid as it is, part by part, until nothing is owed", async () => {
    const file = await storedCase(api, [officer]);
    const part = noticeOf(file, { amountFen: 30_000 });
    expect(await tell(part)).toMatchObject({ status: 200, body: { outcome: "recorded" } });
    expect(await fileNow(file)).toMatchObject({
      state: "performing",
      payment: { receipts: [{ amountFen: 30_000 }] },
    });
    expect((await tell(noticeOf(file, { amountFen: 70_000 }))).body.outcome).toBe("recorded");
    expect((await fileNow(file))?.state).toBe("performed");
    const { rows } = await api.pool.query(
      "select actor_kind, actor_id from timeline_entries where subject_id = $1 and action = 'record_payment'",
      [file.caseId],
    );
    expect(rows).toEqual(Array(2).fill({ actor_kind: "system", actor_id: "bank-notice" }));
    expect(await list("?state=recorded")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ receiptNo: part.receiptNo, caseNo: file.caseNo, reason: null }),
      ]),
    );
  });

  it("change nothing when they come again, also ten at once, and clash when they say something else", async () => {
    const file = await storedCase(api, [officer]);
    const notice = noticeOf(file, { amountFen: 40_000 });
    const replies = await Promise.all(Array.from({ length: 10 }, () => tell(notice)));
    expect(replies.map(({ status, body }) => `${status} ${body.outcome}`).sort()).toEqual([
      ...Array(9).fill("200 known"),
      "200 recorded",
    ]);
    expect((await fileNow(file))?.payment?.receipts).toHaveLength(1);
    expect(await tell({ ...notice, amountFen: 60_000 })).toMatchObject({
      status: 409,
      body: { outcome: "conflict" },
    });
    expect((await fileNow(file))?.payment?.receipts).toHaveLength(1);
  });

  it("are held for a person where the case refuses them or nobody knows the code, and tried again when told again", async () => {
    const file = await storedCase(api, [officer]);
    const tooMuch = noticeOf(file, { amountFen: 100_001 });
    expect(await tell(tooMuch)).toMatchObject({ status: 202, body: { outcome: "held" } });
    expect((await fileNow(file))?.payment?.receipts).toEqual([]);
    const lost = noticeOf(file, { code: "pay_nobodys" });
    expect((await tell(lost)).status).toBe(202);
    const held = await list("?state=held");
    expect(held).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          receiptNo: tooMuch.receiptNo,
          caseId: file.caseId,
          reason: "payment.too_much",
        }),
        expect.objectContaining({ receiptNo: lost.receiptNo, caseId: null, reason: "payment.code_unknown" }),
      ]),
    );
    const early = await storedCase(api, [officer], () => ({ state: "decided" }));
    const notice = noticeOf(early);
    expect((await tell(notice)).status).toBe(202);
    await api.pool.query(
      `update cases set state = 'performing', file = jsonb_set(file, '{state}', '"performing"') where id = $1`,
      [early.caseId],
    );
    expect((await tell(notice)).body.outcome).toBe("recorded");
    expect((await fileNow(early))?.state).toBe("performed");
  });

  it("are believed only with the bank's signature, and read only where they are clear", async () => {
    const file = await storedCase(api, [officer]);
    const notice = noticeOf(file);
    expect(await tell(notice, "somebody else's secret")).toMatchObject({
      status: 401,
      body: { code: "payment.bad_signature" },
    });
    expect((await app.call("POST", "/payments/notices", { raw: JSON.stringify(notice) })).status).toBe(401);
    for (const other of [{ amountFen: 0 }, { amountFen: 1.5 }, { paidOn: "2026-02-30" }, { receiptNo: " " }])
      expect(await tell(noticeOf(file, other))).toMatchObject({
        status: 400,
        body: { code: "payment.bad_notice" },
      });
    expect((await fileNow(file))?.payment?.receipts).toEqual([]);
    const closed = bankNoticeGateway({ pool: api.pool, secret: undefined });
    const body = Buffer.from(JSON.stringify(notice));
    expect(() => closed.verifyNotice({ body, signature: signNotice("", body) })).toThrow(/signature/);
  });

  it("are listed for the regions of whoever asks", async () => {
    const file = await storedCase(api, [officer]);
    const notice = noticeOf(file, { amountFen: 100 });
    await tell(notice);
    const elsewhere = (await api.person(["officer"], { regions: ["510108"] })).userId;
    const seen = (items: { receiptNo: string }[]) => items.map(({ receiptNo }) => receiptNo);
    expect(seen(await list("?limit=100"))).toContain(notice.receiptNo);
    expect(seen(await list("?limit=100", elsewhere))).not.toContain(notice.receiptNo);
  });
});
