import type { Payload } from "../../queue/jobs.ts";
import { newId } from "../../runtime/ids.ts";
import { fireCaseClocks, listCasesWithDueClocks } from "../../store/clock-store.ts";
import { withTx } from "../../store/pool.ts";
import type { WorkerContext } from "../context.ts";
import { superviseAll } from "./supervise.ts";

const CASES_AT_ONCE = 200;

/**
 * Takes what fell due by a date in every case: one transaction a case, so that one that fails does not hold up the rest.
 * The clocks are in Postgres; this job only looks. Run twice it does nothing twice.
 */
export async function fireClocks(context: WorkerContext, payload: Payload<"clocks">): Promise<void> {
  const failed: string[] = [];
  for (let after = ""; ; ) {
    const caseIds = await listCasesWithDueClocks(context.pool, payload.date, after, CASES_AT_ONCE);
    for (const caseId of caseIds) {
      const act = {
        actor: { kind: "system", name: "clock-worker" },
        scope: "every",
        at: context.clock.now(),
        newId,
      } as const;
      try {
        const done = await withTx(context.pool, (tx) => fireCaseClocks(tx, act, context.casework, caseId));
        if (done.length > 0) context.log.info({ caseId, done }, "clocks fired");
      } catch (err) {
        failed.push(caseId);
        context.log.error({ err, caseId }, "clocks of this case could not be fired");
      }
    }
    const last = caseIds.at(-1);
    if (last === undefined || caseIds.length < CASES_AT_ONCE) break;
    after = last;
  }
  const supervised = await superviseAll(context).then(
    () => undefined,
    (error: unknown) => error,
  );
  // The job is tried again: what worked is not due any more.
  const faults = failed.length > 0 ? [new Error(`clocks of ${failed.length} cases could not be fired`)] : [];
  const all = supervised === undefined ? faults : [...faults, supervised];
  if (all.length > 0)
    throw new AggregateError(
      all,
      all.map((fault) => (fault instanceof Error ? fault.message : "")).join("; "),
    );
}
