import type { ParameterKey, Parameters } from "../parameters.ts";
import type { Refusal } from "../refusal.ts";

/** Why these values cannot be relied on yet: the law does not set them, and nobody of the agency has confirmed them. */
export function refuseUnconfirmed(keys: readonly ParameterKey[], parameters: Parameters): Refusal | null {
  const open = keys.filter((key) => !parameters.isConfirmed(key));
  if (open.length === 0) return null;
  return {
    code: "parameters.unconfirmed",
    messageZh: `以下参数尚未由法制审核人员确认：${open.join("、")}。请先确认再办理。`,
    messageEn: `These parameters have not been confirmed by a legal reviewer: ${open.join(", ")}. Confirm them first.`,
  };
}
