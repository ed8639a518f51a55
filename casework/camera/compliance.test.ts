import { describe, expect, it } from "vitest";
import { testParameters } from "../case/testing/parameters.ts";
import { fixtureCalendar } from "../clocks/testing/fixture-calendar.ts";
import { cameraFaults, complianceOn } from "./compliance.ts";
import type { CameraRecords } from "./compliance-records.ts";
import { authority, goodRecords, inspection, listing, review } from "./testing/records.ts";
import { useAuthorityOn } from "./use-authority.ts";

const parameters = testParameters({
  "camera.publishLead": { count: 30, unit: "CD" },
  "camera.signRecheck": { count: 12, unit: "MO" },
});

const rulesOn = (date: string, records: Partial<CameraRecords> = {}) =>
  cameraFaults(goodRecords(records), date, parameters, fixtureCalendar).map(({ rule }) => rule);
const later = (date: string) => Date.parse(`${date}T01:00:00Z`);
const technical = review({ kind: "technical" });

describe("a camera's faults on a day", () => {
  it("are none where everything is in order, and all where nothing is on record", () => {
    expect(rulesOn("2026-03-10")).toEqual([]);
    const nothing = { reviews: [], listings: [], inspections: [] };
    expect(rulesOn("2026-03-10", nothing)).toEqual(["B-01", "B-01", "B-02", "B-03", "B-04"]);
  });

  it("B-01: both reviews cover the day, the first and the last included", () => {
    const reviews = [
      review({ validFrom: "2026-03-01", validTo: "2026-03-10" }),
      review({ kind: "technical", validFrom: "2026-03-10", validTo: "2026-03-31" }),
    ];
    expect(rulesOn("2026-03-10", { reviews })).toEqual([]);
    expect(rulesOn("2026-03-09", { reviews })).toEqual(["B-01"]);
    expect(rulesOn("2026-03-11", { reviews })).toEqual(["B-01"]);
    expect(rulesOn("2026-03-10", { reviews: [technical] })).toEqual(["B-01"]);
  });

  it("B-01: a later failed review spoils it from its day on, until somebody passes it again", () => {
    const failed = review({
      passed: false,
      validFrom: "2026-04-01",
      validTo: null,
      at: later("2026-04-03"),
    });
    const again = review({ validFrom: "2026-05-01", validTo: "2027-04-30", at: later("2026-05-01") });
    const reviews = [again, review(), technical, failed];
    expect(
      ["2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01"].map((day) => rulesOn(day, { reviews })),
    ).toEqual([[], ["B-01"], ["B-01"], []]);
    expect(rulesOn("2026-12-30", { reviews: [review(), technical, failed] })).toEqual(["B-01"]);
  });

  it("B-01: one person's two reviews are not two", () => {
    const reviews = [
      review({ reviewer: "all-rounder" }),
      review({ kind: "technical", reviewer: "all-rounder" }),
    ];
    expect(rulesOn("2026-03-10", { reviews })).toEqual(["B-01"]);
  });

  it("B-20: a forbidden place", () => {
    const findings = { lawful_place: { ok: false, note: "更衣室门口" } };
    const reviews = [review({ passed: false, validTo: null, findings }), technical];
    expect(rulesOn("2026-03-10", { reviews })).toEqual(["B-01", "B-20"]);
  });

  it("B-02: published long enough before, and in use by then", () => {
    const on = (day: string, other = {}) => rulesOn(day, { listings: [listing(other)] });
    expect(on("2026-02-03")).toEqual(["B-02"]);
    expect(on("2026-02-04")).toEqual([]);
    expect(on("2026-02-28", { useFrom: "2026-03-01" })).toEqual(["B-02"]);
    expect(on("2026-03-01", { useFrom: "2026-03-01" })).toEqual([]);
    expect(on("2026-03-10", { publishedOn: "2026-03-11" })).toEqual(["B-02"]);
  });

  it("B-02: taken off the list counts from that day, and being back starts anew", () => {
    const off = listing({ listed: false, publishedOn: "2026-03-10", at: later("2026-03-10") });
    const back = listing({ publishedOn: "2026-03-20", at: later("2026-03-20") });
    const listings = [listing(), off, back];
    expect(
      ["2026-03-09", "2026-03-10", "2026-04-18", "2026-04-19"].map((day) => rulesOn(day, { listings })),
    ).toEqual([[], ["B-02"], ["B-02"], []]);
  });

  it("B-03: a sign with its photo, looked at again in time", () => {
    const maintenance = inspection({ kind: "maintenance", nextDue: "2027-12-31" });
    const reviews = [review({ validTo: "2027-12-31" }), review({ kind: "technical", validTo: "2027-12-31" })];
    const on = (day: string, other = {}) =>
      rulesOn(day, { reviews, inspections: [inspection(other), maintenance] });
    expect(on("2027-01-05")).toEqual([]);
    expect(on("2027-01-06")).toEqual(["B-03"]);
    expect(on("2026-03-10", { fileSha256: null })).toEqual(["B-03"]);
    expect(on("2026-03-10", { doneOn: "2026-03-11" })).toEqual(["B-03"]);
    const gone = inspection({ passed: false, doneOn: "2026-03-10", at: later("2026-03-10") });
    expect(rulesOn("2026-03-10", { inspections: [gone, inspection(), maintenance] })).toEqual(["B-03"]);
  });

  it("B-04: upkeep not overdue, the view as it was when the zones were drawn", () => {
    const sign = inspection();
    const maintenance = inspection({ kind: "maintenance", nextDue: "2026-03-10" });
    expect(rulesOn("2026-03-10", { inspections: [sign, maintenance] })).toEqual([]);
    expect(rulesOn("2026-03-11", { inspections: [sign, maintenance] })).toEqual(["B-04"]);
    const moved = inspection({ kind: "geometry", passed: false, doneOn: "2026-02-20" });
    const redrawn = inspection({ kind: "geometry", doneOn: "2026-02-20", at: moved.at + 1 });
    expect(rulesOn("2026-02-19", { inspections: [sign, maintenance, moved] })).toEqual([]);
    expect(rulesOn("2026-02-20", { inspections: [sign, maintenance, moved] })).toEqual(["B-04"]);
    // What was found wrong on a day taints that day's records, whatever was put right on it.
    expect(rulesOn("2026-02-20", { inspections: [redrawn, sign, maintenance, moved] })).toEqual(["B-04"]);
    expect(rulesOn("2026-02-21", { inspections: [redrawn, sign, maintenance, moved] })).toEqual([]);
  });
});

describe("what the desk is shown", () => {
  it("names every rule; a missing impact assessment is told and taints nothing", () => {
    const shown = complianceOn(goodRecords(), "2026-03-10", parameters, fixtureCalendar);
    expect(shown.map(({ rule, taints, faults }) => [rule, taints, faults.length])).toEqual([
      ["B-01", true, 0],
      ["B-02", true, 0],
      ["B-03", true, 0],
      ["B-04", true, 0],
      ["B-20", true, 0],
      ["C-09", false, 1],
    ]);
    const { inspections } = goodRecords();
    const assessed = goodRecords({
      inspections: [...inspections, inspection({ kind: "impact_assessment" })],
    });
    const last = complianceOn(assessed, "2026-03-10", parameters, fixtureCalendar).at(-1);
    expect(last).toMatchObject({ rule: "C-09", faults: [] });
  });
});

describe("what a camera's records may be used for", () => {
  const on = (day: string, ...rows: ReturnType<typeof authority>[]) => useAuthorityOn(rows, day);

  it("is a clue without a grant, before it and after it has expired", () => {
    expect(on("2026-03-10")).toBe("lead_only");
    expect(
      ["2026-01-31", "2026-02-01", "2026-06-30", "2026-07-01"].map((day) => on(day, authority())),
    ).toEqual(["lead_only", "corroborative", "corroborative", "lead_only"]);
  });

  it("is what was said last; lowered, it stays so", () => {
    const raised = authority({
      authority: "sole_evidence",
      validFrom: "2026-03-01",
      at: later("2026-03-01"),
    });
    const lowered = authority({
      authority: "lead_only",
      validFrom: "2026-04-01",
      validTo: null,
      at: later("2026-04-02"),
    });
    const rows = [lowered, authority(), raised];
    expect(["2026-02-28", "2026-03-01", "2026-04-01", "2026-06-30"].map((day) => on(day, ...rows))).toEqual([
      "corroborative",
      "sole_evidence",
      "lead_only",
      "lead_only",
    ]);
  });
});
