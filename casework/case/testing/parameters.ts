import type { Period } from "../../clocks/clock.ts";
import type { ParameterKey, Parameters } from "../../parameters.ts";

const wd = (count: number): Period => ({ count, unit: "WD" });
const cd = (count: number): Period => ({ count, unit: "CD" });
const mo = (count: number): Period => ({ count, unit: "MO" });
const yr = (count: number): Period => ({ count, unit: "YR" });

const VALUES = {
  "clue.verify": cd(15),
  "clue.verifyExtension": cd(10),
  "review.max": wd(5),
  "limitation.ordinary": yr(2),
  "limitation.serious": yr(5),
  "decision.period": cd(90),
  "decision.extension": cd(30),
  "decision.extensionAfterDiscussion": cd(60),
  "decision.excludeHearingTime": false,
  "preservation.resolve": wd(7),
  "statement.window": wd(5),
  "hearing.request": wd(5),
  "hearing.notice": wd(7),
  "hearing.threshold.person": 500_000,
  "hearing.threshold.unit": 5_000_000,
  "legalReview.localList": [],
  "simple.maxFine.person": 20_000,
  "simple.maxFine.unit": 300_000,
  "simple.remoteEnabled": false,
  "cash.maxFine": 10_000,
  "cash.handover": wd(2),
  "service.decision": wd(7),
  "service.publicNotice": cd(30),
  "payment.period": cd(15),
  "surcharge.permillePerDay": 30,
  "urging.period": wd(10),
  "litigation.period": mo(6),
  "litigation.afterReview": cd(15),
  "reconsideration.window": cd(60),
  "reconsideration.forward": wd(5),
  "court.window": mo(3),
  "court.accept": wd(5),
  "court.rule": wd(7),
  "court.ruleHeard": cd(30),
  "court.objection": cd(15),
  "publication.decide": wd(7),
  "publication.withdraw": wd(3),
  "record.withdraw": wd(3),
  "party.notify": wd(5),
  "archive.period": cd(30),
  "supervision.reply": { count: 7, unit: "WD" },
  "order.recheck": { count: 3, unit: "WD" },
  "camera.publishLead": cd(30),
  "camera.signRecheck": mo(12),
  "repeat.window": cd(30),
  "repeat.count": 3,
  "repeat.raisingWindow": yr(1),
  "speaker.quietHours": "22:00-07:00",
  "broadcast.minPrecisionPercent": 90,
  "broadcast.minReviewed": 200,
  "likeCases.minimum": 5,
  "likeCases.outlierMads": 2,
  "documents.zeroPadding": 3,
} as const satisfies Record<ParameterKey, unknown>;

export type ParameterOverrides = { [Key in ParameterKey]?: ReturnType<Parameters["get"]> };

/** The values tests count with; all of them confirmed but those listed. Not what an agency runs with. */
export function testParameters(
  overrides: ParameterOverrides = {},
  unconfirmed: readonly ParameterKey[] = [],
): Parameters {
  const values: Record<ParameterKey, unknown> = { ...VALUES, ...overrides };
  return {
    get: (key) => values[key] as never,
    isConfirmed: (key) => !unconfirmed.includes(key),
  };
}
