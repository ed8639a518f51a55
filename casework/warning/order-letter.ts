import { formatEn, formatZh } from "../local-time.ts";
import type { Letters, WarningFacts } from "./warning.ts";

/** What an order says beyond a request: to whom, and why asking was not enough. */
export interface OrderFacts extends WarningFacts {
  readonly addresseeZh: string;
  readonly reasonZh: string;
}

/**
 * 责令改正 in writing, the ladder's second rung (行政处罚法 28). It is no penalty; the letter says what was found, on what
 * it rests, what to do by when, that one may state and defend, and what follows. The numbered document is made of it.
 */
export function composeOrder(facts: OrderFacts): Letters {
  return {
    zh: {
      title: "责令改正通知",
      salutation: `${facts.addresseeZh}：`,
      paragraphs: [
        `经查，${formatZh(facts.occurredAt)}，在${facts.place}存在${facts.violationZh}的情况，记录已经工作人员审核。`,
        `依据${facts.basisZh}，现责令你（单位）于${formatZh(facts.graceUntil)}前${facts.requestZh}。`,
        `采取书面责令的理由：${facts.reasonZh}。`,
        "你（单位）有权进行陈述和申辩，我机关不因此作出更不利的处理。期满我们将复查；逾期未改正的，将依法立案处理。",
      ],
      signature: facts.agencyZh,
      date: formatZh(facts.writtenAt),
    },
    en: {
      title: "Order to put it right",
      salutation: "To whom it concerns,",
      paragraphs: [
        `On ${formatEn(facts.occurredAt)} the following was found at ${facts.place}: ${facts.violationEn}. A member of our staff has checked the record.`,
        `On the basis of ${facts.basisEn} you are ordered to ${facts.requestEn} by ${formatEn(facts.graceUntil)}.`,
        "You may state your case and defend yourself; that is never held against you. We will look again then; what is not put right in time leads to a case.",
      ],
      signature: facts.agencyEn,
      date: formatEn(facts.writtenAt),
    },
  };
}
