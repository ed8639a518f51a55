import { type EpochMs, formatEn, formatZh } from "../local-time.ts";

/** 远端劝导: a letter that asks to put something right. Not a penalty, and never a precondition of rights. */
export const warningStates = {
  draft: "待发送",
  sent: "已发送",
  delivered: "已送达",
  failed: "发送失败",
  opened: "已阅读",
} as const;

export type WarningState = keyof typeof warningStates;

/** How far one channel got. `sent`: handed over, no receipt yet. */
export const deliveryStates = ["pending", "sent", "delivered", "failed"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A warning is as far as its best channel; one that was opened has certainly arrived. */
export function warningStateOf(deliveries: readonly DeliveryState[], opened: boolean): WarningState {
  if (opened) return "opened";
  if (deliveries.includes("delivered")) return "delivered";
  if (deliveries.includes("sent")) return "sent";
  return deliveries.length > 0 && deliveries.every((state) => state === "failed") ? "failed" : "draft";
}

/** What the letter needs to say. No name, no plate: whom it is for is not known at this level. */
export interface WarningFacts {
  readonly place: string;
  readonly occurredAt: EpochMs;
  /** The catalogue's names of what was seen. */
  readonly violationZh: string;
  readonly violationEn: string;
  /** What the party is asked to do, as the catalogue words it. */
  readonly requestZh: string;
  readonly requestEn: string;
  /** The provisions the matter rests on, as the law registry words them. */
  readonly basisZh: string;
  readonly basisEn: string;
  readonly agencyZh: string;
  readonly agencyEn: string;
  readonly graceUntil: EpochMs;
  readonly writtenAt: EpochMs;
}

/** One language's letter, part by part, so that a page can set it and a message can join it. */
export interface Letter {
  readonly title: string;
  readonly salutation: string;
  readonly paragraphs: readonly string[];
  readonly signature: string;
  readonly date: string;
}

export interface Letters {
  readonly zh: Letter;
  readonly en: Letter;
}

/** End of the time in which putting it right ends the matter. */
export function graceEnd(sentAt: EpochMs, graceSeconds: number): EpochMs {
  return sentAt + graceSeconds * 1000;
}

export function composeWarning(facts: WarningFacts): Letters {
  return { zh: letterZh(facts), en: letterEn(facts) };
}

/** The letter as plain text, for messages. */
export function letterText(letter: Letter): string {
  return [letter.title, letter.salutation, ...letter.paragraphs, letter.signature, letter.date].join("\n\n");
}

function letterZh(facts: WarningFacts): Letter {
  return {
    title: "温馨提示",
    salutation: "您好：",
    paragraphs: [
      `${formatZh(facts.occurredAt)}，我们在${facts.place}看到${facts.violationZh}的情况，记录已经工作人员审核。`,
      `请您在${formatZh(facts.graceUntil)}前${facts.requestZh}。到时我们会再看一次：及时改正且没有造成危害后果的，这件事到此为止，不予处罚。`,
      `依据：${facts.basisZh}。`,
      "这是一封提示，不是处罚决定。如果您认为情况不符，或者已经取得许可，可以随时向我们说明；说明情况不会给您带来任何不利后果。",
    ],
    signature: facts.agencyZh,
    date: formatZh(facts.writtenAt),
  };
}

function letterEn(facts: WarningFacts): Letter {
  return {
    title: "A friendly notice",
    salutation: "Hello,",
    paragraphs: [
      `On ${formatEn(facts.occurredAt)} we saw the following at ${facts.place}: ${facts.violationEn}. A member of our staff has checked the record.`,
      `Please ${facts.requestEn} by ${formatEn(facts.graceUntil)}. We will look again then: if it has been put right and no harm was done, the matter ends there, without a penalty.`,
      `Basis: ${facts.basisEn}.`,
      "This is a notice, not a penalty. If you think we are mistaken, or hold a permit, tell us at any time; telling us will never be held against you.",
    ],
    signature: facts.agencyEn,
    date: formatEn(facts.writtenAt),
  };
}
