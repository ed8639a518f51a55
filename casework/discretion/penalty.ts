import type { LocalDate } from "../clocks/clock.ts";
import type { Fen } from "../money.ts";

/** Kinds of penalty (行政处罚法 9) that city management meets. */
export const penaltyKinds = {
  warning: "警告",
  criticism: "通报批评",
  fine: "罚款",
  confiscation: "没收违法所得、没收非法财物",
  licence_suspension: "暂扣许可证件",
  licence_revocation: "吊销许可证件",
  closure: "责令停产停业",
} as const;

export type PenaltyKind = keyof typeof penaltyKinds;

export interface Penalty {
  readonly kinds: readonly PenaltyKind[];
  /** 0 without a fine. */
  readonly fineFen: Fen;
  readonly confiscation: string | null;
  /** Of the penalty bases in force on the day of the act. */
  readonly basisId: string;
}

/** A provision as the law registry and people name it: `csdl` + `27(1)`. */
export interface Provision {
  readonly law: string;
  readonly article: string;
}

/** What provision punishes what, by how much: data, with the time it was in force. */
export interface PenaltyBasis {
  readonly id: string;
  readonly violation: string;
  readonly forbids: Provision;
  readonly penalises: Provision;
  readonly subjectKind: "person" | "unit" | "any";
  readonly kinds: readonly PenaltyKind[];
  readonly minFen: Fen;
  readonly maxFen: Fen;
  readonly precondition: "none" | "order_not_obeyed" | "refuses";
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  /** Null: nobody has checked the text; no decision can rest on it. */
  readonly verifiedBy: string | null;
  readonly verifiedOn: LocalDate | null;
}

export type TierId = "none" | "mitigated" | "light" | "general" | "heavy";

/** One step of the explanation (裁量说明), in order. */
export interface DiscretionStep {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

/** A weighed penalty that explains itself; the same inputs and versions give the same amount and text. */
export interface Computation {
  readonly basisId: string;
  readonly benchmarkVersion: string;
  /** `none`: no penalty, education instead. */
  readonly tier: TierId;
  /** Of (max − min); null without an amount. */
  readonly fractionPermille: number | null;
  readonly fineFen: Fen;
  readonly lowerFen: Fen;
  readonly upperFen: Fen;
  readonly steps: readonly DiscretionStep[];
  /** Why a person departed from the benchmark; null when nobody did. */
  readonly departure: string | null;
}
