import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { refuseChangedPenalty } from "./changed-penalty.ts";
import { penaltyInForce } from "./decision-in-force.ts";
import { type RemedyOutcome, remedyOutcomes } from "./remedy-outcomes.ts";
import type { StepFacts } from "./step-facts.ts";
import type { StepOf } from "./step-input.ts";

/** Outcomes of reviews and suits that the decision has not been changed after, by whose they are. */
export function unexecutedOutcomes(
  file: CaseFile,
): readonly { readonly by: RemedyOutcome["by"]; readonly kind: string }[] {
  return remedyOutcomes(file).flatMap(({ by, kind, asks, change }) =>
    asks && kind !== null && change === null ? [{ by, kind }] : [],
  );
}

/** The decision still stands although a review body or a court has decided against it. */
export function awaitsChange(file: CaseFile): boolean {
  return penaltyInForce(file) !== null && unexecutedOutcomes(file).length > 0;
}

/** Why a decision cannot be changed this way (行政处罚法 48, 75; 行政复议法 63; 行政诉讼法 77). */
export function refuseChange(
  file: CaseFile,
  step: StepOf<"change_decision">,
  facts: StepFacts,
): Refusal | null {
  const before = penaltyInForce(file);
  if (file.decision === null || before === null) return nothingInForce();
  if (step.by === "agency" && step.kind !== "changed" && step.kind !== "revoked") return notForAgency();
  if (step.by !== "agency") {
    const ruled = unexecutedOutcomes(file).some(({ by, kind }) => by === step.by && kind === step.kind);
    if (!ruled) return noOutcome();
  }
  const gone = step.kind === "revoked" || step.kind === "void";
  if (gone && step.penalty !== null) return penaltyMismatch();
  if (step.kind === "changed" && step.penalty === null) return penaltyMismatch();
  if (step.penalty === null) return null;
  return refuseChangedPenalty(file, step.penalty, before, facts);
}

function nothingInForce(): Refusal {
  return {
    code: "change.no_decision",
    messageZh: "没有正在生效的处罚决定可以变更或撤销，请核对案件状态。",
    messageEn: "There is no decision in force to change or revoke; check the state of the case.",
  };
}

function notForAgency(): Refusal {
  return {
    code: "change.not_for_agency",
    article: "xzss:74",
    messageZh: "确认违法、确认无效由复议机关或者法院作出；本机关自行纠正的，请选择变更或者撤销。",
    messageEn:
      "Only a review body or a court holds a decision unlawful or void; the agency changes or revokes it.",
  };
}

function noOutcome(): Refusal {
  return {
    code: "change.no_outcome",
    messageZh: "没有与之对应、尚未执行的复议决定或者裁判，请先登记结果，并按其内容办理。",
    messageEn:
      "No outcome of a review or suit says so, or it was carried out before; record the outcome first.",
  };
}

function penaltyMismatch(): Refusal {
  return {
    code: "change.penalty",
    messageZh: "变更决定须写明变更后的处罚；撤销或者确认无效的，不再有处罚，请核对。",
    messageEn: "A changed decision names the new penalty; a revoked or void one has none.",
  };
}
