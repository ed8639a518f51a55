import { describe, expect, it } from "vitest";
import { servedCase } from "../casework/case/testing/decided-case.ts";
import { TestWorld } from "../casework/case/testing/world.ts";
import { keptInput, keptWhy } from "./kept-input.ts";

const file = servedCase(new TestWorld());

describe("what a step leaves on the timeline", () => {
  it("is ids, dates and choices: nobody's words, name or address", () => {
    const served = keptInput(
      {
        step: "serve",
        ...{ docId: "doc1", method: "mail", attemptedOn: "2026-03-10", outcome: "served", on: "2026-03-12" },
        ...{ officers: ["usr1"], details: { 收件人: "张三", address: "人民路1号" } },
      },
      file,
      file,
    );
    expect(served).toEqual({
      ...{ docId: "doc1", method: "mail", attemptedOn: "2026-03-10", outcome: "served", on: "2026-03-12" },
      officers: ["usr1"],
    });
    const interview = { person: "张三", text: "我停了一会儿", signed: "signed", recording: null } as const;
    expect(
      keptInput(
        { step: "record_interview", identityChecked: true, rightsTold: true, ...interview },
        file,
        file,
      ),
    ).toEqual({ identityChecked: true, rightsTold: true, signed: "signed" });
  });

  it("leads back to the words of a statement by its id", () => {
    const statement = { statementId: "sta1", receivedOn: "2026-03-10", review: null } as const;
    const said = { about: "notice", text: "我有话说", via: "window" } as const;
    const after = { ...file, statements: [...file.statements, { ...statement, ...said }] };
    const kept = keptInput({ step: "receive_statement", ...said }, file, after);
    expect(kept).toEqual({ about: "notice", via: "window", statementId: "sta1" });
  });

  it("says why in the agency's words only", () => {
    const said = { step: "receive_statement", about: "notice", text: "我有话说", via: "window" } as const;
    const officer = { kind: "user", userId: "usr1", roles: [] } as const;
    expect(keptWhy(said, officer, "我有话说")).toBeNull();
    expect(keptWhy({ step: "suspend", reason: "等待鉴定" }, officer, "等待鉴定")).toBe("等待鉴定");
    expect(keptWhy({ step: "request_hearing" }, { kind: "party", caseId: file.caseId }, "请听证")).toBeNull();
  });
});
