import { type CaseState, caseStates } from "../../casework/case/case-states.ts";
import {
  caseTable,
  decidedStates,
  endedStates,
  runningStates,
  stepNames,
  type TableRow,
} from "../../casework/case/case-table.ts";
import { clockKinds } from "../../casework/clocks/clock.ts";
import { roleNames, rolesWith } from "../../casework/roles.ts";
import { markdownTable } from "./markdown.ts";
import { stepLeaves } from "./step-effects.ts";

const all = Object.keys(caseStates) as CaseState[];
const beforeFiling: readonly CaseState[] = ["clue_verification", "filing_pending"];

/** Names for what would be a long list of states; larger ones come first. */
const groups: readonly { readonly zh: string; readonly states: readonly CaseState[] }[] = [
  { zh: "全部未结案状态", states: all.filter((state) => state !== "closed" && state !== "archived") },
  { zh: "决定后", states: decidedStates },
  {
    zh: "立案后至决定前",
    states: runningStates.filter((state) => !decidedStates.includes(state) && !beforeFiling.includes(state)),
  },
  { zh: "已终了", states: endedStates },
  { zh: "立案前", states: beforeFiling },
];

/** The procedure as a table: `casework/case/case-table.ts` with what each step leaves behind. */
export function caseTableMarkdown(): string {
  const head = ["步骤 step", "从 from", "到 to", "办理人 who", "条件 guards", "文书", "起算的期限 clocks"];
  return markdownTable(
    head,
    stepNames.map((name) => {
      const row: TableRow = caseTable[name];
      const { documents = [], clocks = [] } = stepLeaves[name];
      return [
        `${row.ref} **${row.zh}** \`${name}\``,
        statesZh(row.from),
        destination(row),
        whoZh(row),
        row.guards.map((guard) => `\`${guard}\``).join(" "),
        documents.join(" "),
        clocks.map((kind) => clockKinds[kind]).join("、"),
      ];
    }),
  );
}

/** The names for groups of states, with their members. */
export function groupsMarkdown(): string {
  return groups
    .map(({ zh, states }) => `- **${zh}**：${states.map((state) => caseStates[state]).join("、")}`)
    .join("\n");
}

function statesZh(states: readonly CaseState[]): string {
  const names: string[] = [];
  let rest = [...new Set(states)];
  for (const group of groups) {
    if (!group.states.every((state) => rest.includes(state))) continue;
    names.push(group.zh);
    rest = rest.filter((state) => !group.states.includes(state));
  }
  return [...names, ...rest.map((state) => caseStates[state])].join("、");
}

function destination({ from, to }: TableRow): string {
  if (to.length === 0) return "—";
  const others = to.filter((state) => !from.includes(state));
  const stays = to.some((state) => from.includes(state)) && to.length > 1;
  // Where a step may leave the case where it is, only the places it may lead to besides are news.
  if (!stays) return statesZh(to);
  return others.length === 0 ? "视情形" : `不变，或者${statesZh(others)}`;
}

function whoZh({ by, partyToo, systemToo }: TableRow): string {
  return [
    ...(by === null ? ["系统"] : rolesWith(by).map((role) => roleNames[role].zh)),
    ...(partyToo === true ? ["当事人"] : []),
    ...(systemToo === true ? ["系统"] : []),
  ].join("、");
}
