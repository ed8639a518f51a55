import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { composeDocument } from "../../casework/documents/compose.ts";
import type { ComposedBlock, ComposedDocument } from "../../casework/documents/composed-document.ts";
import { sampleSource } from "../../casework/documents/testing/sample-case.ts";
import { loadTemplates } from "../../config/documents.ts";
import { formalCitation } from "../../config/laws.ts";
import { parametersOn } from "../../config/parameters.ts";
import { MissingGlyphError } from "./errors.ts";
import { typesetPdf } from "./typeset-pdf.ts";

const { all } = loadTemplates();
const parameters = parametersOn("2026-03-10");

function sample(code: string): ComposedDocument {
  const template = all.find((one) => one.code === code);
  if (template === undefined) throw new Error(`no template for ${code}`);
  const result = composeDocument({
    ...sampleSource(template.code),
    template,
    parameters,
    cite: formalCitation,
  });
  if (!result.ok) throw new Error(result.refusal.messageZh);
  return result.document;
}

const withBlocks = (blocks: readonly ComposedBlock[]) => ({ ...sample("D21"), blocks });
const paragraph = (text: string): ComposedBlock => ({ kind: "paragraph", text, indent: true, align: "left" });

const pages = (pdf: Buffer) => pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;

/** Letters shown on all pages together: two bytes each, in hexadecimal between brackets. */
function lettersShown(pdf: Buffer): number {
  const text = pdf.toString("latin1");
  let letters = 0;
  for (const match of text.matchAll(/\/Length (\d+)[^>]*>>\nstream\n/g)) {
    const start = match.index + match[0].length;
    const bytes = pdf.subarray(start, start + Number(match[1]));
    if (bytes[0] !== 0x78) continue;
    const content = inflateSync(bytes).toString("latin1");
    if (!content.includes("BT")) continue;
    for (const [, hex] of content.matchAll(/<([0-9a-f]+)>/g)) letters += (hex?.length ?? 0) / 4;
  }
  return letters;
}

describe("typesetPdf", () => {
  it("makes the same bytes again, cold and warm", async () => {
    const first = await typesetPdf(sample("D09"));
    await typesetPdf(sample("N17"));
    expect((await typesetPdf(sample("D09"))).equals(first)).toBe(true);
  });

  it.each(all.map(({ code }) => code))("sets %s with fonts embedded", async (code) => {
    const pdf = await typesetPdf(sample(code));
    expect(pdf.subarray(0, 8).toString()).toBe("%PDF-1.7");
    expect(pages(pdf)).toBeGreaterThan(0);
    const raw = pdf.toString("latin1");
    // Whole files would fill the report of a failure.
    const holds = (part: string) => raw.includes(part);
    expect({
      lang: holds("/Lang (zh-CN)"),
      fonts: holds("/FontFile2"),
      day: holds("(D:20260309160000Z)"),
    }).toEqual({
      lang: true,
      fonts: true,
      day: true,
    });
  });

  it("grows by pages, and shows every letter once", async () => {
    const short = await typesetPdf(withBlocks([paragraph("甲".repeat(10))]));
    const long = await typesetPdf(withBlocks([paragraph("甲".repeat(3_010))]));
    expect(pages(short)).toBe(1);
    // 28 letters a line, 22 lines a page
    expect(pages(long)).toBe(6);
    // Each further page also has its head and another footer.
    const perPage =
      lettersShown(await typesetPdf(withBlocks([paragraph("甲".repeat(1_010))]))) -
      lettersShown(short) -
      1_000;
    expect(lettersShown(long) - lettersShown(short) - 3_000).toBeGreaterThanOrEqual(perPage);
  });

  it("continues a form's long row on the next page, without losing a letter", async () => {
    const row = (letters: number): ComposedBlock => ({
      kind: "table",
      rows: [{ cells: [{ label: "内容", text: "乙".repeat(letters) }], lines: 1 }],
    });
    const short = await typesetPdf(withBlocks([row(10)]));
    const long = await typesetPdf(withBlocks([row(2_410)]));
    expect(pages(long)).toBeGreaterThan(1);
    const furniture = (pages(long) - 1) * 60;
    const more = lettersShown(long) - lettersShown(short);
    expect(more).toBeGreaterThanOrEqual(2_400);
    expect(more).toBeLessThan(2_400 + furniture);
  });

  it("ends for a blank row higher than a page", async () => {
    const blank: ComposedBlock = {
      kind: "table",
      rows: [{ cells: [{ label: "内容", text: "" }], lines: 200 }],
    };
    expect(pages(await typesetPdf(withBlocks([blank])))).toBe(2);
  });

  it("says on every page that a draft is one", async () => {
    const document = withBlocks([paragraph("甲".repeat(1_500))]);
    const issued = lettersShown(await typesetPdf(document));
    const draft = await typesetPdf({ ...document, preview: true });
    expect(lettersShown(draft) - issued).toBe(pages(draft) * "草稿　未制发".length);
  });

  it("shows a stand-in for a sign no font has", async () => {
    await expect(typesetPdf(withBlocks([paragraph("好的\u{1F600}")]))).resolves.toBeInstanceOf(Buffer);
  });

  // Unassigned to any font here: CJK Extension I.
  const RARE = "\u{2EBF0}";

  it("shows the code of a rare letter in what somebody wrote", async () => {
    const rare = lettersShown(await typesetPdf(withBlocks([paragraph(`我叫${RARE}`)])));
    const plain = lettersShown(await typesetPdf(withBlocks([paragraph("我叫甲")])));
    expect(rare - plain).toBe("〔U+2EBF0〕".length - 1);
    const table: ComposedBlock = {
      kind: "table",
      rows: [{ cells: [{ label: "内容", text: RARE }], lines: 1 }],
    };
    await expect(typesetPdf(withBlocks([table]))).resolves.toBeInstanceOf(Buffer);
  });

  it.each(["partyName", "decidedBy"])(
    "refuses a rare letter in a name (%s), and says which",
    async (field) => {
      const document = withBlocks([paragraph("甲")]);
      const named = { ...document, data: { ...document.data, [field]: `王${RARE}` } };
      await expect(typesetPdf(named)).rejects.toThrow(MissingGlyphError);
      await expect(typesetPdf(named)).rejects.toMatchObject({
        refusal: { messageZh: expect.stringContaining(`${RARE}（U+2EBF0）`) },
      });
    },
  );
});
