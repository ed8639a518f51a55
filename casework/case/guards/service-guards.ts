import { formatDateZh } from "../../clocks/date.ts";
import { type DocumentCode, documentCodes } from "../../documents/document-codes.ts";
import { isFilled, type Refusal } from "../../refusal.ts";
import { type CaseFile, serviceMethods } from "../case-file.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { missingDetails, serviceRules } from "../service-methods.ts";
import type { StepOf } from "../step-input.ts";

/** What decides about the party has to reach it whenever it was made. */
const AFTER_CLOSING: readonly DocumentCode[] = ["D08", "D09", "D17"];

/** C16, A.5: what is served, how, and what is written down about it. */
export const serviceGuards = {
  document_known: ({ file, step }) => {
    if (step.step !== "serve") return null;
    const document = file.documents.find(({ docId }) => docId === step.docId);
    if (document === undefined) {
      return {
        code: "document.unknown",
        messageZh: "案卷中没有该文书，请核对后重试。",
        messageEn: "The case has no such document; check and try again.",
      };
    }
    const { zh, external } = documentCodes[document.code];
    if (!external || document.code === "D10" || document.code === "D22") {
      return {
        code: "document.not_for_service",
        messageZh: `${zh}不是向当事人送达的文书，请选择要送达的文书。`,
        messageEn: `${document.code} is not a document that is served; choose the one that is.`,
      };
    }
    if (file.state === "closed" && !AFTER_CLOSING.includes(document.code)) {
      return {
        code: "document.case_closed",
        messageZh: `案件已结案，${zh}不再送达；结案后只送达行政处罚决定、不予处罚决定及其变更、撤销决定。`,
        messageEn: `The case is closed: ${document.code} is not served any more, only what decides about the party.`,
      };
    }
    if (document.code === "D06") {
      return {
        code: "document.goes_with_notice",
        article: "xzcf:64(1)",
        messageZh: "听证告知书随事先告知书一并送达，请对事先告知书登记送达。",
        messageEn:
          "The notice of the right to a hearing goes out with the advance notice; record the service of that one.",
      };
    }
    return refuseOutdated(file, document.docId) ?? refuseServedBefore(file, document.docId);
  },

  service_method_allowed: ({ file, step, actor }) => {
    if (step.step !== "serve") return null;
    if (actor.kind === "system" && step.method !== "electronic") return personServes;
    const { needs } = serviceRules[step.method];
    switch (needs) {
      case "nothing":
        return null;
      case "address_confirmed":
        return refuseUnconfirmedAddress(file, step);
      case "direct_difficult":
        return refuseIndirect(file, step);
      case "attempt_failed":
        return refusePublicNotice(file, step);
    }
  },

  service_recorded: ({ file, step, facts }) => {
    if (step.step !== "serve") return null;
    const missing = missingDetails(step.method, step.outcome, step.details);
    if (missing.length > 0) {
      return {
        code: "service.record_incomplete",
        article: serviceRules[step.method].article,
        messageZh: `${serviceMethods[step.method]}还须记录：${missing.join("；")}。`,
        messageEn: `The record of this service (${step.method}, ${step.outcome}) lacks something: ${missing.join("; ")}.`,
      };
    }
    const issuedOn = file.documents.find(({ docId }) => docId === step.docId)?.issuedOn;
    const ordered = (issuedOn ?? "") <= step.attemptedOn && step.attemptedOn <= step.on;
    if (ordered && step.on <= facts.today) return null;
    return {
      code: "service.dates",
      messageZh: "日期不符：文书制作、送达、签收（到达、张贴）须依次发生且不晚于今天，请核对。",
      messageEn:
        "The dates do not fit: issued, attempted, received (arrived, posted) in this order and not after today.",
    };
  },
} satisfies Partial<Record<GuardName, Guard>>;

/** Replaced by a later one, or of a notice, hearing or decision that no longer stands. */
function refuseOutdated(file: CaseFile, docId: string): Refusal | null {
  const replaced = file.documents.some(({ replaces }) => replaces === docId);
  const former = file.formerNotices.some((notice) => notice.docId === docId);
  if (!replaced && !former) return null;
  return {
    code: "document.outdated",
    messageZh: "该文书已被新的文书代替或者不再有效，请送达现行的文书。",
    messageEn: "This document has been replaced or no longer stands; serve the one that does.",
  };
}

function refuseServedBefore(file: CaseFile, docId: string): Refusal | null {
  const served = file.services.find((service) => service.docId === docId && service.servedOn !== null);
  if (served === undefined) return null;
  return {
    code: "service.served_before",
    messageZh: `该文书已于${formatDateZh(served.servedOn ?? "")}送达，无需重复送达。`,
    messageEn: `It was served on ${served.servedOn} already.`,
  };
}

/** 行政处罚法 61(2): only where the party agreed, has signed, and has not taken it back. */
function refuseUnconfirmedAddress(file: CaseFile, { details, attemptedOn }: StepOf<"serve">): Refusal | null {
  const confirmed = file.addressConfirmation;
  const named = confirmed?.channels.some(
    ({ channel, address }) => channel === details.channel && address === details.address,
  );
  const inForce = confirmed !== null && confirmed.revokedOn === null && confirmed.signedOn <= attemptedOn;
  if (inForce && named === true) return null;
  return {
    code: "service.not_agreed",
    article: "xzcf:61(2)",
    messageZh: "当事人没有签订确认书同意以该渠道和地址电子送达（或已撤回），请改用其他方式送达。",
    messageEn:
      "The party has not agreed in writing to this channel and address, or has taken it back; serve another way.",
  };
}

function refuseIndirect(file: CaseFile, { docId, details }: StepOf<"serve">): Refusal | null {
  const tried = file.services.some(
    (service) => service.docId === docId && service.method === "direct" && service.outcome === "failed",
  );
  if (tried || isFilled(details.whyNotDirect)) return null;
  return {
    code: "service.direct_first",
    article: "mss:91",
    messageZh: "直接送达有困难的才可以邮寄或者委托送达，请先直接送达或者写明困难的原因。",
    messageEn:
      "By mail or through others only where direct service is difficult; try that first or say why it is.",
  };
}

/** 民事诉讼法 95: nobody is found, or every other way has failed. */
function refusePublicNotice(file: CaseFile, { docId, outcome }: StepOf<"serve">): Refusal | null {
  const failed = file.services.some(
    (service) =>
      service.docId === docId && service.outcome === "failed" && service.method !== "public_notice",
  );
  const running = file.services.some((service) => service.docId === docId && service.outcome === "running");
  if (running || outcome === "failed") {
    return {
      code: "service.notice_posted_once",
      article: "mss:95",
      messageZh: "公告送达自张贴之日登记一次，期满即视为送达；没有张贴的不登记。",
      messageEn:
        "A public notice is recorded once, on the day it is posted, and serves when its time is over.",
    };
  }
  if (failed) return null;
  return {
    code: "service.notice_is_last",
    article: "mss:95",
    messageZh: "其他方式无法送达的才可以公告送达，请先以其他方式送达并登记未成功的情况。",
    messageEn: "A public notice is the last resort: try another way first and record that it failed.",
  };
}

const personServes: Refusal = {
  code: "service.person_required",
  article: "xzcf:61",
  messageZh: "系统只能办理电子送达，其他送达方式须由执法人员办理并登记。",
  messageEn: "The system serves electronically only; every other way is an officer's work.",
};
