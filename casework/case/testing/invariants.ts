import type { CaseState } from "../case-states.ts";
import { caseTable, type TableRow } from "../case-table.ts";
import { decisionInvariants } from "./decision-invariants.ts";
import { endingInvariants } from "./ending-invariants.ts";
import { type Invariants, ids } from "./moment.ts";

const BEFORE_DECISION: readonly CaseState[] = [
  "filed",
  "investigating",
  "investigated",
  "notice_served",
  "statement_review",
  "hearing",
  "legal_review",
  "collective_discussion",
  "decision_pending",
];
/** What must hold after every accepted step, whatever was tried before. */
export const invariants: Invariants = {
  "states change only along the table": ({ before, after, step }) => {
    const row: TableRow = caseTable[step.step];
    return row.from.includes(before.state) && (after.state === before.state || row.to.includes(after.state));
  },
  "an archived file never changes": ({ before }) => before.state !== "archived",
  "nothing on record disappears: documents, evidence, services, receipts, statements, former notices": ({
    before,
    after,
  }) =>
    ids(after).length >= ids(before).length &&
    ids(before).every((id) => ids(after).includes(id)) &&
    before.documents.every((document, index) => after.documents[index] === document),
  ...decisionInvariants,
  ...endingInvariants,
  "one clock of a kind runs for one subject": ({ after }) => {
    const running = after.clocks
      .filter(({ state }) => state === "running")
      .map((c) => `${c.kind} ${c.subject}`);
    return new Set(running).size === running.length;
  },
  "the time to verify or decide does not run on after the case has left that stage": ({ after }) =>
    after.clocks.every(
      ({ kind, state }) =>
        state !== "running" ||
        (kind === "clue_verification" && ["clue_verification", "filing_pending"].includes(after.state)) ||
        (kind === "decision" && BEFORE_DECISION.includes(after.state)) ||
        !["clue_verification", "decision"].includes(kind),
    ),
};
