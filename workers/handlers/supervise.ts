import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { lockCase } from "../../store/case-record.ts";
import { withTx } from "../../store/pool.ts";
import { readStepFacts } from "../../store/step-facts.ts";
import { listCasesToSupervise, superviseCase } from "../../store/supervision-store.ts";
import type { WorkerContext } from "../context.ts";

const CASES_AT_ONCE = 200;

/**
 * Every check over every case that is not archived: what days alone make wrong, no step shows. One transaction a case, so
 * that one that fails does not hold up the rest. Run twice it raises nothing twice.
 */
export async function superviseAll(
  context: Pick<WorkerContext, "pool" | "casework" | "clock" | "log">,
): Promise<void> {
  const failed: string[] = [];
  for (let after = ""; ; ) {
    const caseIds = await listCasesToSupervise(context.pool, after, CASES_AT_ONCE);
    for (const caseId of caseIds) {
      const act: Act = {
        actor: { kind: "system", name: "supervision" },
        scope: "every",
        at: context.clock.now(),
        newId,
      };
      try {
        const { raised } = await withTx(context.pool, async (tx) => {
          const { file } = await lockCase(tx, act, caseId);
          const facts = await readStepFacts(tx, act, file, { book: context.casework.book });
          return superviseCase(tx, act, context.casework, file, facts);
        });
        if (raised.length > 0) context.log.info({ caseId, raised }, "supervision items raised");
      } catch (err) {
        failed.push(caseId);
        context.log.error({ err, caseId }, "this case could not be checked");
      }
    }
    const last = caseIds.at(-1);
    if (last === undefined || caseIds.length < CASES_AT_ONCE) break;
    after = last;
  }
  // The job is tried again: what was raised is not raised twice.
  if (failed.length > 0) throw new Error(`${failed.length} cases could not be checked`);
}
