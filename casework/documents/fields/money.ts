import { amountZh } from "../amount-zh.ts";
import { documentCodes } from "../document-codes.ts";
import { phrase } from "../format-zh.ts";
import { formatDateZh, nameOf, numberOf, type OfCase } from "../source.ts";
import type { FieldValues } from "../template.ts";

/** 缴款、催告、缓缴 */
export function moneyFields(source: OfCase): FieldValues {
  const { file } = source;
  const { payment, urging } = file;
  const due = file.clocks.find(({ kind }) => kind === "payment");
  const receipts = payment?.receipts ?? [];
  const paid = receipts.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return {
    paymentCode: payment?.code,
    payBy: due?.legalDue ?? due?.strictDue,
    decisionTitle: titleOf(source),
    decisionNumber: numberOf(file, file.decision?.docId),
    decisionServedOn: servedOn(source, file.decision?.docId),
    receiptRows: receipts.map(({ receiptNo, paidOn, amountFen }, index) => [
      String(index + 1),
      receiptNo,
      formatDateZh(paidOn),
      amountZh(amountFen),
    ]),
    paid: receipts.length === 0 ? null : paid,
    urgingFine: urging?.fineFen,
    urgingSurcharge: urging?.surchargeFen,
    urgingTotal: urging === null ? null : urging.fineFen + urging.surchargeFen,
    urgingNumber: numberOf(file, urging?.docId),
    urgingServedOn: urging?.servedOn,
    ...deferralFields(source),
  };
}

function deferralFields(source: OfCase): FieldValues {
  const deferral = source.file.payment?.deferral ?? null;
  if (deferral === null) return {};
  return {
    deferralReason: phrase(deferral.reason),
    deferralBy: nameOf(source, deferral.approvedBy),
    instalmentRows: deferral.instalments.map(({ dueOn, amountFen }, index) => [
      String(index + 1),
      formatDateZh(dueOn),
      amountZh(amountFen),
    ]),
    deferredTotal: deferral.instalments.reduce((sum, { amountFen }) => sum + amountFen, 0),
  };
}

function titleOf({ file: { decision } }: OfCase): string | null {
  if (decision === null) return null;
  return documentCodes[decision.simplified ? "D03" : "D09"].zh;
}

function servedOn({ file }: OfCase, docId: string | undefined): string | null {
  const served = file.services.find((record) => record.docId === docId && record.servedOn !== null);
  return served?.servedOn ?? null;
}
