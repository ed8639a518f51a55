import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Queryable } from "./pool.ts";

/** A camera as the public list shows it (行政处罚法 41(1)): nothing else is told of it. */
export interface PublicCamera {
  readonly cameraId: string;
  readonly name: string;
  readonly region: string;
  readonly place: string;
  readonly purpose: string;
  readonly responsibleBody: string;
  readonly publishedOn: LocalDate;
  readonly useFrom: LocalDate;
}

/** The cameras in the public list on a day, by id, after the one named. `regionPrefix`: only there. */
export async function listPublicCameras(
  db: Queryable,
  date: LocalDate,
  query: { after?: string | undefined; regionPrefix?: string | undefined; limit: number },
): Promise<PublicCamera[]> {
  const { rows } = await db.query<PublicCamera>(
    `select cameras.id as "cameraId", cameras.document ->> 'name' as name, cameras.region,
       cameras.document #>> '{location,place}' as place, listing.purpose,
       listing.responsible_body as "responsibleBody", listing.published_on::text as "publishedOn",
       listing.use_from::text as "useFrom"
     from cameras join lateral (
       select listings.* from camera_listings as listings
       where listings.camera_id = cameras.id and listings.published_on <= $1
       order by listings.at desc, listings.id desc limit 1
     ) as listing on listing.listed
     where cameras.id > $2 and starts_with(cameras.region, $3) order by cameras.id limit $4`,
    [date, query.after ?? "", query.regionPrefix ?? "", query.limit],
  );
  return rows;
}
