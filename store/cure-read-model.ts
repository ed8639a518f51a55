import { inScope, type RegionScope, scopePrefixes } from "./act.ts";
import type { Queryable } from "./pool.ts";

/** How asking worked, for one matter at one camera. Nothing here knows of fines, and nothing is ranked by them. */
export interface CureRow {
  readonly violation: string;
  readonly cameraId: string;
  readonly cameraName: string;
  /** Warnings made in the time asked for; each rung counts for itself. */
  readonly warnings: number;
  readonly corrected: number;
  readonly notCorrected: number;
  /** Nobody has said how they ended. */
  readonly open: number;
  /** Of those that ended, in thousandths; null while none has. */
  readonly curePermille: number | null;
  /** From the first handing over to the first look that showed it gone, else to an officer's word; null: none. */
  readonly medianSecondsToCure: number | null;
  /** Ways on which a warning did not get through. */
  readonly deliveryFailures: number;
}

export interface CureQuery {
  readonly scope: RegionScope;
  /** Warnings made from `from` on and before `to`. */
  readonly from: Date;
  readonly to: Date;
  readonly violation: string | null;
  readonly cameraId: string | null;
}

/** By matter and camera, in the order of their names. */
export async function readCureStatistics(db: Queryable, query: CureQuery): Promise<CureRow[]> {
  const { rows } = await db.query<CureRow>(
    `with made as (
       select warnings.id, warnings.result, warnings.result_at, incidents.violation, incidents.camera_id,
         coalesce((select min(timeline.at) from timeline_entries as timeline
                   where timeline.subject_kind = 'warning' and timeline.subject_id = warnings.id
                     and timeline.to_state in ('sent', 'delivered')), warnings.created_at) as sent_at,
         (select min(rechecks.seen_at) from rechecks
          where rechecks.warning_id = warnings.id and rechecks.result = 'gone') as gone_at,
         (select count(*) from warning_deliveries as delivery
          where delivery.warning_id = warnings.id and delivery.state = 'failed') as failures
       from warnings join incidents on incidents.id = warnings.incident_id
       where ${inScope("incidents.region", "$1")} and warnings.created_at >= $2 and warnings.created_at < $3
         and ($4::text is null or incidents.violation = $4)
         and ($5::text is null or incidents.camera_id = $5)
     )
     select made.violation, made.camera_id as "cameraId", cameras.document ->> 'name' as "cameraName",
       count(*)::integer as warnings,
       count(*) filter (where made.result = 'corrected')::integer as corrected,
       count(*) filter (where made.result = 'not_corrected')::integer as "notCorrected",
       count(*) filter (where made.result is null)::integer as open,
       (count(*) filter (where made.result = 'corrected') * 1000
         / nullif(count(made.result), 0))::integer as "curePermille",
       percentile_cont(0.5) within group (
         order by greatest(0, extract(epoch from coalesce(made.gone_at, made.result_at) - made.sent_at)))
         filter (where made.result = 'corrected')::float8 as "medianSecondsToCure",
       sum(made.failures)::integer as "deliveryFailures"
     from made join cameras on cameras.id = made.camera_id
     group by made.violation, made.camera_id, cameras.document ->> 'name'
     order by made.violation, made.camera_id`,
    [scopePrefixes(query.scope), query.from, query.to, query.violation, query.cameraId],
  );
  return rows.map((row) => ({
    ...row,
    medianSecondsToCure: row.medianSecondsToCure === null ? null : Math.round(row.medianSecondsToCure),
  }));
}
