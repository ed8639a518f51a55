import { afterEach, describe, expect, it } from "vitest";
import { composeDocument } from "../../casework/documents/compose.ts";
import type { ComposedDocument } from "../../casework/documents/composed-document.ts";
import { sampleSource } from "../../casework/documents/testing/sample-case.ts";
import { loadTemplates } from "../../config/documents.ts";
import { formalCitation } from "../../config/laws.ts";
import { parametersOn } from "../../config/parameters.ts";
import { PressRoom } from "./press-room.ts";
import { typesetPdf } from "./typeset-pdf.ts";

function sample(code: "D09" | "N17", agency?: string): ComposedDocument {
  const template = loadTemplates().all.find((one) => one.code === code);
  if (template === undefined) throw new Error(`no template for ${code}`);
  const parameters = parametersOn("2026-03-10");
  const result = composeDocument({ ...sampleSource(code), template, parameters, cite: formalCitation });
  if (!result.ok) throw new Error(result.refusal.messageZh);
  return { ...result.document, ...(agency === undefined ? {} : { agency }) };
}

const crashing = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", ({ id, document }) => {
    if (document.title === "crash") throw new Error("out of ink");
    parentPort.postMessage({ id, type: "set", pdf: new Uint8Array([1, 2, 3]) });
  });
`)}`,
);

describe("PressRoom", () => {
  const open: PressRoom[] = [];
  const roomOf = (program?: URL) => {
    const room = program === undefined ? new PressRoom() : new PressRoom(program);
    open.push(room);
    return room;
  };
  afterEach(async () => {
    for (const room of open.splice(0)) await room.close();
  });

  it("sets the same bytes as here, several documents at once, each for whoever asked", async () => {
    const room = roomOf();
    const documents = [sample("D09"), sample("N17"), sample("D09")];
    const set = await Promise.all(documents.map((document) => room.typeset(document)));
    const here = await Promise.all(documents.map((document) => typesetPdf(document)));
    expect(set.map((pdf, index) => pdf.equals(here[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
  });

  it("leaves the program free while it sets", async () => {
    const room = roomOf();
    const document = sample("D09");
    await room.typeset(document);
    const long = { ...document, blocks: Array.from({ length: 10 }, () => document.blocks).flat() };
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    await room.typeset(long);
    clearInterval(turning);
    // Set in this thread it would leave no turn, or one.
    expect(turns).toBeGreaterThan(5);
  });

  it("passes a refusal on with its code", async () => {
    const room = roomOf();
    // Unassigned to any font here: CJK Extension I.
    await expect(room.typeset(sample("D09", "\u{2EBF0}"))).rejects.toMatchObject({
      code: "document.glyph_missing",
      refusal: { messageZh: expect.stringContaining("\u{2EBF0}") },
    });
  });

  it("tells everybody who waits when the thread crashes, and sets the next document in a new one", async () => {
    const room = roomOf(crashing);
    const document = sample("D09");
    const both = [room.typeset({ ...document, title: "crash" }), room.typeset(document)];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map((one) => one.status === "rejected" && one.reason.code)).toEqual([
      "document.press_failed",
      "document.press_failed",
    ]);
    expect([...(await room.typeset(document))]).toEqual([1, 2, 3]);
  });

  it("sets nothing once it is closed", async () => {
    const room = roomOf();
    const waiting = expect(room.typeset(sample("D09"))).rejects.toMatchObject({
      code: "document.press_failed",
    });
    await room.close();
    await waiting;
    await expect(room.typeset(sample("D09"))).rejects.toThrow("closed");
  });
});
