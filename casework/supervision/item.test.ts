import { describe, expect, it } from "vitest";
import { loadTemplates } from "../../config/documents.ts";
import { composeDocument } from "../documents/compose.ts";
import type { Actor, RoleId } from "../roles.ts";
import { type ItemStanding, refuseClosing, refuseReply } from "./item.ts";
import { documentDraftOf } from "./item-document.ts";
import { goodCase, goodFacts } from "./testing/good-case.ts";

const user = (userId: string, ...roles: RoleId[]): Actor => ({ kind: "user", userId, roles });
const item = (other: Partial<ItemStanding> = {}): ItemStanding => ({
  ...{ state: "open", raisedBy: null, handlers: ["officer-a"] },
  ...other,
});

describe("answering an item", () => {
  const code = (standing: ItemStanding, actor: Actor, reply = "已补充审核") =>
    refuseReply(standing, actor, reply)?.code ?? null;

  it("is for an officer of the case or the head of the unit, until it is closed", () => {
    expect(code(item(), user("officer-a", "officer"))).toBeNull();
    expect(code(item(), user("head", "unit_head"))).toBeNull();
    expect(code(item({ state: "answered" }), user("officer-a", "officer"))).toBeNull();
    expect(code(item(), user("officer-z", "officer"))).toBe("supervision.not_handler");
    expect(code(item(), { kind: "system", name: "x" })).toBe("supervision.not_handler");
    expect(code(item({ state: "closed" }), user("officer-a", "officer"))).toBe("supervision.closed");
    expect(code(item(), user("officer-a", "officer"), "  ")).toBe("supervision.reply_required");
  });
});

describe("closing an item", () => {
  const city = user("city", "city_supervisor");
  const province = user("province", "province_supervisor");
  const code = (
    standing: ItemStanding,
    actor: Actor,
    outcome: "corrected" | "unfounded" = "corrected",
    note = "属实",
  ) => refuseClosing(standing, actor, { outcome, note })?.code ?? null;

  it("waits for the answer, unless nothing is in it", () => {
    expect(code(item(), city)).toBe("supervision.not_answered");
    expect(code(item(), city, "unfounded")).toBeNull();
    expect(code(item({ state: "answered" }), city)).toBeNull();
    expect(code(item({ state: "closed" }), city)).toBe("supervision.closed");
    expect(code(item({ state: "answered" }), city, "corrected", " ")).toBe("supervision.note_required");
  });

  it("is not for those below who raised it", () => {
    const raised = item({ state: "answered", raisedBy: "province" });
    expect(code(raised, city)).toBe("supervision.not_raiser");
    expect(code(raised, province)).toBeNull();
    expect(code(item({ state: "answered", raisedBy: "city" }), city)).toBeNull();
    expect(code(item({ state: "answered", raisedBy: "city" }), province)).toBeNull();
    expect(code(item({ state: "answered" }), { kind: "system", name: "x" })).toBe("supervision.not_raiser");
  });
});

describe("the letter of an item (N20)", () => {
  const raised = {
    ...{ checkCode: "SP04", messageZh: "应当进行法制审核，没有审核即作出决定。", dueOn: "2026-09-23" },
    ...{ supervisor: null, reply: null },
  };

  it("can be issued as it is", () => {
    const draft = documentDraftOf(raised, "doc-20");
    const template = loadTemplates().on("N20", "2026-09-14");
    if (template === undefined) throw new Error("no template for N20");
    const { agency, matter, parameters, person } = goodFacts();
    const composed = composeDocument({
      ...{ template, draft, agency, matter, parameters, code: "N20", file: goodCase(), people: person },
      ...{ number: "武综执督字〔2026〕第001号", issuedOn: "2026-09-14", cite: ({ article }) => article },
    });
    if (!composed.ok) throw new Error(composed.refusal.messageEn);
    const text = JSON.stringify(composed.document.blocks);
    for (const part of ["SP04", "法制审核", "没有审核即作出决定", "2026年9月23日", "系统自动检查"])
      expect(text).toContain(part);
  });

  it("names who raised it, and holds the reply", () => {
    const { fields } = documentDraftOf(
      { ...raised, checkCode: "manual", supervisor: "王督查", reply: "已整改" },
      "d",
    );
    expect(fields).toMatchObject({
      checkCode: "人工督办",
      checkName: null,
      supervisor: "王督查",
      reply: "已整改",
    });
  });
});
