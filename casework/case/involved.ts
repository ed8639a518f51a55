import type { Permission } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";
import type { TableRow } from "./case-table.ts";
import type { StepContext } from "./engine.ts";

const JUDGING: readonly Permission[] = [
  "case.endorse",
  "case.approve",
  "case.review_law",
  "case.host_hearing",
];

/**
 * Who has had a hand in the case after this step: as a handler, or as one who judged what handlers did. Written down in
 * itself, because officers are replaced and notices, hearings and proposals are made anew, and whoever did the one never
 * does the other.
 */
export function involved(context: StepContext, row: TableRow): Pick<CaseFile, "handledBy" | "judgedBy"> {
  const { file } = context;
  return {
    handledBy: [...new Set([...file.handledBy, ...handling(context, row)])],
    judgedBy: [...new Set([...file.judgedBy, ...judging(context, row)])],
  };
}

function handling({ step, actor }: StepContext, row: TableRow): readonly string[] {
  if (actor.kind !== "user" || row.by !== "case.handle") return [];
  const named = step.step === "assign_officers" || step.step === "serve" ? step.officers : [];
  return [actor.userId, ...named];
}

function judging({ step, actor }: StepContext, row: TableRow): readonly string[] {
  if (actor.kind !== "user" || row.by === null || !JUDGING.includes(row.by)) return [];
  if (step.step === "conclude_discussion" || (step.step === "extend_decision" && step.afterDiscussion))
    return [actor.userId, ...step.members];
  return step.step === "schedule_hearing" ? [actor.userId, step.hostId] : [actor.userId];
}
