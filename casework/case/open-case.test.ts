import { describe, expect, it } from "vitest";
import { type NewCase, openCase } from "./open-case.ts";
import { TestWorld, type Who } from "./testing/world.ts";

const CLUE: NewCase = {
  caseId: "case-7",
  source: "video",
  incidentIds: ["incident-1"],
  violation: "street_vending",
  agency: "wuhou-chengguan",
  region: "510107",
  ground: "repeated",
  groundNote: "本月第三次",
  act: {
    startedAt: Date.parse("2026-01-04T09:00:00+08:00"),
    endedAt: Date.parse("2026-01-04T09:30:00+08:00"),
    place: "某路口",
    summary: "占道摆摊",
    seriousHarm: false,
  },
};

function open(other: Partial<NewCase> = {}, who: Who = "officer-a") {
  const world = new TestWorld();
  return openCase({ ...CLUE, ...other }, world.actor(who), world.facts());
}

function codeOf(other: Partial<NewCase>, who?: Who): string | null {
  const result = open(other, who);
  return result.ok ? null : result.refusal.code;
}

describe("openCase", () => {
  it("opens a clue with its form, its first handler and the time to verify it", () => {
    const result = open();
    if (!result.ok) throw new Error(result.refusal.messageEn);
    expect(result.documents.map(({ code }) => code)).toEqual(["N01"]);
    expect(result.file).toMatchObject({
      state: "clue_verification",
      caseNo: null,
      openedBy: "officer-a",
      handlers: ["officer-a"],
      evidence: [],
      documents: [{ code: "N01", issuedOn: "2026-01-05", number: null }],
      clocks: [{ kind: "clue_verification", strictDue: "2026-01-20", state: "running", duty: "agency" }],
    });
  });

  it("is not for auxiliaries, leaders, the system or the party", () => {
    for (const who of ["auxiliary", "leader", "system", "party"])
      expect(codeOf({}, who)).toMatch(/^permission\./);
  });

  it("wants the incident of a clue from video, and only there", () => {
    expect(codeOf({ incidentIds: [] })).toBe("clue.incident_required");
    expect(codeOf({ incidentIds: [], source: "complaint" })).toBeNull();
  });

  it.each([
    ["clue.act_required", { place: " " }],
    ["clue.act_required", { summary: "" }],
    ["clue.act_times", { endedAt: CLUE.act.startedAt - 1 }],
    ["clue.act_times", { endedAt: Date.parse("2026-01-05T10:00:01+08:00") }],
  ])("refuses with %s: %o", (code, act) => {
    expect(codeOf({ act: { ...CLUE.act, ...act } })).toBe(code);
  });
});
