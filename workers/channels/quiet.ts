import { localDate } from "../../casework/local-time.ts";
import { parseQuietHours, type QuietHours } from "../../casework/warning/quiet-hours.ts";
import { parametersOn } from "../../config/parameters.ts";
import { readParameterSettings } from "../../store/parameter-store.ts";
import type { WorkerContext } from "../context.ts";

const KEY = "speaker.quietHours";

/** When loudspeakers keep silent today: as the agency has set it, or the catalogue. Throws when that cannot be read. */
export async function quietHoursOf({
  pool,
  clock,
}: Pick<WorkerContext, "pool" | "clock">): Promise<QuietHours> {
  const settings = (await readParameterSettings(pool))
    .filter(({ key }) => key === KEY)
    .map((setting) => ({ ...setting, key: KEY, confirmedBy: setting.confirmedBy ?? "" }) as const);
  return parseQuietHours(parametersOn(localDate(clock.now()), settings).get(KEY));
}
