import type { CameraRecord } from "../case/step-facts.ts";
import type { LocalDate, WorkCalendar } from "../clocks/clock.ts";
import { formatDateZh } from "../clocks/date.ts";
import { dueAfter, isLate, lastDay } from "../clocks/due.ts";
import type { Parameters } from "../parameters.ts";
import {
  type CameraInspection,
  type CameraRecords,
  type CameraReview,
  type InspectionKind,
  inForceOn,
  newest,
  type ReviewKind,
  reviewKinds,
} from "./compliance-records.ts";

type Fault = CameraRecord["faults"][number];

/** The rules a camera is checked against, in the order the desk shows them. */
export const complianceRules = {
  "B-01": { zh: "设备经过法制和技术审核", en: "legal and technical review", article: "xzcf:41(1)" },
  "B-02": { zh: "设置地点向社会公布", en: "publication", article: "xzcf:41(1)" },
  "B-03": { zh: "提示标识明显", en: "sign", article: "xzcf:41(1)" },
  "B-04": { zh: "维护检测合格、视角未变", en: "upkeep and view", article: "xzcf:41(1)" },
  "B-20": { zh: "未设于法律禁止安装的场所", en: "lawful place", article: "xzcf:46" },
  "C-09": { zh: "个人信息保护影响评估", en: "impact assessment", article: "grxx:55" },
} as const;

/** Told, but what a camera lacks by these does not taint its records. */
const TOLD_ONLY: readonly ComplianceRule[] = ["C-09"];

export type ComplianceRule = keyof typeof complianceRules;

/**
 * What was wrong with a camera on a day, by rule B-01 … B-04 and B-20 (行政处罚法 41, 46). Empty: its records of that day
 * may become evidence. What was written down later counts too, for the days it speaks of.
 */
export function cameraFaults(
  records: CameraRecords,
  date: LocalDate,
  parameters: Parameters,
  calendar: WorkCalendar,
): Fault[] {
  return [
    ...reviewFaults(records.reviews, date),
    ...listingFaults(records, date, parameters, calendar),
    ...signFaults(records.inspections, date, parameters, calendar),
    ...upkeepFaults(records.inspections, date),
  ];
}

export interface RuleState {
  readonly rule: ComplianceRule;
  readonly zh: string;
  readonly en: string;
  readonly article: string;
  /** A fault makes the day's records unusable. */
  readonly taints: boolean;
  readonly faults: readonly Fault[];
}

/** Every rule with what is wrong and what is needed, for the desk. */
export function complianceOn(
  records: CameraRecords,
  date: LocalDate,
  parameters: Parameters,
  calendar: WorkCalendar,
): RuleState[] {
  const faults = [
    ...cameraFaults(records, date, parameters, calendar),
    ...assessmentFaults(records.inspections, date),
  ];
  return (Object.keys(complianceRules) as ComplianceRule[]).map((rule) => ({
    rule,
    ...complianceRules[rule],
    taints: !TOLD_ONLY.includes(rule),
    faults: faults.filter((fault) => fault.rule === rule),
  }));
}

function reviewFaults(reviews: readonly CameraReview[], date: LocalDate): Fault[] {
  const legal = reviewOn(reviews, "legal", date);
  const technical = reviewOn(reviews, "technical", date);
  const faults = [...faultOfReview("legal", legal), ...faultOfReview("technical", technical)];
  if (legal !== undefined && legal.reviewer === technical?.reviewer) {
    faults.push({
      rule: "B-01",
      zh: "法制审核与技术审核由同一人作出，须由不同的人重新审核其中一项。",
      en: "One person made both the legal and the technical review: somebody else must redo one of them.",
    });
  }
  if (legal?.findings.lawful_place?.ok === false) {
    faults.push({
      rule: "B-20",
      zh: "法制审核认定设备设于法律禁止安装的场所，其记录不得使用，须拆除或迁移后重新审核。",
      en: "The legal review found it in a forbidden place: its records are unusable. Move it, then review it again.",
    });
  }
  return faults;
}

function reviewOn(
  reviews: readonly CameraReview[],
  kind: ReviewKind,
  date: LocalDate,
): CameraReview | undefined {
  return inForceOn(
    reviews.filter((review) => review.kind === kind),
    date,
  );
}

function faultOfReview(kind: ReviewKind, review: CameraReview | undefined): Fault[] {
  const { zh, en } = reviewKinds[kind];
  if (review === undefined) {
    return [
      {
        rule: "B-01",
        zh: `当日没有有效的${zh}，须先完成${zh}。`,
        en: `No ${en} covers the day: have one made first.`,
      },
    ];
  }
  if (review.passed) return [];
  return [
    {
      rule: "B-01",
      zh: `${formatDateZh(review.validFrom)}起${zh}不合格，整改后须重新审核。`,
      en: `The ${en} has failed since ${review.validFrom}: put it right, then have it reviewed again.`,
    },
  ];
}

function listingFaults(
  { listings }: CameraRecords,
  date: LocalDate,
  parameters: Parameters,
  calendar: WorkCalendar,
): Fault[] {
  const listing = newest(
    listings.filter(({ publishedOn }) => publishedOn <= date),
    ({ at }) => at,
  );
  if (listing?.listed !== true) {
    return [
      {
        rule: "B-02",
        zh: "当日未列入向社会公布的设备名单，须先公布地点、用途、启用时间和责任单位。",
        en: "It was not in the public list that day: publish place, purpose, start of use and responsible body first.",
      },
    ];
  }
  const lead = dueAfter(listing.publishedOn, parameters.get("camera.publishLead"), calendar).strictDue;
  const [, usable = lead] = [lead, listing.useFrom].sort();
  if (usable <= date) return [];
  return [
    {
      rule: "B-02",
      zh: `${formatDateZh(listing.publishedOn)}公布，公示期满并启用之日为${formatDateZh(usable)}，此前的记录只能作为线索。`,
      en: `Published on ${listing.publishedOn}, in use from ${usable}: earlier records are clues only.`,
    },
  ];
}

function signFaults(
  inspections: readonly CameraInspection[],
  date: LocalDate,
  parameters: Parameters,
  calendar: WorkCalendar,
): Fault[] {
  const sign = lastInspection(inspections, "sign", date);
  if (sign?.passed !== true || sign.fileSha256 === null) {
    return [
      {
        rule: "B-03",
        zh: "没有提示标识合格的照片记录，须设置明显标识并拍照登记。",
        en: "There is no photo on record of a good sign: put one up and record its photo.",
      },
    ];
  }
  const due = dueAfter(sign.doneOn, parameters.get("camera.signRecheck"), calendar);
  if (!isLate(due, date)) return [];
  return [
    {
      rule: "B-03",
      zh: `提示标识应于${formatDateZh(lastDay(due))}前复查，须重新拍照登记。`,
      en: `The sign was to be looked at again by ${lastDay(due)}: record a new photo.`,
    },
  ];
}

function upkeepFaults(inspections: readonly CameraInspection[], date: LocalDate): Fault[] {
  const faults: Fault[] = [];
  const maintenance = lastInspection(inspections, "maintenance", date);
  if (maintenance?.passed !== true || maintenance.nextDue === null) {
    faults.push({
      rule: "B-04",
      zh: "没有合格的维护检测记录，须先完成维护检测并登记下次检测日期。",
      en: "There is no good maintenance on record: have it done and record when the next is due.",
    });
  } else if (maintenance.nextDue < date) {
    faults.push({
      rule: "B-04",
      zh: `维护检测应于${formatDateZh(maintenance.nextDue)}前完成，现已逾期，须先完成。`,
      en: `Maintenance was due by ${maintenance.nextDue}: have it done.`,
    });
  }
  const geometry = lastInspection(inspections, "geometry", date);
  if (geometry?.passed === false) {
    faults.push({
      rule: "B-04",
      zh: `${formatDateZh(geometry.doneOn)}发现设备移位、区域失准，须重新划定区域并核对合格。`,
      en: `It was found moved on ${geometry.doneOn}: draw its zones again and have them checked.`,
    });
  }
  return faults;
}

function assessmentFaults(inspections: readonly CameraInspection[], date: LocalDate): Fault[] {
  if (lastInspection(inspections, "impact_assessment", date)?.passed === true) return [];
  return [
    {
      rule: "C-09",
      zh: "没有个人信息保护影响评估，须在启用前和重大变更时完成并存档。",
      en: "No impact assessment is on file: make one before use and whenever something important changes.",
    },
  ];
}

/**
 * Of those done by that day the last; of two on one day the one written down later, but on that day itself one that failed:
 * when in the day it was put right nobody can tell.
 */
function lastInspection(
  inspections: readonly CameraInspection[],
  kind: InspectionKind,
  date: LocalDate,
): CameraInspection | undefined {
  const done = inspections.filter((inspection) => inspection.kind === kind && inspection.doneOn <= date);
  const day = newest(done, ({ doneOn }) => doneOn)?.doneOn;
  const last = done.filter(({ doneOn }) => doneOn === day);
  const failed = day === date ? last.filter(({ passed }) => !passed) : [];
  return newest(failed.length > 0 ? failed : last, ({ at }) => at);
}
