import { inScope, type RegionScope, scopePrefixes } from "./act.ts";
import { NotFoundError } from "./errors.ts";
import type { Queryable } from "./pool.ts";

/** The region of a camera in scope that has this zone (null: any). Throws `NotFoundError`. */
export async function findZoneHolder(
  db: Queryable,
  scope: RegionScope,
  { cameraId, zoneId }: { readonly cameraId: string; readonly zoneId: string | null },
): Promise<string> {
  const { rows } = await db.query<{ region: string; hasZone: boolean }>(
    `select cameras.region,
       $3::text is null or exists (select 1 from jsonb_array_elements(cameras.document -> 'zones') as zone
                                   where zone ->> 'id' = $3) as "hasZone"
     from cameras where cameras.id = $1 and ${inScope("cameras.region", "$2")}`,
    [cameraId, scopePrefixes(scope), zoneId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("camera", cameraId);
  if (!row.hasZone) throw new NotFoundError("zone", `${cameraId}/${zoneId}`);
  return row.region;
}
