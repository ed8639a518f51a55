import { type DeliveryState, type WarningState, warningStateOf } from "../casework/warning/warning.ts";
import type { Act } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/**
 * Writes the state that follows from the warning's deliveries (and the opening, when `action` is `open`), with an entry
 * on its timeline. The caller holds the lock on the warning's row.
 */
export async function settleWarningState(
  tx: Tx,
  act: Act,
  warningId: string,
  action: string,
  detail: object,
): Promise<WarningState> {
  const { rows } = await tx.query<{ before: WarningState; opened: boolean; states: DeliveryState[] }>(
    `select warnings.state as before, warnings.opened_at is not null as opened,
       array(select delivery.state from warning_deliveries as delivery
             where delivery.warning_id = warnings.id) as states
     from warnings where warnings.id = $1`,
    [warningId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("warning", warningId);
  const opensNow = action === "open";
  const next = warningStateOf(row.states, row.opened || opensNow);
  await tx.query(
    `update warnings set state = $2, opened_at = case when $3 then $4 else warnings.opened_at end
     where warnings.id = $1`,
    [warningId, next, opensNow, new Date(act.at)],
  );
  await appendTimeline(tx, act, {
    kind: "warning",
    id: warningId,
    action,
    from: row.before,
    to: next,
    detail,
  });
  return next;
}
