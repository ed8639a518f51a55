import type { EpochMs } from "../local-time.ts";
import { isFilled, type Refusal } from "../refusal.ts";
import { type LookResult, lookResults } from "../warning/recheck-verdict.ts";

/**
 * What "corrected" or "not corrected" rests on (I8, I9): the camera's second look, which only proposes, or what the
 * officer saw with their own eyes, on the spot or in the picture.
 */
export type Finding =
  | { readonly kind: "recheck"; readonly recheckId: string; readonly result: LookResult }
  | { readonly kind: "own_observation" };

/** Null when this finding and note carry "corrected". `state`: where the incident stands. */
export function refuseCorrected(state: string, finding: Finding, note: string): Refusal | null {
  if (finding.kind === "recheck" && state === "dispatched") {
    return {
      code: "incident.site_finding_required",
      messageZh: "已转现场核实的事件，应以执法人员现场所见为准，请写明现场情况。",
      messageEn: "It was dispatched: what the officer found on the spot decides, not the camera.",
    };
  }
  return refuseContradiction(finding, "gone") ?? refuseNoNote(note);
}

/** Null when this finding and note carry "not corrected", which nobody can say while the grace runs. */
export function refuseNotCorrected(
  graceUntil: EpochMs | null,
  finding: Finding,
  note: string,
  now: EpochMs,
): Refusal | null {
  if (graceUntil !== null && now < graceUntil) {
    return {
      code: "incident.grace_running",
      messageZh: "改正宽限期尚未届满，不能认定为未改正。",
      messageEn: "The grace has not run out yet: nobody can say it was not corrected.",
    };
  }
  return refuseContradiction(finding, "still_there") ?? refuseNoNote(note);
}

function refuseContradiction(finding: Finding, needed: LookResult): Refusal | null {
  if (finding.kind !== "recheck" || finding.result === needed) return null;
  const shown = lookResults[finding.result];
  return {
    code: "incident.recheck_contradicts",
    messageZh: `复查结果为“${shown.zh}”，不能据此认定；如您亲自查看的情况不同，请以本人观察为依据并写明情况。`,
    messageEn: `The second look showed "${shown.en}", which does not carry this; if you saw otherwise, say so as your own observation.`,
  };
}

function refuseNoNote(note: string): Refusal | null {
  if (isFilled(note)) return null;
  return {
    code: "incident.note_required",
    messageZh: "请写明复查情况。",
    messageEn: "Say what the second look showed.",
  };
}
