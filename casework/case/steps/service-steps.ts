import type { LocalDate } from "../../clocks/clock.ts";
import { formatDateZh } from "../../clocks/date.ts";
import { isLate, lastDay } from "../../clocks/due.ts";
import { isFilled, type Refusal, type Refused, refused } from "../../refusal.ts";
import type { CaseFile, ServiceRecord } from "../case-file.ts";
import type { Effects, StepContext, StepEffect } from "../engine.ts";
import { refuseJudges } from "../handling.ts";
import { publicNoticeDue } from "../public-notice.ts";
import { afterService } from "./after-service.ts";

/** A.5 and C16: how a document reaches the party, and what begins when it has. */
export const serviceSteps: Effects<
  "confirm_address" | "revoke_address" | "serve" | "complete_public_notice"
> = {
  confirm_address: ({ file, step, facts }) => {
    const { channels, signedOn } = step;
    if (channels.length === 0 || !channels.every((one) => isFilled(one.channel) && isFilled(one.address)))
      return refused(noChannel);
    const docId = facts.newId("doc");
    const before = file.addressConfirmation?.docId;
    return {
      changes: { addressConfirmation: { docId, channels, signedOn, revokedOn: null } },
      documents: [
        {
          docId,
          code: "D11",
          fields: { channels, signedOn },
          ...(before === undefined ? {} : { replaces: before }),
        },
      ],
    };
  },

  revoke_address: ({ file, facts }) => {
    const confirmation = file.addressConfirmation;
    if (confirmation === null || confirmation.revokedOn !== null) return refused(nothingToRevoke);
    return { changes: { addressConfirmation: { ...confirmation, revokedOn: facts.today } } };
  },

  serve: (context) => serve(context),

  complete_public_notice: (context) => {
    const { file, step, facts } = context;
    const notice = file.services.find(({ serviceId }) => serviceId === step.serviceId);
    if (notice === undefined || notice.outcome !== "running") return refused(noNoticeRuns);
    const due = publicNoticeDue(notice, facts);
    if (!isLate(due, facts.today)) return refused(stillPosted(lastDay(due)));
    const served: ServiceRecord = { ...notice, outcome: "served", servedOn: lastDay(due) };
    const services = file.services.map((one) => (one === notice ? served : one));
    const effect = afterService({ ...file, services }, served, facts);
    // It has run its time, though nothing can begin with it any more: an order whose day is over, say.
    return "ok" in effect ? { changes: { services }, state: file.state } : effect;
  },
};

function serve({ file, step, actor, facts }: StepContext<"serve">): StepEffect | Refused {
  const { docId, method, attemptedOn, outcome, on, officers, details } = step;
  const document = file.documents.find((one) => one.docId === docId);
  if (document === undefined) return refused(unknownDocument);
  const judged = actor.kind === "user" ? refuseJudges(file, officers) : null;
  if (judged !== null) return refused(judged);
  const posted = method === "public_notice" && outcome === "served";
  const record: ServiceRecord = {
    serviceId: facts.newId("service"),
    docId,
    code: document.code,
    method,
    attemptedOn,
    outcome: posted ? "running" : outcome,
    servedOn: outcome === "served" && !posted ? on : null,
    // What the system sends goes out for the officers of the case.
    officers: actor.kind === "user" ? officers : file.handlers,
    details: posted ? { ...details, postedOn: on } : details,
  };
  const proof = {
    docId: facts.newId("doc"),
    code: posted ? ("D22" as const) : ("D10" as const),
    fields: { ...record },
  };
  const services = [...endNotices(file, record), record];
  const effect = afterService({ ...file, services }, record, facts);
  return "ok" in effect ? effect : { ...effect, documents: [proof] };
}

/** Whoever is reached another way while a public notice runs has been served: the notice has lost its purpose. */
function endNotices(file: CaseFile, record: ServiceRecord): ServiceRecord[] {
  return file.services.map((one) =>
    one.docId === record.docId && one.outcome === "running" && record.outcome === "served"
      ? { ...one, outcome: "failed", details: { ...one.details, endedBy: record.serviceId } }
      : one,
  );
}

const noChannel: Refusal = {
  code: "address.no_channel",
  article: "xzcf:61(2)",
  messageZh: "请至少填写一种送达方式及其地址，再由当事人签字确认。",
  messageEn: "Name at least one way of service with its address before the party signs.",
};

const nothingToRevoke: Refusal = {
  code: "address.nothing_to_revoke",
  messageZh: "没有仍然有效的送达地址（方式）确认书，无需撤回。",
  messageEn: "No confirmation of address is in force; there is nothing to revoke.",
};

const unknownDocument: Refusal = {
  code: "document.unknown",
  messageZh: "案卷中没有该文书，请核对后重试。",
  messageEn: "The case has no such document; check and try again.",
};

const noNoticeRuns: Refusal = {
  code: "service.no_notice_runs",
  article: "mss:95",
  messageZh: "没有正在进行的公告送达，请核对送达记录。",
  messageEn: "No public notice is running under this id; check the record of services.",
};

function stillPosted(last: LocalDate): Refusal {
  return {
    code: "service.notice_runs",
    article: "mss:95",
    messageZh: `公告期至${formatDateZh(last)}届满，期满后方视为送达。`,
    messageEn: `The public notice runs through ${last}; it counts as service when that day is over.`,
  };
}
