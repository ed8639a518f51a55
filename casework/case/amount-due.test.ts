import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MissingCalendarError } from "../clocks/clock.ts";
import { addDays } from "../clocks/date.ts";
import { amountDue } from "./amount-due.ts";
import type { CaseFile, Deferral } from "./case-file.ts";
import { performingCase, receipt } from "./testing/performing-case.ts";
import { TestWorld } from "./testing/world.ts";

const facts = new TestWorld().facts();
const owed = (asOf: string, changes: Partial<CaseFile> = {}) =>
  amountDue(performingCase(changes), asOf, facts);
const paid = (...receipts: ReturnType<typeof receipt>[]) => ({
  payment: { code: "pay-1", receipts, deferral: null },
});
const deferral: Deferral = {
  docId: "doc-deferral",
  approvedBy: "leader",
  on: "2026-03-20",
  instalments: [
    { dueOn: "2026-04-25", amountFen: 50_000 },
    { dueOn: "2026-05-25", amountFen: 50_000 },
  ],
  reason: "家庭经济确有困难",
};
const deferred = (changes: Partial<Deferral> = {}, receipts: ReturnType<typeof receipt>[] = []) => ({
  payment: { code: "pay-1", receipts, deferral: { ...deferral, ...changes } },
});

describe("what is owed on a day, for a fine of 1 000.00 yuan to be paid by 25 March 2026", () => {
  it.each([
    ["2026-03-25", 0, 0],
    ["2026-03-26", 3_000, 103_000],
    // 33, 34 and 40 days late
    ["2026-04-27", 99_000, 199_000],
    ["2026-04-28", 100_000, 200_000],
    ["2026-05-04", 100_000, 200_000],
  ])("%s: surcharge %d fen, late %d fen", (asOf, surchargeFen, lateFen) => {
    expect(owed(asOf)).toMatchObject({ surchargeFen, lateFen, unpaidFen: 100_000 + surchargeFen });
  });

  it("counts from the working day after a holiday: 3 October becomes 8 October", () => {
    const file = performingCase({}, { servedOn: "2026-09-18" });
    expect(amountDue(file, "2026-10-08", facts).surchargeFen).toBe(0);
    expect(amountDue(file, "2026-10-09", facts).surchargeFen).toBe(3_000);
  });

  it("stands still for good from the outcome that asks for a change until that change", () => {
    const outcome = { kind: "changed", receivedOn: "2026-04-20" } as const;
    const reviews = [{ filedOn: "2026-03-30", via: "review_body" as const, forwardedOn: null, outcome }];
    const penalty = performingCase().decision?.penalty ?? null;
    const changes = [
      { docId: "d", on: "2026-05-10", by: "review_body", kind: "changed", reason: "", penalty } as const,
    ];
    expect(owed("2026-05-20", { reviews }).surchargeFen).toBe(4 * 3_000);
    // 26 to 29 March, then 11 to 20 May.
    expect(owed("2026-05-20", { reviews, changes }).surchargeFen).toBe(14 * 3_000);
  });

  it("adds nothing that the decision did not announce", () => {
    const { decision } = performingCase();
    if (decision === null) throw new Error("not decided");
    const silent = owed("2026-05-04", { decision: { ...decision, surchargeAnnounced: false } });
    expect(silent).toMatchObject({ surchargeFen: 0, unpaidFen: 100_000, lateFen: 100_000 });
  });

  it("stands still while a review runs, its first and last day included, and runs on afterwards", () => {
    const review = { filedOn: "2026-03-30", via: "review_body" as const, forwardedOn: null };
    // 26 to 29 March are late, then 21 and 22 April.
    const open = { reviews: [{ ...review, outcome: null }] };
    expect(owed("2026-05-20", open).surchargeFen).toBe(4 * 3_000);
    const over = {
      reviews: [{ ...review, outcome: { kind: "upheld" as const, receivedOn: "2026-04-20" } }],
    };
    expect(owed("2026-04-20", over).surchargeFen).toBe(4 * 3_000);
    expect(owed("2026-04-22", over).surchargeFen).toBe(6 * 3_000);
  });

  it("stands still while a suit runs", () => {
    const litigations = [{ filedOn: "2026-03-27", court: "法院", outcome: null }];
    expect(owed("2026-06-30", { litigations }).surchargeFen).toBe(3_000);
  });

  it("grows only on what is not paid yet, and no more once the fine is paid", () => {
    // Two days on 1 000.00, then three days on 400.00, paid on the last of them.
    const receipts = [receipt(60_000, "2026-03-27"), receipt(40_000, "2026-03-30")];
    const after = owed("2026-06-30", paid(...receipts));
    expect(after).toMatchObject({
      surchargeFen: 2 * 1_800 + 5 * 1_200,
      unpaidFineFen: 0,
      unpaidSurchargeFen: 9_600,
      unpaidFen: 9_600,
      lateFen: 9_600,
    });
  });

  it("owes nothing after a payment in time, whenever somebody looks", () => {
    expect(owed("2026-12-31", paid(receipt()))).toMatchObject({ unpaidFen: 0, lateFen: 0, surchargeFen: 0 });
  });

  it("tells what is to be paid back when the fine was lowered after the payment", () => {
    const lowered = {
      docId: "doc-change",
      on: "2026-04-10",
      by: "agency" as const,
      kind: "changed" as const,
      reason: "减轻",
      penalty: {
        kinds: ["fine" as const],
        fineFen: 40_000,
        confiscation: null,
        basisId: "street_vending.csdl-42",
      },
    };
    expect(owed("2026-04-10", { ...paid(receipt()), changes: [lowered] })).toMatchObject({
      fineFen: 40_000,
      unpaidFen: 0,
      overpaidFen: 60_000,
    });
  });

  it("refuses to guess the last day to pay in a year without a calendar", () => {
    const file = performingCase();
    const clocks = file.clocks.map((clock) => ({ ...clock, strictDue: "2028-01-02", legalDue: null }));
    expect(() => amountDue({ ...file, clocks }, "2028-01-03", facts)).toThrow(MissingCalendarError);
    // In time under any calendar: a missing one holds up no receipt.
    expect(amountDue({ ...file, clocks }, "2028-01-02", facts).surchargeFen).toBe(0);
  });
});

describe("a deferral", () => {
  it("is late from each instalment's day, the first of them a Saturday", () => {
    expect(owed("2026-04-27", deferred())).toMatchObject({ surchargeFen: 0, lateFen: 0, unpaidFen: 100_000 });
    expect(owed("2026-04-28", deferred())).toMatchObject({ surchargeFen: 1_500, lateFen: 51_500 });
    // 28 days on the first, one on the second.
    expect(owed("2026-05-26", deferred())).toMatchObject({
      surchargeFen: 29 * 1_500 + 1_500,
      lateFen: 145_000,
    });
  });

  it("counts what was paid for the first instalment", () => {
    const first = deferred({}, [receipt(50_000, "2026-04-24")]);
    expect(owed("2026-05-25", first)).toMatchObject({ surchargeFen: 0, lateFen: 0, unpaidFen: 50_000 });
    expect(owed("2026-05-27", first)).toMatchObject({ surchargeFen: 3_000, lateFen: 53_000 });
  });

  it("keeps the surcharge from before and adds nothing to it", () => {
    // Granted three days late: 1 000.00 of fine and 90.00 of surcharge in one sum.
    const late = deferred({ on: "2026-03-28", instalments: [{ dueOn: "2026-04-30", amountFen: 109_000 }] });
    expect(owed("2026-03-28", late).unpaidFen).toBe(109_000);
    expect(owed("2026-04-30", late)).toMatchObject({ surchargeFen: 9_000, lateFen: 0, unpaidFen: 109_000 });
    // 30 April is worked; the holiday after it does not move it.
    expect(owed("2026-05-02", late)).toMatchObject({ surchargeFen: 15_000, lateFen: 115_000 });
  });
});

describe("whatever is paid and deferred", () => {
  const anyReceipts = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 0, max: 120 })),
    {
      maxLength: 4,
    },
  );

  it("keeps the surcharge within the fine, never lets it shrink, and balances to the fen", () => {
    fc.assert(
      fc.property(
        anyReceipts,
        fc.integer({ min: 0, max: 150 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 500_000 }),
        (payments, day, isDeferred, fineFen) => {
          const asOf = addDays("2026-03-10", day);
          const receipts = payments.map(([amount, after], index) =>
            receipt(amount, addDays("2026-03-10", after), `R-${index}`),
          );
          const half = Math.ceil(fineFen / 2);
          const instalments = [
            { dueOn: "2026-04-25", amountFen: half },
            { dueOn: "2026-05-25", amountFen: Math.max(1, fineFen - half) },
          ];
          const payment = {
            code: "pay-1",
            receipts,
            deferral: isDeferred ? { ...deferral, instalments } : null,
          };
          const file = performingCase({ payment }, { fineFen });
          const now = amountDue(file, asOf, facts);
          expect(now.surchargeFen).toBeLessThanOrEqual(now.fineFen);
          expect(now.lateFen).toBeLessThanOrEqual(now.unpaidFen);
          expect(now.unpaidFen - now.overpaidFen).toBe(now.fineFen + now.surchargeFen - now.paidFen);
          expect(amountDue(file, addDays(asOf, 1), facts).surchargeFen).toBeGreaterThanOrEqual(
            now.surchargeFen,
          );
        },
      ),
      { seed: 20260310, numRuns: 500 },
    );
  });
});
