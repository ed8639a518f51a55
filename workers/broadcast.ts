import { join } from "node:path";
import { localDate } from "../casework/local-time.ts";
import type { Parameters } from "../casework/parameters.ts";
import { targetsOf } from "../casework/warning/audience.ts";
import { refuseBroadcastAlone } from "../casework/warning/broadcast.ts";
import { composeWarning, graceEnd } from "../casework/warning/warning.ts";
import { violationOf } from "../config/legal-basis.ts";
import { parametersOn } from "../config/parameters.ts";
import { sayingText, warningFactsOf } from "../config/warning-words.ts";
import { newId } from "../runtime/ids.ts";
import { loadOrCreateSecret } from "../runtime/secret-file.ts";
import { hashToken, warningToken } from "../runtime/warning-link.ts";
import type { Act } from "../store/act.ts";
import { RefusedError } from "../store/errors.ts";
import { incidentFacts } from "../store/incident-facts.ts";
import { findIncident, type IncidentDetail } from "../store/incident-read-model.ts";
import { readParameterSettings } from "../store/parameter-store.ts";
import { withTx } from "../store/pool.ts";
import { findSpeakersOf, type Speaker } from "../store/speaker-store.ts";
import { findTemplate } from "../store/template-store.ts";
import { listSpokenAlone, readReviewedRecord } from "../store/warning-read-model.ts";
import { createWarning, type Saying } from "../store/warning-store.ts";
import type { WorkerContext } from "./context.ts";

/** Longer after its review an incident is for an officer: who stood there is gone. */
const FRESH_MS = 10 * 60_000;
const AT_ONCE = 50;

/**
 * Says anonymous requests over loudspeakers that may speak by themselves, for incidents somebody has confirmed: only
 * where the detector has been measured to be right often enough at that camera, and never naming anybody.
 *
 * @returns the incidents that were spoken of
 */
export async function broadcastAlone(context: WorkerContext): Promise<string[]> {
  const { clock, pool, log } = context;
  const since = new Date(clock.now() - FRESH_MS);
  const waiting = await listSpokenAlone(pool, { since, limit: AT_ONCE });
  if (waiting.length === 0) return [];
  const parameters = parametersOn(localDate(clock.now()), await readParameterSettings(pool));
  const spoken: string[] = [];
  for (const { incidentId } of waiting) {
    const incident = await findIncident(pool, "every", incidentId);
    if (incident === undefined || !(await mayBeSpoken(context, incident, parameters))) continue;
    try {
      await speak(context, incident);
      spoken.push(incidentId);
    } catch (err) {
      // An officer was faster, or the matter is none to ask about.
      if (!(err instanceof RefusedError)) throw err;
      log.info({ incidentId, code: err.code }, "not spoken of without an officer");
    }
  }
  return spoken;
}

async function mayBeSpoken(
  { pool }: WorkerContext,
  { cameraId, violation }: IncidentDetail,
  parameters: Parameters,
): Promise<boolean> {
  if (!violationOf(violation).minorFirst) return false;
  const limits = {
    minReviewed: parameters.get("broadcast.minReviewed"),
    minPrecisionPercent: parameters.get("broadcast.minPrecisionPercent"),
  };
  const record = await readReviewedRecord(pool, { cameraId, violation, limit: limits.minReviewed });
  return refuseBroadcastAlone(record, limits) === null;
}

async function speak(context: WorkerContext, incident: IncidentDetail): Promise<void> {
  const { pool, producer, log, config } = context;
  const act = systemAct(context);
  const { incidentId, violation, cameraId, place, occurredAt } = incident;
  const facts = incidentFacts.parse(incident.facts);
  const graceUntil = graceEnd(act.at, facts.rule.graceSeconds);
  const words = warningFactsOf({
    ...{ violation, place, graceUntil, writtenAt: act.at },
    occurredAt: Date.parse(occurredAt),
  });
  const speakers = await findSpeakersOf(pool, { cameraId, zoneId: facts.zone.id });
  const channels: Saying[] = [];
  for (const { channel, address } of targetsOf(reachOf(speakers), false)) {
    const to = { violation, audience: "place", channel } as const;
    const own = await findTemplate(pool, { ...to, on: localDate(act.at) });
    channels.push({ channel, address, text: sayingText(words, { ...to, plateTail: null, shop: null }, own) });
  }
  const secret = await loadOrCreateSecret(join(config.dataDir, "keys", "warning-link.secret"));
  const { deliveryIds, recheckId } = await withTx(pool, (tx) =>
    createWarning(tx, act, {
      ...{ incidentId, graceUntil, channels, namesSomeone: false },
      letters: composeWarning(words),
      linkTokenHash: hashToken(warningToken(secret, incidentId, 0)),
      minorFirst: violationOf(violation).minorFirst,
    }),
  );
  // Not waited for: while Redis is away both are found in Postgres.
  for (const queued of [
    ...deliveryIds.map((id) => producer.sendNotice(id)),
    producer.lookAgain(recheckId, graceUntil - act.at),
  ])
    queued.catch((err: unknown) => log.warn({ err, incidentId }, "broadcast not queued yet"));
}

/** Only those that may speak by themselves. */
function reachOf(speakers: readonly Speaker[]) {
  return { speakers: speakers.filter(({ alone }) => alone), phone: null, email: null };
}

function systemAct({ clock }: WorkerContext): Act {
  return { actor: { kind: "system", name: "notice-worker" }, scope: "every", at: clock.now(), newId };
}
