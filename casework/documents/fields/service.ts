import { documentCodes } from "../document-codes.ts";
import { phrase } from "../format-zh.ts";
import {
  formatDateZh,
  nameOf,
  numberOf,
  type OfCase,
  type ServiceRecord,
  serviceDetails,
  serviceMethods,
} from "../source.ts";
import type { FieldValues } from "../template.ts";

/** 送达 */
export function serviceFields(source: OfCase): FieldValues {
  const { file } = source;
  const confirmation = file.addressConfirmation;
  return {
    channels: confirmation?.channels.map(({ channel, address }) => `${channel}：${address}`),
    channelsSignedOn: confirmation?.signedOn,
    ...recordFields(source),
  };
}

function recordFields(source: OfCase): FieldValues {
  const record = recordOf(source);
  if (record === undefined) return {};
  const { file } = source;
  const details = record.details;
  return {
    servedTitle: documentCodes[record.code].zh,
    servedNumber: numberOf(file, record.docId),
    serviceMethod: serviceMethods[record.method],
    serviceAttemptedOn: record.attemptedOn,
    serviceOutcome: outcomeZh(record),
    servedOn: record.servedOn,
    serviceOfficers: officersZh(record, source),
    receivedBy: details.receiver,
    serviceReason: phrase(details.reason ?? details.whyNotDirect ?? ""),
    witnesses: details.witnesses,
    serviceDetails: Object.entries(details).map(([name, value]) => `${labelOf(name)}：${value}`),
    postedAt: details.postedAt,
    postedOn: record.method === "public_notice" ? record.attemptedOn : null,
    earlierAttempts: file.services
      .filter((other) => other.docId === record.docId && other.serviceId !== record.serviceId)
      .map(attemptZh),
  };
}

/** The service this receipt or notice is about: by id where the step names it, by way for a public notice. */
function recordOf({ file, draft, code }: OfCase): ServiceRecord | undefined {
  const wanted = draft.fields.serviceId;
  const named = file.services.find(({ serviceId }) => serviceId === wanted);
  if (named !== undefined) return named;
  const way =
    code === "D22" ? file.services.filter(({ method }) => method === "public_notice") : file.services;
  return way.at(-1);
}

function officersZh({ officers, method }: ServiceRecord, source: OfCase): string {
  if (officers.length === 0 && method === "electronic") return "由电子送达系统发送";
  return officers.map((userId) => nameOf(source, userId) ?? userId).join("、");
}

function attemptZh({ method, attemptedOn, outcome, details }: ServiceRecord): string {
  const why = details.reason === undefined ? "" : `（${details.reason}）`;
  return `${formatDateZh(attemptedOn)}${serviceMethods[method]}${outcome === "served" ? "成功" : "未能送达"}${why}`;
}

function outcomeZh({ outcome }: ServiceRecord): string {
  return { served: "已送达", failed: "未能送达", running: "公告期内" }[outcome];
}

function labelOf(name: string): string {
  if (!Object.hasOwn(serviceDetails, name)) return name;
  // Without what only helps to fill it in.
  return serviceDetails[name as keyof typeof serviceDetails].replace(/（.*）$/, "");
}
