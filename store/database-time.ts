import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Queryable } from "./pool.ts";

/** The time by the database's clock: a second opinion for what cannot be undone. */
export async function readDatabaseTime(db: Queryable): Promise<EpochMs> {
  const { rows } = await db.query<{ at: Date }>("select clock_timestamp() as at");
  if (rows[0] === undefined) throw new Error("the database answered without a row");
  return rows[0].at.getTime();
}
