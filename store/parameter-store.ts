import type { ParameterSetting } from "../casework/law-book.ts";
import { localDate } from "../casework/local-time.ts";
import type { Act } from "./act.ts";
import { personOf } from "./evidence-record.ts";
import type { Queryable, Tx } from "./pool.ts";

export type NewParameterSetting = Omit<ParameterSetting, "confirmedBy" | "confirmedOn">;

/** Confirms a value with its source. The rows before it stay: what was in force on a day can always be told. */
export async function confirmParameter(
  tx: Tx,
  act: Act,
  setting: NewParameterSetting,
): Promise<{ settingId: string }> {
  const settingId = act.newId("par");
  await tx.query(
    `insert into parameter_settings (id, key, value, source, valid_from, valid_to, confirmed_by, confirmed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      settingId,
      setting.key,
      JSON.stringify(setting.value),
      setting.source,
      setting.validFrom,
      setting.validTo,
      personOf(act),
      new Date(act.at),
    ],
  );
  return { settingId };
}

/** Every confirmation, oldest first: of two that cover a day the later one counts. */
export async function readParameterSettings(db: Queryable): Promise<ParameterSetting[]> {
  const { rows } = await db.query<Omit<ParameterSetting, "confirmedOn"> & { confirmedAt: Date }>(
    `select settings.key, settings.value, settings.source, settings.valid_from::text as "validFrom",
       settings.valid_to::text as "validTo", settings.confirmed_by as "confirmedBy",
       settings.confirmed_at as "confirmedAt"
     from parameter_settings as settings order by settings.confirmed_at, settings.id`,
  );
  return rows.map(({ confirmedAt, ...row }) => ({ ...row, confirmedOn: localDate(confirmedAt.getTime()) }));
}
