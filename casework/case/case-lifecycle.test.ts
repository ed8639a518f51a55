import { describe, expect, it } from "vitest";
import { type Actor, type RoleId, roleIds } from "../roles.ts";
import { type CaseMove, openCaseActions, transitionCase } from "./case-lifecycle.ts";
import { formatCaseNo } from "./case-number.ts";
import { type CaseState, caseStates } from "./case-states.ts";
import { type CaseFacts, filingFaults } from "./filing-guards.ts";

const now = Date.parse("2026-03-10T09:00:00+08:00");

function person(userId: string, ...roles: RoleId[]): Actor {
  return { kind: "user", userId, roles };
}
const officer = person("ann", "officer");
const head = person("hu", "unit_head");
const leader = person("lu", "agency_leader");

function facts(overrides: Partial<CaseFacts> = {}): CaseFacts {
  return {
    state: "clue_verification",
    handlers: [
      { userId: "ann", roles: ["officer"] },
      { userId: "bo", roles: ["officer"] },
    ],
    endorsedBy: null,
    actEndedAt: now - 86_400_000,
    cameraRecord: { confirmed: true, useAuthority: "lead_only" },
    officerRecord: "现场检查笔录",
    ...overrides,
  };
}

function codeOf(given: CaseFacts, action: CaseMove["action"], actor: Actor, reason = "已有许可"): string {
  const move: CaseMove = action === "decline_filing" ? { action, reason } : { action };
  const result = transitionCase(given, move, actor, now);
  return result.ok ? result.next : result.refusal.code;
}

const pending = { state: "filing_pending" } as const;
const endorsed = { ...pending, endorsedBy: "hu" } as const;

describe("case lifecycle", () => {
  it("goes from the clue through both levels to the file", () => {
    expect(codeOf(facts(), "submit_filing", officer)).toBe("filing_pending");
    expect(codeOf(facts(pending), "endorse_filing", head)).toBe("filing_pending");
    expect(codeOf(facts(endorsed), "approve_filing", leader)).toBe("filed");
    expect(codeOf(facts(), "decline_filing", leader)).toBe("not_filed");
    expect(codeOf(facts(endorsed), "decline_filing", leader)).toBe("not_filed");
  });

  it("knows no other way", () => {
    const everyone = person("zoe", ...roleIds);
    const open = (Object.keys(caseStates) as CaseState[]).flatMap((state) =>
      openCaseActions(facts({ state, endorsedBy: null }), everyone).map((action) => [state, action]),
    );
    expect(open).toEqual([
      ["clue_verification", "submit_filing"],
      ["clue_verification", "decline_filing"],
      ["filing_pending", "endorse_filing"],
      ["filing_pending", "decline_filing"],
    ]);
    expect(openCaseActions(facts(endorsed), everyone)).toEqual(["approve_filing", "decline_filing"]);
  });

  it.each([
    ["submit_filing", "officer", facts()],
    ["endorse_filing", "unit_head", facts(pending)],
    ["approve_filing", "agency_leader", facts(endorsed)],
    ["decline_filing", "agency_leader", facts(pending)],
  ] as const)("%s is for the %s alone", (action, only, given) => {
    const able = roleIds.filter((role) => {
      const self = action === "submit_filing" ? "ann" : "zoe";
      return !codeOf(given, action, person(self, role)).startsWith("permission.");
    });
    expect(able).toEqual([only]);
    expect(codeOf(given, action, { kind: "system", name: "clock" })).toBe("permission.person_required");
  });

  it("keeps the signatures apart", () => {
    expect(codeOf(facts(), "submit_filing", person("zoe", "officer"))).toBe("filing.not_handler");
    expect(codeOf(facts(pending), "approve_filing", leader)).toBe("filing.not_endorsed");
    expect(codeOf(facts(pending), "endorse_filing", person("bo", "unit_head"))).toBe(
      "duty.handler_approves_own_case",
    );
    expect(codeOf(facts(endorsed), "approve_filing", person("bo", "agency_leader"))).toBe(
      "duty.handler_approves_own_case",
    );
    expect(codeOf(facts(endorsed), "approve_filing", person("hu", "agency_leader"))).toBe(
      "duty.two_levels_one_person",
    );
    expect(codeOf(facts(endorsed), "endorse_filing", person("he", "unit_head"))).toBe("case.illegal_move");
  });

  it("declines only with a reason", () => {
    expect(codeOf(facts(), "decline_filing", leader, "\n")).toBe("filing.reason_required");
  });

  it("asks the guards again at every signature", () => {
    const alone = { handlers: [{ userId: "ann", roles: ["officer"] }] } as const;
    expect(codeOf(facts(alone), "submit_filing", officer)).toBe("filing.two_officers_required");
    expect(codeOf(facts({ ...pending, ...alone }), "endorse_filing", head)).toBe(
      "filing.two_officers_required",
    );
    expect(codeOf(facts({ ...endorsed, ...alone }), "approve_filing", leader)).toBe(
      "filing.two_officers_required",
    );
  });
});

describe("filing guards", () => {
  const codes = (overrides: Partial<CaseFacts>, at = now) =>
    filingFaults(facts(overrides), at).map((fault) => fault.code);

  it("finds nothing against a sound case", () => {
    expect(codes({})).toEqual([]);
  });

  it("wants two officers: two people, and officers both", () => {
    const two = (userId: string, role: RoleId) => [
      { userId: "ann", roles: ["officer" as const] },
      { userId, roles: [role] },
    ];
    expect(codes({ handlers: two("ann", "officer") })).toEqual(["filing.two_officers_required"]);
    expect(codes({ handlers: two("bo", "auxiliary") })).toEqual(["filing.two_officers_required"]);
    const third = [...two("bo", "officer"), { userId: "cai", roles: ["auxiliary" as const] }];
    expect(codes({ handlers: third })).toEqual(["filing.two_officers_required"]);
  });

  it("takes a camera's record for evidence only when confirmed, and alone only with authority", () => {
    const record = (useAuthority: "lead_only" | "corroborative" | "sole_evidence", confirmed = true) =>
      codes({ cameraRecord: { confirmed, useAuthority }, officerRecord: null });
    expect(record("lead_only")).toEqual(["filing.officer_record_required"]);
    expect(record("corroborative")).toEqual([]);
    expect(record("sole_evidence")).toEqual([]);
    expect(record("sole_evidence", false)).toEqual(["filing.record_not_confirmed"]);
    expect(codes({ cameraRecord: null, officerRecord: null })).toEqual(["filing.officer_record_required"]);
    expect(codes({ cameraRecord: null })).toEqual([]);
  });

  it.each([
    ["2024-03-10T23:59:00+08:00", "2026-03-10T23:59:59+08:00", []],
    ["2024-03-10T00:00:00+08:00", "2026-03-11T00:00:00+08:00", ["filing.time_barred"]],
    // 07:59 in Shanghai is still the day before in Greenwich; the local date counts.
    ["2024-03-09T16:30:00Z", "2026-03-10T15:59:59Z", []],
    // No 29 February two years on: the last day of the month.
    ["2024-02-29T12:00:00+08:00", "2026-02-28T23:00:00+08:00", []],
    ["2024-02-29T12:00:00+08:00", "2026-03-01T00:00:00+08:00", ["filing.time_barred"]],
  ])("counts two years from %s: at %s %j", (ended, at, expected) => {
    expect(codes({ actEndedAt: Date.parse(ended) }, Date.parse(at))).toEqual(expected);
  });

  it("names the article and says it in both languages", () => {
    const everything = filingFaults(
      facts({
        handlers: [],
        cameraRecord: { confirmed: false, useAuthority: "lead_only" },
        officerRecord: null,
        actEndedAt: 0,
      }),
      now,
    );
    expect(everything.map((fault) => fault.article)).toEqual([
      "xzcf:42",
      "xzcf:41(2)",
      "xzcf:41(1)",
      "xzcf:36",
    ]);
    for (const fault of everything) {
      expect(fault.messageZh).toMatch(/\p{Script=Han}/u);
      expect(fault.messageEn).toMatch(/^[A-Z]/);
    }
  });
});

describe("case number", () => {
  it("tells region, agency, year and place in the series", () => {
    const of = (seq: number) => formatCaseNo({ region: "510107", agencySeq: "01", year: 2026, seq });
    expect([of(1), of(42), of(1234)]).toEqual([
      "51010701-2026-001",
      "51010701-2026-042",
      "51010701-2026-1234",
    ]);
  });
});
