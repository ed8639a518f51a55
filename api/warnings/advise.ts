import { localDate } from "../../casework/local-time.ts";
import type { Parameters } from "../../casework/parameters.ts";
import { type NextRung, nextRung } from "../../casework/warning/ladder.ts";
import { countRepeats, windowStart } from "../../casework/warning/repeats.ts";
import { violationOf } from "../../config/legal-basis.ts";
import type { IncidentDetail } from "../../store/incident-read-model.ts";
import { readParameterSettings } from "../../store/parameter-store.ts";
import { listEarlierIncidents, listWarningResults } from "../../store/warning-read-model.ts";
import type { ApiContext } from "../context.ts";

/** What is in force today. */
export async function parametersNow(context: ApiContext): Promise<Parameters> {
  const settings = await readParameterSettings(context.pool);
  return context.casework.book.parametersOn(localDate(context.clock.now()), settings);
}

/** The rung that comes next for an incident, and how often its subject did the same before. */
export async function advise(
  context: ApiContext,
  incident: IncidentDetail,
  { subjectKey, harm }: { readonly subjectKey: string | null; readonly harm: boolean },
): Promise<NextRung & { readonly repeats: number; readonly beyondLimit: boolean }> {
  const parameters = await parametersNow(context);
  const previous = await listWarningResults(context.pool, incident.incidentId);
  // Whoever was warned by name is the subject from then on.
  const known = subjectKey ?? previous.findLast((warning) => warning.subjectKey !== null)?.subjectKey ?? null;
  const repeats = await repeatsOf(context, incident, known, parameters);
  const repeatCount = parameters.get("repeat.count");
  const { minorFirst, firstStep, penaltyPossible } = violationOf(incident.violation);
  const violation = { minorFirst, firstStep, penaltyPossible };
  const next = nextRung({ violation, previous, repeats, repeatCount, harm });
  return { ...next, repeats, beyondLimit: repeats + 1 >= repeatCount };
}

async function repeatsOf(
  context: ApiContext,
  incident: IncidentDetail,
  subjectKey: string | null,
  parameters: Parameters,
): Promise<number> {
  if (subjectKey === null) return 0;
  const { incidentId, violation } = incident;
  const occurredAt = Date.parse(incident.occurredAt);
  const window = parameters.get("repeat.window");
  const since = new Date(`${windowStart(localDate(occurredAt), window)}T00:00:00+08:00`);
  const earlier = await listEarlierIncidents(context.pool, { subjectKey, violation, since });
  return countRepeats(earlier, { incidentId, subject: subjectKey, violation, occurredAt }, window);
}
