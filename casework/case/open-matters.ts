import { type ClockKind, clockKinds } from "../clocks/clock.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { awaitsChange } from "./decision-change.ts";
import type { StepFacts } from "./step-facts.ts";

/** Duties of the agency that begin with the closing itself. */
const AFTER_CLOSING: readonly ClockKind[] = ["archive"];

/** Everything that keeps a case from being closed (C26): tasks, deadlines, remedies and supervision items. */
export function openMatters(
  file: CaseFile,
  { openSupervisionItems }: Pick<StepFacts, "openSupervisionItems">,
): Refusal[] {
  const checks: readonly (Refusal | false)[] = [
    file.preservations.some(({ resolved }) => resolved === null) && {
      code: "closing.preservation_open",
      article: "xzcf:56",
      messageZh: "先行登记保存的证据尚未处理，请先作出处理。",
      messageEn: "Preserved evidence has not been dealt with; decide about it first.",
    },
    file.statements.some(({ review }) => review === null) && {
      code: "closing.statement_open",
      article: "xzcf:45",
      messageZh: "还有陈述申辩意见未复核，请先复核。",
      messageEn: "A statement of the party has not been reviewed; review it first.",
    },
    // One that never reached the party obliges nobody.
    file.orders.some(({ servedOn, recheck }) => servedOn !== null && recheck === null) && {
      code: "closing.order_open",
      article: "xzcf:28(1)",
      messageZh: "还有责令改正未复查，请先登记复查情况。",
      messageEn: "An order to correct has not been checked again; record the check first.",
    },
    file.services.some(({ outcome }) => outcome === "running") && {
      code: "closing.service_open",
      article: "mss:95",
      messageZh: "还有公告送达尚未期满，请待期满后再办理。",
      messageEn: "A public notice is still running; wait until its time is over.",
    },
    hasOpenRemedy(file) && {
      code: "closing.remedy_open",
      messageZh: "行政复议或者行政诉讼尚未结束，请待有结果后再办理。",
      messageEn: "A review or a suit is still running; wait for its outcome.",
    },
    awaitsChange(file) && {
      code: "closing.outcome_open",
      messageZh: "复议决定或者裁判尚未执行，请先据此变更或者撤销处罚决定。",
      messageEn:
        "The outcome of a review or suit has not been carried out; change the decision accordingly first.",
    },
    openSupervisionItems > 0 && {
      code: "closing.supervision_open",
      messageZh: `还有${openSupervisionItems}项督办事项未办结，请先答复并由督办单位销号。`,
      messageEn: `${openSupervisionItems} supervision items are open; answer them and have them closed first.`,
    },
    ...openDuties(file),
  ];
  return checks.filter((check) => check !== false);
}

function openDuties({ clocks }: CaseFile): Refusal[] {
  return clocks
    .filter(
      ({ state, duty, kind }) => state === "running" && duty === "agency" && !AFTER_CLOSING.includes(kind),
    )
    .map(({ kind }) => ({
      code: "closing.deadline_open",
      messageZh: `“${clockKinds[kind]}”的期限尚未了结，请先办理。`,
      messageEn: `A duty of the agency is still running (${kind}); see to it first.`,
    }));
}

function hasOpenRemedy(file: CaseFile): boolean {
  return (
    file.overlays.includes("in_review") ||
    file.overlays.includes("in_litigation") ||
    file.reviews.some(({ outcome }) => outcome === null) ||
    file.litigations.some(({ outcome }) => outcome === null)
  );
}
