import { caseStates } from "../../casework/case/case-states.ts";
import { caseTable } from "../../casework/case/case-table.ts";
import { incidentStates } from "../../casework/incident/incident-lifecycle.ts";
import type { TransitionLine } from "./store-driver.ts";

const stories: Readonly<Record<string, string>> = {
  corrected: "一 劝导改正",
  ordinary: "二 普通程序",
  simplified: "三 简易程序",
};

/** One line for people: `二 普通程序  2026-03-05  作出行政处罚决定 → 已决定  [D09 武综执罚决字〔2026〕第001号]`. */
export function describeLine(line: TransitionLine): string {
  const head = `${stories[line.story] ?? line.story}  ${line.on}  ${nameOf(line.step)}`;
  if (line.type === "refused") return `${head} ✗ ${line.code}  ${line.messageZh ?? ""}`;
  const documents = (line.documents ?? []).map(({ code, number, title }) => `${code} ${number ?? title}`);
  return [
    `${head} → ${stateOf(line.state)}`,
    ...(documents.length > 0 ? [`[${documents.join("，")}]`] : []),
  ].join("  ");
}

function nameOf(step: string): string {
  return (caseTable as Record<string, { zh: string } | undefined>)[step]?.zh ?? step;
}

function stateOf(state: string | undefined): string {
  if (state === undefined) return "";
  return { ...incidentStates, ...caseStates }[state as keyof typeof caseStates] ?? state;
}
