import { describe, expect, it } from "vitest";
import { audibleKinds, mayHear, shownCounts, shownEvent } from "./event-view.ts";

const event = {
  entryId: "tle_1",
  kind: "case",
  id: "case_1",
  action: "open",
  from: null,
  to: "clue_verification",
  at: "2026-03-10T01:00:00.000Z",
  region: "510107",
} as const;

describe("what somebody may hear of", () => {
  it("depends on the role: who reviews records hears of no case", () => {
    const regions = ["510107"];
    expect(mayHear({ roles: ["officer"], regions }, event)).toBe(true);
    expect(mayHear({ roles: ["content_reviewer"], regions }, event)).toBe(false);
    expect(mayHear({ roles: ["content_reviewer"], regions }, { ...event, kind: "warning" })).toBe(true);
    expect(audibleKinds(["content_reviewer"])).toEqual(["incident", "warning"]);
    expect(audibleKinds(["archivist"])).toEqual(["case"]);
    expect(audibleKinds(["system_admin"])).toEqual([]);
  });

  it("depends on the place", () => {
    const hears = (regions: string[]) => mayHear({ roles: ["officer"], regions }, event);
    expect([["510107"], ["510100"], ["110000", "510000"]].map(hears)).toEqual([true, true, true]);
    expect([["510108"], ["110000"], []].map(hears)).toEqual([false, false, false]);
  });

  it("is no more than that it happened", () => {
    expect(Object.keys(shownEvent(event))).toEqual(["kind", "id", "action", "from", "to", "at"]);
  });

  it("counts only what the role may see", () => {
    const counts = { reviewPending: 3, persuading: 2, deadLetters: 1, casesByState: { filed: 4 } };
    expect(shownCounts(["officer"], counts)).toEqual({
      review_pending: 3,
      persuading: 2,
      dead_letters: 1,
      cases_by_state: { filed: 4 },
    });
    expect(shownCounts(["content_reviewer"], counts)).toEqual({ review_pending: 3, persuading: 2 });
    expect(shownCounts(["archivist"], counts)).toEqual({ cases_by_state: { filed: 4 } });
  });
});
