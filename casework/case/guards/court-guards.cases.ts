import type { CaseFile, CourtEventKind } from "../case-file.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { courtCase, urgedCase } from "../testing/overdue-case.ts";
import { performingCase } from "../testing/performing-case.ts";
import type { TestWorld } from "../testing/world.ts";

const apply = { step: "apply_to_court", court: "成都市武侯区人民法院" } as const;
const event = (kind: CourtEventKind, on: string) =>
  ({ step: "record_court", kind, on, note: "法院文书已扫描" }) as const;
const applying = (world: TestWorld, on: string, changes: Partial<CaseFile> = {}) => {
  const file = { ...urgedCase(world), ...changes };
  return world.on(on).context(file, apply, "leader");
};
const recording = (world: TestWorld, on: string, kind: CourtEventKind, before: CaseEvents = []) => {
  const file = courtCase(world);
  if (file.court === null) throw new Error("no application");
  return world.on(on).context({ ...file, court: { ...file.court, events: before } }, event(kind, on));
};
type CaseEvents = NonNullable<CaseFile["court"]>["events"];
const review = (receivedOn: string) => ({
  reviews: [
    {
      filedOn: "2026-04-01",
      via: "review_body" as const,
      forwardedOn: null,
      outcome: { kind: "upheld" as const, receivedOn },
    },
  ],
});
const paid = performingCase().payment ?? { code: "pay-1", receipts: [], deferral: null };
const deferredTo = (dueOn: string): Partial<CaseFile> => ({
  payment: {
    ...paid,
    deferral: {
      docId: "doc-deferral",
      approvedBy: "leader",
      on: "2026-03-20",
      instalments: [{ dueOn, amountFen: 100_000 }],
      reason: "家庭经济确有困难",
    },
  },
});

/** A review that revoked the decision; with `carriedOut` null nobody has done anything about it. */
const revoked = (carriedOut: CaseFile["changes"]): Partial<CaseFile> => ({
  reviews: [
    {
      filedOn: "2026-03-20",
      via: "review_body",
      forwardedOn: null,
      outcome: { kind: "revoked", receivedOn: "2026-03-24" },
    },
  ],
  changes: carriedOut,
});
const unlawful: CaseFile["changes"] = [
  {
    docId: "doc-change",
    on: "2026-03-25",
    by: "review_body",
    kind: "unlawful",
    reason: "程序轻微违法",
    penalty: performingCase().decision?.penalty ?? null,
  },
];

export const cases: readonly GuardCase[] = [
  {
    guard: "outcome_carried_out",
    about: "a review that revoked it",
    passes: (world) => world.on("2026-09-11").context(performingCase(revoked(unlawful)), { step: "urge" }),
    refused: (world) => world.on("2026-09-11").context(performingCase(revoked([])), { step: "urge" }),
    code: "remedy.outcome_open",
  },
  {
    guard: "not_under_remedy",
    about: "a review that runs",
    passes: (world) => applying(world, "2026-09-11", review("2026-05-06")),
    refused: (world) =>
      applying(world, "2026-09-11", {
        reviews: [{ filedOn: "2026-04-01", via: "review_body", forwardedOn: null, outcome: null }],
      }),
    code: "court.remedy_running",
  },
  {
    guard: "not_under_remedy",
    about: "a suit that runs",
    passes: (world) => applying(world, "2026-09-11"),
    refused: (world) => applying(world, "2026-09-11", { overlays: ["in_litigation"] }),
    code: "court.remedy_running",
  },
  {
    guard: "not_under_remedy",
    about: "a judgment",
    passes: (world) =>
      applying(world, "2026-09-11", {
        litigations: [
          { filedOn: "2026-05-06", court: "法院", outcome: { kind: "withdrawn", on: "2026-06-01" } },
        ],
      }),
    refused: (world) =>
      applying(world, "2026-09-11", {
        litigations: [
          { filedOn: "2026-05-06", court: "法院", outcome: { kind: "upheld", on: "2026-06-01" } },
        ],
      }),
    code: "court.judged",
  },
  {
    guard: "urging_over",
    about: "the tenth working day",
    passes: (world) => applying(world, "2026-09-04"),
    refused: (world) => applying(world, "2026-09-03"),
    code: "urging.running",
  },
  {
    guard: "urging_over",
    about: "never served",
    passes: (world) => applying(world, "2026-09-11"),
    refused: (world) => applying(world, "2026-09-11", { urging: null }),
    code: "urging.not_served",
  },
  {
    guard: "court_window_open",
    about: "the last day to sue",
    passes: (world) => applying(world, "2026-09-11"),
    refused: (world) => applying(world, "2026-09-10"),
    code: "court.too_early",
  },
  {
    guard: "court_window_open",
    about: "the last day to apply",
    passes: (world) => applying(world, "2026-12-10"),
    refused: (world) => applying(world, "2026-12-11"),
    code: "court.too_late",
  },
  {
    guard: "court_window_open",
    about: "fifteen days after the review's decision, 2026-08-14 to 2026-08-29, a Saturday",
    passes: (world) => applying(world, "2026-09-01", review("2026-08-14")),
    refused: (world) => applying(world, "2026-08-31", review("2026-08-14")),
    code: "court.too_early",
  },
  {
    guard: "court_window_open",
    about: "after the review's decision, the end",
    passes: (world) => applying(world, "2026-11-30", review("2026-08-14")),
    refused: (world) => applying(world, "2026-12-01", review("2026-08-14")),
    code: "court.too_late",
  },
  {
    guard: "court_window_open",
    about: "a deferral beyond the time to sue",
    passes: (world) => applying(world, "2026-10-16", deferredTo("2026-10-15")),
    refused: (world) => applying(world, "2026-10-15", deferredTo("2026-10-15")),
    code: "court.too_early",
  },
  {
    guard: "court_window_open",
    about: "not served",
    passes: (world) => applying(world, "2026-09-11"),
    refused: (world) => applying(world, "2026-09-11", { services: [] }),
    code: "court.period_open",
  },
  {
    guard: "court_event_fits",
    about: "a ruling before the acceptance",
    passes: (world) => recording(world, "2026-09-14", "accepted"),
    refused: (world) => recording(world, "2026-09-14", "ruled_enforce"),
    code: "court.event_order",
  },
  {
    guard: "court_event_fits",
    about: "a second objection to what the upper court upheld",
    passes: (world) => recording(world, "2026-09-20", "objected", events("refused")),
    refused: (world) => recording(world, "2026-09-20", "objected", events("refused", "objected", "refused")),
    code: "court.event_order",
  },
  {
    guard: "court_event_fits",
    about: "an objection on the fifteenth day, after 2026-09-14",
    passes: (world) => recording(world, "2026-09-29", "objected", events("refused")),
    refused: (world) => recording(world, "2026-09-30", "objected", events("refused")),
    code: "court.objection_late",
  },
  {
    guard: "court_event_fits",
    about: "before the application",
    passes: (world) => recording(world, "2026-09-11", "accepted"),
    refused: (world) => recording(world, "2026-09-10", "accepted"),
    code: "court.event_date",
  },
  {
    guard: "court_event_fits",
    about: "nothing was applied for",
    passes: (world) => recording(world, "2026-09-14", "accepted"),
    refused: (world) => world.context(performingCase(), event("accepted", "2026-09-14")),
    code: "court.no_application",
  },
];

function events(...kinds: readonly CourtEventKind[]): CaseEvents {
  return kinds.map((kind) => ({ kind, on: "2026-09-14", note: "" }));
}
