import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixtureCalendar } from "../clocks/testing/fixture-calendar.ts";
import { type IncidentState, incidentStates } from "../incident/incident-lifecycle.ts";
import type { Actor, RoleId } from "../roles.ts";
import {
  deletionRules,
  lastDateAfterDays,
  planDeletions,
  type RetentionFacts,
  refuseHold,
  refuseHoldRelease,
  reviewDueAt,
} from "./retention.ts";

const recordedAt = Date.parse("2026-03-10T01:00:00Z");
const inShanghai = (text: string) => Date.parse(`${text}+08:00`);
const parameters = { rawDays: 30 };
const states = Object.keys(incidentStates) as IncidentState[];

function facts(overrides: Partial<RetentionFacts> = {}): RetentionFacts {
  return {
    incidentId: "inc_1",
    state: "rejected",
    recordedAt,
    settledAt: recordedAt + 3_600_000,
    hasCase: false,
    openHolds: 0,
    ...overrides,
  };
}
const planned = (now: number, given: RetentionFacts, days = 30) =>
  planDeletions(now, [given], { rawDays: days }).length === 1;

describe("the time evidence is kept", () => {
  it("runs thirty whole local days, the day of the recording not counted", () => {
    expect(lastDateAfterDays(recordedAt, 30)).toBe("2026-04-09");
    expect(planned(inShanghai("2026-04-09T23:59:59.999"), facts())).toBe(false);
    expect(planDeletions(inShanghai("2026-04-10T00:00:00"), [facts()], parameters)).toEqual([
      { incidentId: "inc_1", rule: "rejected", keptThrough: "2026-04-09" },
    ]);
  });

  it("goes by the date in Shanghai, not in Greenwich", () => {
    const lateInTheEvening = facts({ recordedAt: inShanghai("2026-03-10T23:59:59") });
    const earlyNextDay = facts({ recordedAt: inShanghai("2026-03-11T00:00:00") });
    expect(planned(inShanghai("2026-04-10T00:00:00"), lateInTheEvening)).toBe(true);
    expect(planned(inShanghai("2026-04-10T23:59:59"), earlyNextDay)).toBe(false);
  });

  it("is longer where the parameter says so", () => {
    expect(planned(inShanghai("2026-06-08T23:59:59"), facts(), 90)).toBe(false);
    expect(planned(inShanghai("2026-06-09T00:00:00"), facts(), 90)).toBe(true);
  });

  it.each(["corrected", "transferred", "work_order"] as const)(
    "counts from the day it was %s, where it was",
    (state) => {
      const settled = facts({ state, settledAt: recordedAt + 20 * 86_400_000 });
      expect(planned(inShanghai("2026-04-29T23:59:59.999"), settled)).toBe(false);
      expect(planned(inShanghai("2026-04-30T00:00:00"), settled)).toBe(true);
    },
  );

  it.each(["rejected", "expired"] as const)("counts from the recording where it was %s", (state) => {
    const settled = facts({ state, settledAt: recordedAt + 20 * 86_400_000 });
    expect(planned(inShanghai("2026-04-10T00:00:00"), settled)).toBe(true);
  });
});

describe("the time for review", () => {
  const time = { period: { count: 5, unit: "WD" }, calendar: fixtureCalendar, fallbackDays: 7 } as const;
  const dueOf = (captured: string) => reviewDueAt(inShanghai(captured), time);

  it("ends with the last whole working day in Shanghai, the day of the capture not counted", () => {
    expect(dueOf("2026-03-10T09:00:00")).toBe(inShanghai("2026-03-18T00:00:00"));
    expect(dueOf("2026-03-10T23:59:59.999")).toBe(inShanghai("2026-03-18T00:00:00"));
    expect(dueOf("2026-03-11T00:00:00")).toBe(inShanghai("2026-03-19T00:00:00"));
  });

  it("does not run out over the holidays", () => {
    expect(dueOf("2026-09-29T12:00:00")).toBe(inShanghai("2026-10-13T00:00:00"));
    expect(dueOf("2026-02-13T12:00:00")).toBe(inShanghai("2026-02-28T00:00:00"));
  });

  it("counts calendar days where a needed year has no calendar", () => {
    expect(dueOf("2027-12-30T12:00:00")).toBe(inShanghai("2028-01-07T00:00:00"));
    expect(dueOf("2028-06-30T12:00:00")).toBe(inShanghai("2028-07-08T00:00:00"));
  });

  it("is whatever period the parameter says", () => {
    const period = { count: 3, unit: "CD" } as const;
    // 13 March 2026 is a Friday; a period that would end on Sunday runs on to Monday.
    expect(reviewDueAt(inShanghai("2026-03-12T09:00:00"), { ...time, period })).toBe(
      inShanghai("2026-03-17T00:00:00"),
    );
    expect(reviewDueAt(inShanghai("2028-03-10T09:00:00"), { ...time, period })).toBe(
      inShanghai("2028-03-14T00:00:00"),
    );
  });
});

describe("what is never deleted", () => {
  const muchLater = inShanghai("2036-01-01T00:00:00");

  it.each(states.filter((state) => !Object.hasOwn(deletionRules, state)))("what is %s", (state) => {
    expect(planned(muchLater, facts({ state }))).toBe(false);
  });

  it("what is held, and what a case was made of, whatever else is true of it", () => {
    const anyFacts = fc.record({
      incidentId: fc.constant("inc_1"),
      state: fc.constantFrom(...states),
      recordedAt: fc.integer({ min: 0, max: muchLater }),
      settledAt: fc.integer({ min: 0, max: muchLater }),
      hasCase: fc.boolean(),
      openHolds: fc.nat(3),
    });
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 0, max: 2 * muchLater }), (given, now) => {
        if (given.hasCase || given.openHolds > 0) expect(planned(now, given)).toBe(false);
      }),
    );
    expect(planned(muchLater, facts({ openHolds: 1 }))).toBe(false);
    expect(planned(muchLater, facts({ hasCase: true }))).toBe(false);
  });

  it("anything younger than thirty days", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * 86_400_000 }),
        fc.constantFrom(...states),
        (ageMs, state) => {
          expect(planned(recordedAt + ageMs, facts({ state }))).toBe(false);
        },
      ),
    );
  });
});

it("plans the oldest first", () => {
  const now = inShanghai("2026-07-01T00:00:00");
  const given = [
    facts({ incidentId: "b" }),
    facts({ incidentId: "c", recordedAt: 0 }),
    facts({ incidentId: "a" }),
  ];
  expect(planDeletions(now, given, parameters).map(({ incidentId }) => incidentId)).toEqual(["c", "a", "b"]);
});

describe("a hold", () => {
  const person = (...roles: RoleId[]): Actor => ({ kind: "user", userId: "u", roles });

  it("is placed by a person with the right, for a reason", () => {
    expect(refuseHold("涉及行政复议", person("officer"))).toBeNull();
    expect(refuseHold(" ", person("officer"))?.code).toBe("hold.reason_required");
    for (const actor of [person("system_admin", "auxiliary"), { kind: "system", name: "disk" } as const])
      expect(refuseHold("磁盘已满", actor)?.code).toMatch(/^permission\./);
  });

  it("is released once, by those who answer for the law", () => {
    expect(refuseHoldRelease("复议终结", false, person("legal_reviewer"))).toBeNull();
    expect(refuseHoldRelease("", false, person("agency_leader"))?.code).toBe("hold.reason_required");
    expect(refuseHoldRelease("复议终结", true, person("agency_leader"))?.code).toBe("hold.already_released");
    for (const actor of [person("officer"), { kind: "system", name: "disk" } as const])
      expect(refuseHoldRelease("磁盘已满", false, actor)?.code).toMatch(/^permission\./);
  });
});
