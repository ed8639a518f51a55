import { describe, expect, it } from "vitest";
import type { Parameters } from "../parameters.ts";
import { type ComposeInput, composeDocument } from "./compose.ts";
import type { ComposedDocument } from "./composed-document.ts";
import type { DocumentTemplate } from "./template.ts";
import { sampleSource } from "./testing/sample-case.ts";

const parameters = {
  get: () => ({ count: 15, unit: "CD" }),
  isConfirmed: () => true,
} as unknown as Parameters;

const template: DocumentTemplate = {
  code: "D21",
  version: "test",
  validFrom: "2021-07-15",
  validTo: null,
  zh: "协助调查函",
  fields: [
    { name: "receiver", zh: "接收单位", kind: "text", required: true },
    { name: "request", zh: "请求事项", kind: "text", required: true },
    { name: "note", zh: "备注", kind: "text", required: false },
    { name: "link", zh: "链接", kind: "text", required: false },
    { name: "room", zh: "房间", kind: "text", required: false, requiredWhen: "!link" },
  ],
  body: [
    { kind: "paragraph", text: "{{receiver}}：{{request}}" },
    { kind: "paragraph", text: "备注：{{note}}", when: "note" },
    { kind: "paragraph", text: "{{room}}{{link}}" },
    { kind: "paragraph", text: "{{law:xzcf:26}}，{{param:payment.period}}内" },
    { kind: "seal" },
  ],
};

function input(fields: Record<string, unknown>, changes: Partial<ComposeInput> = {}): ComposeInput {
  const source = sampleSource("D21");
  return {
    ...{ ...source, template, parameters, cite: ({ law, article }) => `《${law}》第${article}条` },
    draft: { ...source.draft, fields },
    ...changes,
  };
}

function composed(fields: Record<string, unknown>): ComposedDocument {
  const result = composeDocument(input(fields));
  if (!result.ok) throw new Error(result.refusal.messageZh);
  return result.document;
}

const texts = (document: ComposedDocument) =>
  document.blocks.flatMap((block) => (block.kind === "paragraph" ? [block.text] : []));

const whole = { receiver: "市场监管局", request: "查询登记", link: "无" };

describe("composeDocument", () => {
  it("fills in, and leaves out what a condition says", () => {
    expect(texts(composed(whole))).toEqual(["市场监管局：查询登记", "无", "《xzcf》第二十六条，十五日内"]);
    expect(texts(composed({ ...whole, note: "急" }))).toContain("备注：急");
  });

  it("names every missing field, the number too", () => {
    const result = composeDocument(input({ receiver: " " }, { number: null }));
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.refusal.code).toBe("document.fields_missing");
    expect(result.refusal.messageZh).toContain("文号、接收单位、请求事项、房间");
  });

  it("asks for a field only where its condition holds", () => {
    expect(composeDocument(input({ ...whole, link: null, room: "三楼" })).ok).toBe(true);
    expect(composeDocument(input({ ...whole, link: null })).ok).toBe(false);
  });

  it("never reads what somebody typed as a placeholder", () => {
    const [first] = texts(composed({ ...whole, request: "{{receiver}}{{law:xzcf:1}}" }));
    expect(first).toBe("市场监管局：{{receiver}}{{law:xzcf:1}}");
  });

  it("shows a draft with gaps, marked as one", () => {
    const result = composeDocument(input({ ...whole, request: "" }, { preview: true, number: null }));
    expect(result).toMatchObject({ ok: true, missing: ["文号", "请求事项"], document: { preview: true } });
    if (result.ok) expect(texts(result.document)[0]).toBe("市场监管局：＿＿＿＿");
  });

  it("makes a paragraph of every line somebody wrote", () => {
    expect(texts(composed({ ...whole, request: "一\n\n二" })).slice(0, 2)).toEqual(["市场监管局：一", "二"]);
  });

  it("does not let a draft overrule the case", () => {
    const { data } = composed({ ...whole, agencyName: "别的机关" });
    expect(data).not.toHaveProperty("agencyName");
    const named = {
      ...template,
      fields: [...template.fields, { name: "agencyName", zh: "机关", kind: "text" as const, required: true }],
    };
    const result = composeDocument(input({ ...whole, agencyName: "别的机关" }, { template: named }));
    expect(result).toMatchObject({
      ok: true,
      document: { data: { agencyName: "成都市锦江区综合行政执法局" } },
    });
  });

  it("throws on a template of another document", () => {
    expect(() => composeDocument(input(whole, { code: "D09" }))).toThrow(/D21 cannot make a D09/);
  });
});
