import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { party } from "../../casework/case/testing/builders.ts";
import { type PortalApp, startPortalApp } from "../portal/testing/portal-app.ts";
import { storedCase } from "../portal/testing/portal-case.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

const published = { publish: true, reason: "有社会影响", by: "editor", on: "2026-03-12", withdrawn: null };

describe("decisions in public", () => {
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

  const stored = (changes: (file: CaseFile) => Partial<CaseFile>) => storedCase(api, [officer], changes);
  const page = async (caseId: string) => {
    const { status, bytes, headers } = await app.call("GET", `/public/decisions/${caseId}`);
    return { status, html: bytes.toString("utf8"), headers };
  };
  const listed = async () => (await app.call("GET", "/public/decisions")).bytes.toString("utf8");

  it("say what was decided, redacted, to anybody who asks", async () => {
    const { caseId } = await stored((file) => ({
      publication: published,
      act: { ...file.act, summary: "张三（13800000000）在<b>某路</b>摆摊，车牌川A12345" },
    }));
    const { status, html, headers } = await page(caseId);
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      "text/html; charset=utf-8",
      "no-store",
    ]);
    expect(html).toContain("张某某");
    expect(html).toContain("占道经营");
    expect(html).toContain("城市道路管理条例");
    expect(html).toContain("&lt;b&gt;某路");
    expect(html).not.toMatch(/张三|13800000000|川A12345|<script|<img|https?:/);
    expect(await listed()).toContain(`/public/decisions/${caseId}`);
  });

  it("are there only by a person's decision to publish", async () => {
    const quiet = await stored(() => ({}));
    const withheld = await stored(() => ({ publication: { ...published, publish: false } }));
    const child = await stored(() => ({ publication: published, party: party({ birthDate: "2010-01-01" }) }));
    const pages = await Promise.all([quiet.caseId, withheld.caseId, child.caseId, "cas_nothing"].map(page));
    expect(pages.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(pages.map(({ html }) => html)).size).toBe(1);
    const list = await listed();
    for (const { caseId } of [quiet, withheld, child]) expect(list).not.toContain(caseId);
  });

  it("once withdrawn say so with the reason, and nothing of what they said", async () => {
    const withdrawn = { on: "2026-03-20", reason: "决定已被复议机关撤销", by: "editor" };
    const { caseId } = await stored(() => ({ publication: { ...published, withdrawn } }));
    const { status, html } = await page(caseId);
    expect(status).toBe(200);
    expect(html).toContain("已撤回");
    expect(html).toContain("决定已被复议机关撤销");
    expect(html).not.toMatch(/张某某|占道经营|¥/);
  });

  it("are held back when what leaves would still show somebody's data, and somebody is told", async () => {
    // The agency's own name is not redacted: whatever came to stand in it is caught at the door.
    const { caseId, agency } = await stored(() => ({ publication: published }));
    await api.pool.query(
      `update agencies set document = jsonb_set(document, '{zh}', '"某局13912345678"') where id = $1`,
      [agency],
    );
    expect((await page(caseId)).status).toBe(404);
    expect(api.log.join("")).toContain("shows personal data and is held back");
  });
});
