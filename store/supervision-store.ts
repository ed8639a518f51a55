import type { CaseFile } from "../casework/case/case-file.ts";
import { withOverlay, without } from "../casework/case/overlays.ts";
import type { StepFacts } from "../casework/case/step-facts.ts";
import { type LocalDate, MissingCalendarError } from "../casework/clocks/clock.ts";
import { dueAfter, lastDay } from "../casework/clocks/due.ts";
import { runChecks } from "../casework/supervision/checks.ts";
import type { Finding } from "../casework/supervision/finding.ts";
import type { Act } from "./act.ts";
import { lockCase, updateCase } from "./case-record.ts";
import type { IssueTools } from "./document-store.ts";
import type { Queryable, Tx } from "./pool.ts";
import { readSupervisionFacts } from "./supervision-facts.ts";
import { issueLetter } from "./supervision-letter.ts";
import { appendTimeline } from "./timeline-store.ts";

/** Supervision acts for itself, whoever took the step that it looks at. */
export function supervisionAct(act: Act): Act {
  return { ...act, actor: { kind: "system", name: "supervision" }, scope: "every" };
}

export interface Supervised {
  /** Items that were opened now. */
  readonly raised: readonly string[];
  /** The case's version after its flag was set or taken off; undefined: it stayed as it was. */
  readonly version: number | undefined;
}

/**
 * Runs every check over a case and opens an item for whatever is new, each with its letter (N20). Call it while the case is
 * locked, with the file as it was written. Never refuses: what is wrong is for people to see to.
 */
export async function superviseCase(
  tx: Tx,
  act: Act,
  tools: IssueTools,
  file: CaseFile,
  facts: StepFacts,
): Promise<Supervised> {
  // An archived file is read-only.
  if (file.state === "archived") return { raised: [], version: undefined };
  const findings = runChecks(file, await readSupervisionFacts(tx, file, facts));
  const raised = await recordFindings(tx, act, file.caseId, findings, replyDue(facts));
  for (const itemId of raised) await issueLetter(tx, supervisionAct(act), tools, { itemId, file, facts });
  return { raised, version: await supervisedOverlay(tx, act, file.caseId) };
}

/** Last day to answer an item that is raised today; null while the calendar of its year is not loaded. */
export function replyDue({
  today,
  parameters,
  calendar,
}: Pick<StepFacts, "today" | "parameters" | "calendar">): LocalDate | null {
  try {
    return lastDay(dueAfter(today, parameters.get("supervision.reply"), calendar));
  } catch (error) {
    if (error instanceof MissingCalendarError) return null;
    throw error;
  }
}

/**
 * One item per case, check and finding, however often it is found. What no longer holds stays until a person closes it, and
 * what a person has closed stays closed. Returns the new items' ids.
 */
export async function recordFindings(
  tx: Tx,
  act: Act,
  caseId: string,
  findings: readonly Finding[],
  dueOn: LocalDate | null,
): Promise<string[]> {
  const by = supervisionAct(act);
  const raised: string[] = [];
  for (const { code, key, zh, en, evidence } of findings) {
    const itemId = act.newId("svi");
    const { rowCount } = await tx.query(
      `insert into supervision_items (id, case_id, region, check_code, finding_key, evidence, message_zh, message_en,
         owner, due_on, state, raised_at)
       select $1, cases.id, cases.region, $3, $4, $5, $6, $7,
         (select users.id from users where users.id = cases.file #>> '{handlers,0}'), $8, 'open', $9
       from cases where cases.id = $2
       on conflict (case_id, check_code, finding_key) do nothing`,
      [itemId, caseId, code, key, JSON.stringify(evidence), zh, en, dueOn, new Date(act.at)],
    );
    if (rowCount === 0) continue;
    raised.push(itemId);
    await appendTimeline(tx, by, {
      kind: "case",
      id: caseId,
      action: "supervision_raise",
      from: null,
      to: null,
      why: zh,
      detail: { itemId, check: code, dueOn },
    });
  }
  return raised;
}

/**
 * 被督办: the case says that it is supervised while an item is not closed. The one thing supervision writes into a case, by the
 * system and on its timeline. Returns the case's version where that changed it.
 */
export async function supervisedOverlay(tx: Tx, act: Act, caseId: string): Promise<number | undefined> {
  const by = supervisionAct(act);
  const before = await lockCase(tx, by, caseId);
  const { file } = before;
  const open = await countOpenItems(tx, caseId);
  if (file.state === "archived" || file.overlays.includes("supervised") === open > 0) return undefined;
  const change = open > 0 ? withOverlay : without;
  const { version } = await updateCase(tx, before, {
    ...file,
    overlays: change(file.overlays, "supervised"),
  });
  await appendTimeline(tx, by, {
    kind: "case",
    id: caseId,
    action: open > 0 ? "supervised" : "no_longer_supervised",
    from: file.state,
    to: file.state,
    detail: { openItems: open },
  });
  return version;
}

async function countOpenItems(db: Queryable, caseId: string): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `select count(*)::integer as open from supervision_items as items
     where items.case_id = $1 and items.state <> 'closed'`,
    [caseId],
  );
  return rows[0]?.open ?? 0;
}

/** Cases that checks still look at, by id after the one named. */
export async function listCasesToSupervise(db: Queryable, after: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "select cases.id from cases where cases.id > $1 and cases.state <> 'archived' order by cases.id limit $2",
    [after, limit],
  );
  return rows.map(({ id }) => id);
}
