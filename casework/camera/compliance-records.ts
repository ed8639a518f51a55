import type { UseAuthority } from "../case/step-facts.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { EpochMs } from "../local-time.ts";

/** What a review looks at. The legal one is laid down in N21, the technical one in N22. */
export const reviewPoints = {
  legal: {
    ground: "设置依据",
    standard: "符合标准",
    placement: "设置合理",
    lawful_place: "未设于禁止安装的场所",
    sign: "标志明显",
    publicity: "地点公布",
  },
  technical: {
    resolution: "图像清晰度",
    time: "时间校准",
    position: "安装位置与视角",
    storage: "存储与完整性",
  },
} as const;

export type ReviewKind = keyof typeof reviewPoints;
export type ReviewPoint = { [Kind in ReviewKind]: keyof (typeof reviewPoints)[Kind] }[ReviewKind];

export const reviewKinds = {
  legal: { zh: "法制审核", en: "legal review" },
  technical: { zh: "技术审核", en: "technical review" },
} as const satisfies Record<ReviewKind, { zh: string; en: string }>;

export interface Finding {
  readonly ok: boolean;
  readonly note: string;
}

/** One review of a camera (行政处罚法 41(1)). Rows are added, never changed: the newest that covers a day counts. */
export interface CameraReview {
  readonly reviewId: string;
  readonly kind: ReviewKind;
  readonly passed: boolean;
  readonly validFrom: LocalDate;
  /** Null for a failed one: it holds until somebody passes the camera again. */
  readonly validTo: LocalDate | null;
  readonly findings: { readonly [Point in ReviewPoint]?: Finding };
  readonly opinion: string;
  readonly reviewer: string;
  readonly reviewerName: string;
  readonly at: EpochMs;
}

/** The camera's entry in the public list, or its being taken off it. */
export interface CameraListing {
  readonly listingId: string;
  readonly listed: boolean;
  readonly purpose: string;
  readonly responsibleBody: string;
  /** On which day it was published; where `listed` is false, on which it was taken off. */
  readonly publishedOn: LocalDate;
  readonly useFrom: LocalDate;
  /** Where it was published if not by this software: an address, an announcement's number. */
  readonly proof: string | null;
  readonly at: EpochMs;
}

/** What somebody looks at on the spot or puts on file. */
export const inspectionKinds = {
  sign: { zh: "提示标识", en: "sign" },
  maintenance: { zh: "维护检测", en: "maintenance" },
  geometry: { zh: "视角与区域核对", en: "view and zones" },
  impact_assessment: { zh: "个人信息保护影响评估", en: "impact assessment" },
} as const;

export type InspectionKind = keyof typeof inspectionKinds;

export interface CameraInspection {
  readonly inspectionId: string;
  readonly kind: InspectionKind;
  readonly passed: boolean;
  readonly doneOn: LocalDate;
  /** Of maintenance: the last day before the next has to be done. */
  readonly nextDue: LocalDate | null;
  /** Of a sign: its photo. Of an assessment: the report. */
  readonly fileSha256: string | null;
  readonly note: string;
  readonly at: EpochMs;
}

/** What the camera's records may be used for, by which law, on whose word and until when. */
export interface CameraAuthority {
  readonly authorityId: string;
  readonly authority: UseAuthority;
  /** A law or an administrative regulation and the article. Null only where it is lowered to `lead_only`. */
  readonly citation: { readonly law: string; readonly article: string } | null;
  readonly reason: string;
  readonly validFrom: LocalDate;
  /** Null only where it is lowered to `lead_only`. */
  readonly validTo: LocalDate | null;
  readonly grantedBy: string;
  readonly grantedByName: string;
  readonly at: EpochMs;
}

/** Everything on record about one camera, in any order. */
export interface CameraRecords {
  readonly reviews: readonly CameraReview[];
  readonly listings: readonly CameraListing[];
  readonly inspections: readonly CameraInspection[];
  readonly authorities: readonly CameraAuthority[];
}

interface Spell {
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly at: EpochMs;
}

/** Of the rows in force on a day the one written down last. */
export function inForceOn<Row extends Spell>(rows: readonly Row[], date: LocalDate): Row | undefined {
  return newest(
    rows.filter((row) => row.validFrom <= date && (row.validTo === null || date <= row.validTo)),
    (row) => row.at,
  );
}

/** The row with the greatest rank; of equals the later in the list. */
export function newest<Row, Rank extends number | string>(
  rows: readonly Row[],
  rank: (row: Row) => Rank,
): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || rank(row) >= rank(best) ? row : best),
    undefined,
  );
}
