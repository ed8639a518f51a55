import type { LocalDate } from "../casework/clocks/clock.ts";
import { formatZh, localDate } from "../casework/local-time.ts";
import type { Queryable } from "./pool.ts";

/** What every document about an incident says of it. */
export interface IncidentWords {
  readonly region: string;
  readonly violation: string;
  readonly actOn: LocalDate;
  readonly fields: { readonly actTime: string; readonly actPlace: string };
  readonly camera: { readonly cameraName: string; readonly cameraCode: string };
  /** From first to last, as the camera saw it: `2026年3月10日 08:53至2026年3月10日 08:58`. */
  readonly period: string;
}

/** Throws when there is no such incident. */
export async function readIncidentWords(db: Queryable, incidentId: string): Promise<IncidentWords> {
  const { rows } = await db.query<{
    region: string;
    violation: string;
    occurredAt: Date;
    endedAt: Date;
    place: string | null;
    cameraId: string;
    cameraName: string | null;
  }>(
    `select incidents.region, incidents.violation, incidents.occurred_at as "occurredAt",
       coalesce(incidents.ended_at, incidents.triggered_at) as "endedAt",
       coalesce(incidents.facts #>> '{location,place}', cameras.document #>> '{location,place}') as place,
       cameras.id as "cameraId", cameras.document ->> 'name' as "cameraName"
     from incidents join cameras on cameras.id = incidents.camera_id where incidents.id = $1`,
    [incidentId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`there is no incident ${incidentId}`);
  const at = row.occurredAt.getTime();
  const actTime = formatZh(at);
  const until = formatZh(row.endedAt.getTime());
  return {
    region: row.region,
    violation: row.violation,
    actOn: localDate(at),
    fields: { actTime, actPlace: row.place ?? row.cameraName ?? "" },
    camera: { cameraName: row.cameraName ?? row.cameraId, cameraCode: row.cameraId },
    period: actTime === until ? actTime : `${actTime}至${until}`,
  };
}
