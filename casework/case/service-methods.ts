import { isFilled } from "../refusal.ts";
import type { ServiceMethod } from "./case-file.ts";

/** What is written down about a service, by its name in `ServiceRecord.details`. */
export const serviceDetails = {
  receiver: "签收人",
  receiverRole: "签收人身份（本人、同住成年家属、法定代表人、收发部门等）",
  reason: "原因",
  witnesses: "见证人",
  photo: "送达过程照片、录像",
  channel: "电子送达渠道",
  address: "送达地址",
  messageId: "消息编号",
  arrivalProof: "到达特定系统的凭证",
  whyNotDirect: "直接送达有困难的原因",
  trackingNo: "邮件编号",
  slip: "回执",
  entrusted: "受委托机关",
  relayedBy: "转交单位",
  postedAt: "公告方式和地点",
  screenshot: "公告截图或照片",
} as const;

export type ServiceDetail = keyof typeof serviceDetails;

export interface ServiceRule {
  /** What must be so before this way is open. */
  readonly needs: "nothing" | "address_confirmed" | "direct_difficult" | "attempt_failed";
  /** Each line must be filled; of a list, one is enough. */
  readonly record: readonly (ServiceDetail | readonly ServiceDetail[])[];
  readonly article: string;
}

/** The ways to serve (行政处罚法 61, 民事诉讼法 87–95), most direct first. */
export const serviceRules = {
  direct: { needs: "nothing", record: ["receiver", "receiverRole"], article: "mss:88" },
  leave: { needs: "nothing", record: ["reason", ["witnesses", "photo"]], article: "mss:89" },
  electronic: {
    needs: "address_confirmed",
    record: ["channel", "address", "messageId", "arrivalProof"],
    article: "xzcf:61(2)",
  },
  mail: { needs: "direct_difficult", record: ["trackingNo", "slip"], article: "mss:91" },
  entrust: { needs: "direct_difficult", record: ["entrusted", "receiver"], article: "mss:91" },
  relay: { needs: "nothing", record: ["relayedBy", "reason", "receiver"], article: "mss:92" },
  public_notice: {
    needs: "attempt_failed",
    record: ["reason", "postedAt", "screenshot"],
    article: "mss:95",
  },
} as const satisfies Record<ServiceMethod, ServiceRule>;

/** What the record still lacks, in words. Of an attempt that failed, whatever the way, only why is needed. */
export function missingDetails(
  method: ServiceMethod,
  outcome: "served" | "failed",
  details: Readonly<Record<string, string>>,
): string[] {
  const lines: ServiceRule["record"] = outcome === "failed" ? ["reason"] : serviceRules[method].record;
  return lines
    .map((line) => (typeof line === "string" ? [line] : line))
    .filter((oneOf) => !oneOf.some((name) => isFilled(details[name])))
    .map((oneOf) => oneOf.map((name) => serviceDetails[name]).join("或者"));
}
