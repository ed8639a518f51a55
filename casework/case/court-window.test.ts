import { describe, expect, it } from "vitest";
import { MissingCalendarError } from "../clocks/clock.ts";
import type { CaseFile, ReviewOfDecision } from "./case-file.ts";
import { courtWindow } from "./court-window.ts";
import { suingPeriod } from "./litigation-deadline.ts";
import { fine } from "./testing/builders.ts";
import { performingCase } from "./testing/performing-case.ts";
import { TestWorld } from "./testing/world.ts";

const facts = new TestWorld().facts();
const windowOf = (changes: Partial<CaseFile> = {}, servedOn = "2026-03-10") =>
  courtWindow(performingCase(changes, { servedOn }), facts);
const review = (
  kind: NonNullable<ReviewOfDecision["outcome"]>["kind"],
  receivedOn: string,
): ReviewOfDecision => ({
  filedOn: "2026-04-01",
  via: "review_body",
  forwardedOn: null,
  outcome: { kind, receivedOn },
});
const deferredTo = (...days: string[]): Partial<CaseFile> => ({
  payment: {
    code: "pay-1",
    receipts: [],
    deferral: {
      docId: "doc-deferral",
      approvedBy: "leader",
      on: "2026-03-20",
      instalments: days.map((dueOn) => ({ dueOn, amountFen: 1_000 })),
      reason: "家庭经济确有困难",
    },
  },
});
const suit = (kind: "upheld" | "withdrawn") => ({
  litigations: [{ filedOn: "2026-05-06", court: "法院", outcome: { kind, on: "2026-06-01" } }],
});

describe("the time to sue", () => {
  it("is six months from the service", () => {
    expect(suingPeriod(performingCase(), facts)).toMatchObject({
      from: "2026-03-10",
      due: { strictDue: "2026-09-10", legalDue: "2026-09-10" },
    });
  });

  it("ends on the last day of a shorter month, rolled over its Sunday", () => {
    expect(suingPeriod(performingCase({}, { servedOn: "2026-08-31" }), facts)).toMatchObject({
      due: { strictDue: "2027-02-28", legalDue: "2027-03-01" },
    });
  });

  it("is fifteen days from the receipt of the review's decision", () => {
    expect(suingPeriod(performingCase({ reviews: [review("upheld", "2026-05-06")] }), facts)).toMatchObject({
      from: "2026-05-06",
      due: { legalDue: "2026-05-21" },
    });
  });

  it("stays as it was when the review was taken back", () => {
    const file = performingCase({ reviews: [review("withdrawn", "2026-05-06")] });
    expect(suingPeriod(file, facts)).toMatchObject({ due: { legalDue: "2026-09-10" } });
  });

  it("is open while a review or a suit runs, and before the service", () => {
    const open = { ...review("upheld", "2026-05-06"), outcome: null };
    expect(suingPeriod(performingCase({ reviews: [open] }), facts)).toEqual({ state: "in_review" });
    const running = [{ filedOn: "2026-05-06", court: "法院", outcome: null }];
    expect(suingPeriod(performingCase({ litigations: running }), facts)).toEqual({ state: "in_litigation" });
    expect(suingPeriod(performingCase({ services: [] }), facts)).toEqual({ state: "not_served" });
  });

  it("begins anew with the service of the agency's own change", () => {
    const change = {
      docId: "doc-change",
      on: "2026-06-01",
      by: "agency" as const,
      kind: "changed" as const,
      reason: "减轻",
      penalty: fine("street_vending.csdl-42", 50_000),
    };
    const file = performingCase({ changes: [change] });
    expect(suingPeriod(file, facts)).toEqual({ state: "not_served" });
    const [first] = file.services;
    if (first === undefined) throw new Error("not served");
    const services = [...file.services, { ...first, docId: "doc-change", servedOn: "2026-06-02" }];
    expect(suingPeriod({ ...file, services }, facts)).toMatchObject({ from: "2026-06-02" });
  });
});

describe("the court window", () => {
  it("opens the day after the time to sue ended and lasts three months", () => {
    expect(windowOf()).toEqual({ opensOn: "2026-09-11", closesOn: "2026-12-10" });
  });

  it("follows a time to sue that ends on a day off", () => {
    expect(windowOf({}, "2026-08-31")).toEqual({ opensOn: "2027-03-02", closesOn: "2027-06-01" });
  });

  it("closes on the working day after a holiday: 6 October becomes 8 October", () => {
    const reviews = [review("upheld", "2026-06-20")];
    // 20 June and fifteen days: 5 July, a Sunday; then three months from Monday the 6th: 6 October, a holiday.
    expect(windowOf({ reviews })).toEqual({ opensOn: "2026-07-07", closesOn: "2026-10-08" });
  });

  it("comes sooner after a review's decision", () => {
    expect(windowOf({ reviews: [review("upheld", "2026-05-06")] })).toEqual({
      opensOn: "2026-05-22",
      closesOn: "2026-08-21",
    });
  });

  it("waits for the end of a deferral, not for its first instalment", () => {
    expect(windowOf(deferredTo("2026-05-25", "2026-10-15"))).toEqual({
      opensOn: "2026-10-16",
      closesOn: "2027-01-15",
    });
  });

  it("is not brought forward by a deferral that ends before the time to sue", () => {
    expect(windowOf(deferredTo("2026-05-25"))).toEqual(windowOf());
  });

  it("does not exist while a review runs, nor after a judgment; a suit taken back changes nothing", () => {
    expect(windowOf({ reviews: [{ ...review("upheld", "2026-05-06"), outcome: null }] })).toBeNull();
    expect(windowOf(suit("upheld"))).toBeNull();
    expect(windowOf(suit("withdrawn"))).toEqual(windowOf());
  });

  it("is not guessed in a year without a calendar", () => {
    expect(() => windowOf({}, "2027-06-15")).toThrow(MissingCalendarError);
  });
});
