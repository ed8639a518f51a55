import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { WorkerContext } from "./context.ts";
import { rearm } from "./rearm.ts";
import type { WorkerRole } from "./registry.ts";

/** Redis may be lost at any time: within a minute everything is queued again. */
const EVERY_MS = 30_000;

/** Queues again, now and every half minute, whatever Postgres and the spool say ought to be queued. */
export async function keepArmed(
  context: WorkerContext,
  roles: readonly WorkerRole[],
  lifecycle: Lifecycle,
): Promise<void> {
  await rearm(context, roles, "start");
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const arm = () => {
    timer = setTimeout(() => {
      turn = rearm(context, roles, "again")
        .catch((err: unknown) => context.log.warn({ err }, "could not queue again what may be missing"))
        .then(() => {
          if (!lifecycle.signal.aborted) arm();
        });
    }, EVERY_MS);
  };
  arm();
  lifecycle.onClose("re-arming", () => {
    clearTimeout(timer);
    return turn;
  });
}
