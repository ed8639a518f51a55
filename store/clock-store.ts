import { lapsePartyClocks, nextDueStep } from "../casework/case/due-steps.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import { lastDay } from "../casework/clocks/due.ts";
import { localDate } from "../casework/local-time.ts";
import type { Act } from "./act.ts";
import { lockCase, updateCase } from "./case-record.ts";
import { type CaseTools, takeCaseStep } from "./case-store.ts";
import type { Queryable, Tx } from "./pool.ts";
import { readStepFacts } from "./step-facts.ts";
import { appendTimeline } from "./timeline-store.ts";

/** Cases with a running clock whose last day is over, or with a public notice that runs. In order of their ids. */
export async function listCasesWithDueClocks(
  db: Queryable,
  date: LocalDate,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select cases.id from cases
     where cases.id > $2 and (
       exists (select 1 from case_clocks as clocks where clocks.case_id = cases.id and clocks.state = 'running'
               and coalesce(clocks.legal_due, clocks.strict_due) < $1::date)
       or cases.file @> '{"services": [{"outcome": "running"}]}')
     order by cases.id limit $3`,
    [date, after, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Everything in one case whose day has come: steps nobody takes by hand, windows that closed. Once per event however
 * often it is called: what was done is not due any more. Returns what it did.
 */
export async function fireCaseClocks(tx: Tx, act: Act, tools: CaseTools, caseId: string): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const { file } = await lockCase(tx, act, caseId);
    const step = nextDueStep(file, await readStepFacts(tx, act, file, { book: tools.book }));
    if (step === null) break;
    await takeCaseStep(tx, act, tools, { caseId, step });
    done.push(step.step);
  }
  const before = await lockCase(tx, act, caseId);
  const { file, lapsed } = lapsePartyClocks(before.file, { today: localDate(act.at) });
  if (lapsed.length === 0) return done;
  await updateCase(tx, before, file);
  for (const { clock, zh } of lapsed) {
    await appendTimeline(tx, act, {
      kind: "case",
      id: caseId,
      action: "clock_lapsed",
      from: file.state,
      to: file.state,
      why: zh,
      detail: { clock: clock.kind, subject: clock.subject, lastDay: lastDay(clock) },
    });
    done.push(`lapsed:${clock.kind}`);
  }
  return done;
}

export interface DueClock {
  readonly caseId: string;
  readonly caseNo: string | null;
  readonly kind: string;
  readonly subject: string;
  readonly strictDue: LocalDate;
  readonly legalDue: LocalDate | null;
}

/** Agencies' running clocks that end by a day, soonest first: what a desk warns against (`strictDue`). */
export async function listAgencyClocks(
  db: Queryable,
  prefixes: readonly string[],
  until: LocalDate,
  limit: number,
): Promise<DueClock[]> {
  const { rows } = await db.query<DueClock>(
    `select clocks.case_id as "caseId", cases.case_no as "caseNo", clocks.kind, clocks.subject,
       clocks.strict_due::text as "strictDue", clocks.legal_due::text as "legalDue"
     from case_clocks as clocks join cases on cases.id = clocks.case_id
     where clocks.state = 'running' and clocks.duty = 'agency' and clocks.strict_due <= $2::date
       and exists (select 1 from unnest($1::text[]) as scope (prefix) where starts_with(cases.region, scope.prefix))
     order by clocks.strict_due, clocks.case_id, clocks.kind limit $3`,
    [prefixes, until, limit],
  );
  return rows;
}
