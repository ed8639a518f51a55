import type { Period } from "./clocks/clock.ts";
import type { Fen } from "./money.ts";

/** Every number the law or the agency sets, by what it is. The values are data with a tag of how sure we are. */
export const parameterKinds = {
  "clue.verify": "period",
  "clue.verifyExtension": "period",
  "review.max": "period",
  "limitation.ordinary": "period",
  "limitation.serious": "period",
  "decision.period": "period",
  "decision.extension": "period",
  "decision.extensionAfterDiscussion": "period",
  "decision.excludeHearingTime": "flag",
  "preservation.resolve": "period",
  "statement.window": "period",
  "hearing.request": "period",
  "hearing.notice": "period",
  "hearing.threshold.person": "fen",
  "hearing.threshold.unit": "fen",
  "legalReview.localList": "list",
  "simple.maxFine.person": "fen",
  "simple.maxFine.unit": "fen",
  "simple.remoteEnabled": "flag",
  "cash.maxFine": "fen",
  "cash.handover": "period",
  "service.decision": "period",
  "service.publicNotice": "period",
  "payment.period": "period",
  "surcharge.permillePerDay": "count",
  "urging.period": "period",
  "litigation.period": "period",
  "litigation.afterReview": "period",
  "reconsideration.window": "period",
  "reconsideration.forward": "period",
  "court.window": "period",
  "court.accept": "period",
  "court.rule": "period",
  "court.ruleHeard": "period",
  "court.objection": "period",
  "publication.decide": "period",
  "publication.withdraw": "period",
  "record.withdraw": "period",
  "party.notify": "period",
  "archive.period": "period",
  "supervision.reply": "period",
  "order.recheck": "period",
  "camera.publishLead": "period",
  "camera.signRecheck": "period",
  "repeat.window": "period",
  "repeat.count": "count",
  "repeat.raisingWindow": "period",
  "speaker.quietHours": "text",
  "broadcast.minPrecisionPercent": "count",
  "broadcast.minReviewed": "count",
  "likeCases.minimum": "count",
  "likeCases.outlierMads": "count",
  "documents.zeroPadding": "count",
} as const;

export type ParameterKey = keyof typeof parameterKinds;

interface KindTypes {
  period: Period;
  fen: Fen;
  flag: boolean;
  count: number;
  list: readonly string[];
  text: string;
}

type ValueOf<Key extends ParameterKey> = KindTypes[(typeof parameterKinds)[Key]];

/** How sure we are of a value. T: text read in full; S: secondary source; M: from memory; P: our own default. */
export type SourceTag = "T" | "S" | "M" | "P";

/** The parameters in force on one day. */
export interface Parameters {
  get<Key extends ParameterKey>(key: Key): ValueOf<Key>;
  /** False while the value is only remembered, second-hand or a placeholder and nobody has confirmed it. */
  isConfirmed(key: ParameterKey): boolean;
}
