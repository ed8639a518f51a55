import { type AbnormalCamera, abnormalCameras } from "../casework/camera/abnormal-cameras.ts";
import type { EpochMs } from "../casework/local-time.ts";
import { inScope, type RegionScope, scopePrefixes } from "./act.ts";
import type { Queryable } from "./pool.ts";

/**
 * Cameras of the scope with abnormally many captures in the period (国发〔2024〕5号). They are measured against every
 * camera that watches for the same matter, wherever it is.
 */
export async function listAbnormalCameras(
  db: Queryable,
  scope: RegionScope,
  period: { from: EpochMs; to: EpochMs; times: number },
): Promise<(AbnormalCamera & { name: string })[]> {
  const { rows } = await db.query<{ cameraId: string; violation: string; captures: number }>(
    `with watching as (
       select cameras.id as camera_id, rule.document ->> 'violation' as violation
       from cameras cross join lateral jsonb_array_elements(cameras.document -> 'rules') as rule (document)
       where cameras.enabled
       union
       select incidents.camera_id, incidents.violation from incidents
       where incidents.triggered_at >= $1 and incidents.triggered_at < $2
     )
     select watching.camera_id as "cameraId", watching.violation, count(incidents.id)::integer as captures
     from watching left join incidents
       on incidents.camera_id = watching.camera_id and incidents.violation = watching.violation
       and incidents.triggered_at >= $1 and incidents.triggered_at < $2
     group by watching.camera_id, watching.violation`,
    [new Date(period.from), new Date(period.to)],
  );
  const abnormal = abnormalCameras(rows, period.times);
  const names = await readNames(
    db,
    scope,
    abnormal.map(({ cameraId }) => cameraId),
  );
  return abnormal.flatMap((camera) => {
    const name = names.get(camera.cameraId);
    return name === undefined ? [] : [{ ...camera, name }];
  });
}

async function readNames(db: Queryable, scope: RegionScope, ids: readonly string[]) {
  const { rows } = await db.query<{ id: string; name: string }>(
    `select cameras.id, cameras.document ->> 'name' as name from cameras
     where cameras.id = any ($1) and ${inScope("cameras.region", "$2")}`,
    [ids, scopePrefixes(scope)],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
