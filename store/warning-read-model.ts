import type { ReviewedRecord } from "../casework/warning/broadcast.ts";
import type { WarningResult } from "../casework/warning/ladder.ts";
import type { EarlierIncident } from "../casework/warning/repeats.ts";
import type { Letter, WarningState } from "../casework/warning/warning.ts";
import { iso, isoOrNull } from "./act.ts";
import type { Queryable } from "./pool.ts";

/** A warning as the party may see it behind the link. */
export interface WarningLetter {
  readonly warningId: string;
  readonly incidentId: string;
  readonly letterZh: Letter;
  readonly letterEn: Letter;
  readonly state: WarningState;
  readonly graceUntil: string;
  readonly openedAt: string | null;
}

export async function findWarningByTokenHash(
  db: Queryable,
  linkTokenHash: string,
): Promise<WarningLetter | undefined> {
  const { rows } = await db.query<
    Omit<WarningLetter, "graceUntil" | "openedAt"> & { graceUntil: Date; openedAt: Date | null }
  >(
    `select warnings.id as "warningId", warnings.incident_id as "incidentId",
       warnings.letter_zh as "letterZh", warnings.letter_en as "letterEn", warnings.state,
       warnings.grace_until as "graceUntil", warnings.opened_at as "openedAt"
     from warnings where warnings.link_token_hash = $1`,
    [linkTokenHash],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return { ...row, graceUntil: iso(row.graceUntil), openedAt: isoOrNull(row.openedAt) };
}

/** What the same subject was warned about in the same matter since an instant: for `countRepeats`. */
export async function listEarlierIncidents(
  db: Queryable,
  about: { readonly subjectKey: string; readonly violation: string; readonly since: Date },
): Promise<EarlierIncident[]> {
  const { rows } = await db.query<Omit<EarlierIncident, "occurredAt"> & { occurredAt: Date }>(
    `select warnings.incident_id as "incidentId", warnings.subject_key as subject, incidents.violation,
       incidents.occurred_at as "occurredAt"
     from warnings join incidents on incidents.id = warnings.incident_id
     where warnings.subject_key = $1 and incidents.violation = $2 and incidents.occurred_at >= $3`,
    [about.subjectKey, about.violation, about.since],
  );
  return rows.map((row) => ({ ...row, occurredAt: row.occurredAt.getTime() }));
}

/** Of the latest `limit` reviews of one matter at one camera: how many there are, how many confirmed it. */
export async function readReviewedRecord(
  db: Queryable,
  of: { readonly cameraId: string; readonly violation: string; readonly limit: number },
): Promise<ReviewedRecord> {
  const { rows } = await db.query<ReviewedRecord>(
    `select count(*)::integer as reviewed,
       count(*) filter (where latest.verdict = 'confirmed')::integer as confirmed
     from (select reviews.verdict from reviews join incidents on incidents.id = reviews.incident_id
           where incidents.camera_id = $1 and incidents.violation = $2
           order by reviews.at desc, reviews.id desc limit $3) as latest`,
    [of.cameraId, of.violation, of.limit],
  );
  return rows[0] ?? { reviewed: 0, confirmed: 0 };
}

/** The rungs an incident has been on, lowest first: for the ladder. */
export async function listWarningResults(
  db: Queryable,
  incidentId: string,
): Promise<{ level: number; result: WarningResult | null; subjectKey: string | null }[]> {
  const { rows } = await db.query<{ level: number; result: WarningResult | null; subjectKey: string | null }>(
    `select warnings.level, warnings.result, warnings.subject_key as "subjectKey" from warnings
     where warnings.incident_id = $1 order by warnings.level`,
    [incidentId],
  );
  return rows;
}

/** Confirmed incidents nobody has warned about, where a loudspeaker may speak by itself; latest first. */
export async function listSpokenAlone(
  db: Queryable,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<{ incidentId: string }[]> {
  const { rows } = await db.query<{ incidentId: string }>(
    `select incidents.id as "incidentId" from incidents
     join reviews on reviews.incident_id = incidents.id
     where incidents.state = 'confirmed' and reviews.at >= $1
       and not exists (select 1 from warnings where warnings.incident_id = incidents.id)
       and exists (select 1 from speakers
                   where speakers.camera_id = incidents.camera_id and speakers.enabled and speakers.alone
                     and (speakers.zone_id is null or speakers.zone_id = incidents.facts #>> '{zone,id}'))
     order by reviews.at desc limit $2`,
    [since, limit],
  );
  return rows;
}
