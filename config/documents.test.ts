import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { composeDocument } from "../casework/documents/compose.ts";
import type { ComposedDocument } from "../casework/documents/composed-document.ts";
import { type DocumentCode, documentCodes } from "../casework/documents/document-codes.ts";
import { bareCase, sampleCase, sampleSource } from "../casework/documents/testing/sample-case.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { loadTemplates, templateFromUnknown } from "./documents.ts";
import { formalCitation } from "./laws.ts";
import { parametersOn } from "./parameters.ts";

const DAY = "2026-03-10";
const templates = loadTemplates();
const codes = Object.keys(documentCodes) as DocumentCode[];
const external = codes.filter((code) => documentCodes[code].external);
const world = {
  parameters: parametersOn(DAY),
  cite: formalCitation,
};

function templateOf(code: DocumentCode) {
  const template = templates.on(code, DAY);
  if (template === undefined) throw new Error(`no template for ${code}`);
  return template;
}

function compose(code: DocumentCode, changes: Parameters<typeof sampleCase>[0] = {}) {
  return composeDocument({ ...sampleSource(code, changes), ...world, template: templateOf(code) });
}

function composed(code: DocumentCode, changes: Parameters<typeof sampleCase>[0] = {}): ComposedDocument {
  const result = compose(code, changes);
  if (!result.ok) throw new Error(result.refusal.messageZh);
  return result.document;
}

function missingOf(code: DocumentCode, changes: Parameters<typeof sampleCase>[0]): string {
  const result = compose(code, changes);
  return result.ok ? "" : result.refusal.messageZh;
}

const text = (document: ComposedDocument) => JSON.stringify(document.blocks);

describe("every document", () => {
  it.each(codes)("%s is filled in from a whole case", (code) => {
    const document = composed(code);
    expect(document.title).toBe(documentCodes[code].zh);
    expect(text(document)).not.toMatch(/\{\{|\}\}|undefined|null|NaN|\[object|。。|：。/);
    for (const { name, required } of templateOf(code).fields) {
      if (required) expect(document.data[name], name).not.toBeNull();
    }
  });

  it.each(external)("%s cannot be issued from a case where nothing happened", (code) => {
    const source = { ...sampleSource(code), file: sampleCase(bareCase) };
    const draft = { ...source.draft, fields: {} };
    const result = composeDocument({ ...source, draft, ...world, template: templateOf(code) });
    expect(result.ok ? "issued" : result.refusal.code).toBe("document.fields_missing");
  });
});

describe("行政处罚决定书", () => {
  it("holds every item of 行政处罚法 59", () => {
    const decision = text(composed("D09"));
    const items = {
      party: ["张守义", "成都市锦江区莲桂南路99号3栋2单元501号"],
      facts: ["摆放餐桌五张", "2026年3月1日18时20分至19时05分"],
      evidence: ["电子技术监控记录", "张守义询问笔录"],
      basis: ["《城市道路管理条例》第二十七条第一项", "《城市道路管理条例》第四十二条"],
      penalty: ["罚款人民币贰仟元整（¥2,000.00）"],
      performance: ["十五日内缴纳罚款", "5101-2026-00017", "指定银行", "电子支付系统"],
      surcharge: ["每日按罚款数额的百分之三加处罚款"],
      review: ["六十日内向成都市锦江区人民政府申请行政复议"],
      litigation: ["六个月内直接向成都市锦江区人民法院提起行政诉讼"],
      discretion: ["违法情节较轻"],
      publication: ["应当依法公开"],
      agency: ["成都市锦江区综合行政执法局", "2026年3月10日"],
    };
    for (const [item, parts] of Object.entries(items))
      for (const part of parts) expect(decision, item).toContain(part);
    expect(composed("D09").blocks.at(-1)).toMatchObject({ kind: "seal" });
  });

  it("leaves out evidence that was withdrawn", () => {
    expect(text(composed("D09"))).not.toContain("模糊照片");
  });

  it.each([
    ["当事人地址", { party: { ...sampleCase().party, address: null } }],
    ["缴款码", { payment: null }],
    ["证据", { evidence: [] }],
    ["事先告知情况", { notice: null }],
    ["裁量说明", { computation: null }],
  ])("is refused without %s", (name, changes) => {
    expect(missingOf("D09", changes as Parameters<typeof sampleCase>[0])).toContain(name);
  });

  it("needs no payment code for a warning", () => {
    const { decision } = sampleCase();
    if (decision === null) throw new Error("the sample has a decision");
    const warning = { ...decision.penalty, kinds: ["warning" as const], fineFen: 0 };
    const document = text(composed("D09", { decision: { ...decision, penalty: warning }, payment: null }));
    expect(document).toContain("作出如下行政处罚：警告");
    expect(document).not.toContain("缴纳罚款");
  });
});

describe("a decision not to penalise", () => {
  const ended = (kind: "dismissed" | "no_penalty", reason: string) =>
    text(composed("D08", { education: null, exit: { kind, on: DAY, by: "leader", reason } }));

  it("of a dismissed case does not say that the party did it", () => {
    const document = ended("dismissed", "现有证据不足以证明当事人实施了该行为");
    expect(document).toContain("违法事实不能成立");
    expect(document).toContain("第五十七条第一款第三项的规定，决定对你不予行政处罚");
    expect(document).not.toMatch(/有下列行为|违反了|以上事实/);
  });

  it("of a slight one says what was done, and by what it was forbidden", () => {
    const document = ended("no_penalty", "违法行为轻微并及时改正");
    expect(document).toMatch(/有下列行为.*以上事实有下列证据证明.*违反了/);
    expect(document).not.toContain("不能成立");
  });
});

it("names as evidence only what counts as such", () => {
  const counts = sampleCase().evidence.filter(({ kind }) => kind !== "camera_record");
  const evidenceIds = counts.map(({ evidenceId }) => evidenceId);
  for (const code of ["D05", "D09", "N08"] as const) {
    const source = { ...sampleSource(code), ...world, template: templateOf(code) };
    const result = composeDocument({ ...source, evidenceIds });
    if (!result.ok) throw new Error(result.refusal.messageZh);
    expect(text(result.document), code).not.toContain("电子技术监控记录");
    expect(text(result.document), code).not.toContain("通过本机关提交");
    expect(text(composed(code)), code).toContain("电子技术监控记录");
  }
});

describe("remedies", () => {
  it("come in order where the penalty was given on the spot", () => {
    const { decision } = sampleCase();
    const simplified = decision === null ? null : { ...decision, docId: "doc-D03", simplified: true };
    const document = text(composed("D03", { decision: simplified }));
    expect(document).toContain("应当先自收到本决定书之日起六十日内向成都市锦江区人民政府申请行政复议");
    expect(document).toContain("自收到行政复议决定书之日起十五日内");
    expect(document).not.toContain("直接向");
  });

  it.each(["D02", "D08", "D09", "D17"] as const)("stand in %s", (code) => {
    expect(text(composed(code))).toMatch(/六十日内向.*申请行政复议.*六个月内直接向.*提起行政诉讼/);
  });

  it("name the way through this agency only for camera records", () => {
    const witness = sampleCase().evidence.filter(({ kind }) => kind !== "camera_record");
    expect(text(composed("D09"))).toContain("行政复议申请也可以通过本机关提交");
    expect(text(composed("D09", { evidence: witness }))).not.toContain("通过本机关提交");
  });
});

it("addresses a letter to whom the step named, also after something was served on the party", () => {
  const services = sampleCase().services.slice(0, 2);
  expect(services.at(-1)?.details.receiver).toBe("张守义");
  for (const code of ["D20", "D21"] as const) {
    const [first] = composed(code, { services }).blocks;
    expect(first).toMatchObject({ text: `${String(sampleSource(code).draft.fields.receiver)}：` });
  }
});

it("refuses an order from officers whose certificates nobody knows", () => {
  expect(missingOf("D02", { handlers: ["a", "leader"] })).toContain("执法人员及证号");
});

describe("a template's faults", () => {
  const sound = structuredClone(templateOf("D21")) as unknown as Record<string, unknown>;
  const faultsOf = (changes: Record<string, unknown>) => {
    try {
      templateFromUnknown({ ...sound, ...changes }, "documents/D21.json");
      return [];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      expect(error.message).toContain("documents/D21.json");
      return error.faults.map(({ path, message }) => `${path}: ${message}`);
    }
  };
  const field = (name: string, kind = "text") => ({ name, zh: name, kind, required: true });
  const paragraph = (words: string) => ({ kind: "paragraph", text: words });

  it("are none for what ships", () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each([
    [
      "an unknown field",
      { fields: [], body: [paragraph("{{name}}")] },
      'body[0].text: there is no field "name"',
    ],
    ["an unused one", { fields: [field("name")], body: [paragraph("无")] }, 'fields[0]: nothing uses "name"'],
    [
      "an unknown law",
      { fields: [], body: [paragraph("{{law:nolaw:3}}")] },
      'body[0].text: there is no law "nolaw"',
    ],
    [
      "a law without article",
      { fields: [], body: [paragraph("{{law:xzcf}}")] },
      "body[0].text: a law is cited",
    ],
    [
      "an unknown parameter",
      { fields: [], body: [paragraph("{{param:x.y}}")] },
      'body[0].text: there is no parameter "x.y"',
    ],
    [
      "a rate that is none",
      { fields: [], body: [paragraph("{{rate:payment.period}}")] },
      "is a period, not a rate",
    ],
    [
      "an open placeholder",
      { fields: [], body: [paragraph("{{name")] },
      "body[0].text: a placeholder is not closed",
    ],
    [
      "a list that is a text",
      { fields: [field("name")], body: [{ kind: "list", field: "name" }] },
      'body[0].field: "name" is a text',
    ],
    [
      "an unknown condition",
      { fields: [], body: [{ ...paragraph("无"), when: "!name" }] },
      "body[0].when: there is no field",
    ],
    ["an unknown key", { colour: "red" }, "colour: unknown key"],
    ["an end before the start", { validTo: "2020-01-01" }, "validTo: ends before it begins"],
  ])("name %s with its path", (_, changes, fault) => {
    expect(faultsOf(changes).join("\n")).toContain(fault);
  });
});

describe("an agency's own wording", () => {
  function withFolder<Result>(files: Record<string, unknown>, use: (folder: string) => Result): Result {
    const folder = mkdtempSync(join(tmpdir(), "templates-"));
    try {
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(folder, name), JSON.stringify(content));
      return use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const own = { ...templateOf("D21"), version: "own", validFrom: "2026-02-01", validTo: "2026-04-30" };

  it("goes before the one that ships while it is in force", () => {
    withFolder({ "D21.json": own }, (folder) => {
      const registry = loadTemplates(folder);
      expect(registry.on("D21", "2026-01-31")?.version).toBe("2026-1");
      expect(registry.on("D21", "2026-02-01")?.version).toBe("own");
      expect(registry.on("D21", "2026-05-01")?.version).toBe("2026-1");
    });
  });

  it("may not have two versions at once, nor be no JSON", () => {
    withFolder({ "a.json": own, "b.json": { ...own, validFrom: "2026-04-30", validTo: null } }, (folder) => {
      expect(() => loadTemplates(folder)).toThrow(/b\.json[\s\S]*a\.json/);
    });
    withFolder({}, (folder) => {
      writeFileSync(join(folder, "c.json"), "{");
      expect(() => loadTemplates(folder)).toThrow(/c\.json/);
    });
  });
});

it("lists in a case's catalogue what was issued before it and beside it, by day", () => {
  const source = sampleSource("N17");
  const beside = (docId: string, issuedOn: string) => ({
    ...{ docId, issuedOn, number: "锦综（城）责改字〔2026〕第003号" },
    ...{ code: "D02" as const, replaces: null },
  });
  const of = (besideCase: readonly ReturnType<typeof beside>[]) => {
    const result = composeDocument({ ...source, ...world, besideCase, template: templateOf("N17") });
    if (!result.ok) throw new Error(result.refusal.messageZh);
    return result.document.data.documentRows as readonly (readonly string[])[];
  };
  const own = of([]);
  const rows = of([beside("doc_later", "2030-01-01"), beside("doc_before", "2020-01-01")]);
  expect(rows.map(([count]) => count)).toEqual(rows.map((_, index) => String(index + 1)));
  expect(rows).toHaveLength(own.length + 2);
  expect(rows[0]?.slice(1, 3)).toEqual(["责令改正通知书", "锦综（城）责改字〔2026〕第003号"]);
  expect(rows.at(-1)?.[3]).toBe("2030年1月1日");
});
