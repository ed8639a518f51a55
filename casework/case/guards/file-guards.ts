import { isFilled } from "../../refusal.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { evidenceGuards } from "./evidence-guards.ts";
import { filingGuards } from "./filing-guards.ts";
import { investigationGuards } from "./investigation-guards.ts";
import { simpleGuards } from "./simple-guards.ts";

/** Where a step says why, under whatever name. */
const TEXTS: readonly string[] = ["reason", "reasons", "note", "text", "report", "education", "receiver"];

/** What the file and the step must hold. */
export const fileGuards = {
  ...evidenceGuards,
  ...filingGuards,
  ...investigationGuards,
  ...simpleGuards,

  reason_given: ({ step }) => {
    const texts = Object.entries(step).filter(([field]) => TEXTS.includes(field));
    if (texts.every(([, text]) => typeof text === "string" && isFilled(text))) return null;
    return {
      code: "step.reason_required",
      messageZh: "请写明理由或内容，不能留空。",
      messageEn: "Say why, or what it contains; it cannot be left blank.",
    };
  },

  party_known: ({ file }) => {
    if (isFilled(file.party?.name)) return null;
    return {
      code: "party.unknown",
      article: "xzcf:59",
      messageZh: "尚未查明当事人，请先登记当事人。",
      messageEn: "Who the party is has not been established; register the party first.",
    };
  },
} as const satisfies Partial<Record<GuardName, Guard>>;
