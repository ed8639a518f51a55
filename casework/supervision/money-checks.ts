import { type AmountDue, amountDue } from "../case/amount-due.ts";
import type { CaseFile, CourtMatter, Urging } from "../case/case-file.ts";
import { courtWindow } from "../case/court-window.ts";
import { dueAfter, lastDay } from "../clocks/due.ts";
import { formatYuan } from "../money.ts";
import { viewsOn } from "./as-of.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Fine and surcharge, and the way to the court. */
export const moneyChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP13",
      zh: "加处罚款计算错误、超过本金或者在复议诉讼期间计收",
      en: "surcharge wrong, above the fine, or counted during a review or suit",
      basis: ["xzcf:72", "xzcf:73(3)"],
    },
    (file, facts) => [
      file.urging === null ? null : wrongUrging(file, file.urging, facts),
      file.court === null ? null : wrongCourtAmount(file, file.court, facts),
      collectedTooMuch(file, facts),
    ],
  ),
  defineCheck(
    {
      code: "SP14",
      zh: "申请强制执行不在法定期限内或者未经有效催告",
      en: "the court asked outside its window or without valid urging",
      basis: ["xzqz:53", "xzqz:54"],
    },
    (file, facts) =>
      file.court === null
        ? []
        : [
            outsideWindow(file, file.court, facts),
            badUrging(file, file.court, facts),
            ...unheard(file, file.court),
          ],
  ),
];

function wrongUrging(file: CaseFile, urging: Urging, facts: SupervisionFacts): Found | null {
  const { docId, issuedOn, fineFen, surchargeFen } = urging;
  const dues = viewsOn(file, issuedOn, facts).map((view) => amountDue(view, issuedOn, facts));
  const asked = (due: AmountDue) => Math.min(due.unpaidSurchargeFen, due.lateFen);
  if (dues.some((due) => surchargeFen === asked(due) && fineFen === due.lateFen - asked(due))) return null;
  const [due] = dues;
  if (due === undefined) return null;
  const rightFen = asked(due);
  return wrong(`urging:${docId}`, "催告书", "the urging", file, due, {
    ...{ docId, asOf: issuedOn, fineFen, surchargeFen },
    ...{ rightFineFen: due.lateFen - rightFen, rightSurchargeFen: rightFen },
  });
}

function wrongCourtAmount(file: CaseFile, court: CourtMatter, facts: SupervisionFacts): Found | null {
  const { docId, appliedOn, amountFen } = court;
  const dues = viewsOn(file, appliedOn, facts).map((view) => amountDue(view, appliedOn, facts));
  const [due] = dues;
  if (due === undefined || dues.some(({ unpaidFen }) => amountFen === unpaidFen)) return null;
  return wrong(`court:${docId}`, "强制执行申请", "the application to the court", file, due, {
    ...{ docId, asOf: appliedOn, surchargeFen: amountFen - due.fineFen },
    ...{ amountFen, rightAmountFen: due.unpaidFen },
  });
}

interface Amounts {
  readonly [name: string]: string | number;
  readonly surchargeFen: number;
}

function wrong(key: string, zh: string, en: string, file: CaseFile, due: AmountDue, amounts: Amounts): Found {
  const remedies = file.reviews.length + file.litigations.length > 0;
  const much = amounts.surchargeFen > due.unpaidSurchargeFen;
  const [whyZh, whyEn] =
    amounts.surchargeFen > due.fineFen
      ? ["加处罚款超过罚款本金", "the surcharge is above the fine"]
      : much && file.decision?.surchargeAnnounced === false
        ? ["决定书没有载明加处罚款", "the decision did not announce any surcharge"]
        : much && remedies
          ? ["复议、诉讼期间计收了加处罚款", "the days of a review or suit were counted"]
          : ["金额计算不符", "the amount does not add up"];
  return {
    key,
    zh: `${zh}载明的金额有误：${whyZh}（应为加处罚款${formatYuan(due.unpaidSurchargeFen)}元）。`,
    en: `The amount in ${en} is wrong: ${whyEn} (surcharge due: ${formatYuan(due.unpaidSurchargeFen)} yuan).`,
    evidence: amounts,
  };
}

/** Where the decision was lowered afterwards money goes back: that is another matter. */
function collectedTooMuch(file: CaseFile, facts: SupervisionFacts): Found | null {
  const receipts = file.payment?.receipts ?? [];
  const last = receipts
    .map(({ paidOn }) => paidOn)
    .sort()
    .at(-1);
  if (last === undefined || file.changes.length > 0) return null;
  const dues = viewsOn(file, last, facts).map((view) =>
    amountDue({ ...view, payment: file.payment }, last, facts),
  );
  const [due] = dues;
  if (due === undefined || dues.some(({ overpaidFen }) => overpaidFen === 0)) return null;
  const { overpaidFen, paidFen } = due;
  return {
    key: "collected",
    zh: `收缴的款项超出应缴的罚款和加处罚款${formatYuan(overpaidFen)}元。`,
    en: `${formatYuan(overpaidFen)} yuan more than fine and surcharge were collected.`,
    evidence: { paidFen, overpaidFen, asOf: last },
  };
}

function outsideWindow(file: CaseFile, court: CourtMatter, facts: SupervisionFacts): Found | null {
  const { docId, appliedOn } = court;
  const windows = viewsOn(file, appliedOn, facts).map((view) => courtWindow(view, facts));
  if (windows.some((one) => one !== null && one.opensOn <= appliedOn && appliedOn <= one.closesOn))
    return null;
  const window = windows[0] ?? null;
  const evidence = { docId, appliedOn, opensOn: window?.opensOn ?? null, closesOn: window?.closesOn ?? null };
  if (window === null)
    return {
      key: `window:${docId}`,
      zh: `${appliedOn}申请强制执行时，决定书尚未送达，或者复议、诉讼尚未结束（已有裁判）。`,
      en: `On ${appliedOn} the decision was not served yet, or a review or suit stood in the way.`,
      evidence,
    };
  return {
    key: `window:${docId}`,
    zh: `应当在${window.opensOn}至${window.closesOn}之间申请强制执行，实际于${appliedOn}申请。`,
    en: `The court could be asked from ${window.opensOn} to ${window.closesOn}; it was on ${appliedOn}.`,
    evidence,
  };
}

function badUrging(
  { urging }: CaseFile,
  { docId, appliedOn }: CourtMatter,
  facts: SupervisionFacts,
): Found | null {
  const served = urging?.servedOn ?? null;
  const over =
    served === null ? null : lastDay(dueAfter(served, facts.parameters.get("urging.period"), facts.calendar));
  if (over !== null && appliedOn > over) return null;
  return {
    key: `urging:${docId}`,
    zh:
      over === null
        ? `${appliedOn}申请强制执行前，没有催告或者催告书没有送达。`
        : `催告期限至${over}届满，${appliedOn}即申请强制执行。`,
    en:
      over === null
        ? `The court was asked on ${appliedOn} without an urging that was served.`
        : `The urging ran until ${over}; the court was asked on ${appliedOn}.`,
    evidence: { docId, appliedOn, urgingDocId: urging?.docId ?? null, servedOn: served, until: over },
  };
}

/** 行政强制法 36: what the party says to the urging is heard and reviewed first. */
function unheard(file: CaseFile, { docId, appliedOn }: CourtMatter): Found[] {
  return file.statements
    .filter(
      ({ about, receivedOn, review }) =>
        about === "urging" && receivedOn <= appliedOn && !((review?.on ?? "9999") <= appliedOn),
    )
    .map(({ statementId, receivedOn }) => ({
      key: `statement:${statementId}`,
      zh: `当事人${receivedOn}对催告的陈述申辩没有复核，即申请强制执行。`,
      en: `The court was asked before the party's statement of ${receivedOn} about the urging was reviewed.`,
      evidence: { docId, appliedOn, statementId, receivedOn },
    }));
}
