import { inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import type { Position } from "./page.ts";
import type { Queryable } from "./pool.ts";
import type { User } from "./user-read-model.ts";

export const eventKinds = ["incident", "warning", "case"] as const;
export type EventKind = (typeof eventKinds)[number];

/** That something happened, and to what; who and why are for those who open it. */
export interface TimelineEvent {
  readonly entryId: string;
  readonly kind: EventKind;
  readonly id: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: string;
  readonly region: string;
}

/** A transaction may commit after one with a later time: whoever goes on reads so far back again. */
const OVERLAP_MS = 60_000;

const REGION = "coalesce(incidents.region, warned.region, cases.region)";
const EVENT = `select timeline.id as "entryId", timeline.subject_kind as kind, timeline.subject_id as id,
    timeline.action, timeline.from_state as "from", timeline.to_state as "to", timeline.at, ${REGION} as region
  from timeline_entries as timeline
  left join incidents on timeline.subject_kind = 'incident' and incidents.id = timeline.subject_id
  left join warnings on timeline.subject_kind = 'warning' and warnings.id = timeline.subject_id
  left join incidents as warned on warned.id = warnings.incident_id
  left join cases on timeline.subject_kind = 'case' and cases.id = timeline.subject_id`;

interface Row extends Omit<TimelineEvent, "at"> {
  readonly at: Date;
}

const toEvent = (row: Row): TimelineEvent => ({ ...row, at: iso(row.at) });

/** Where an event stands among the others. */
export function positionOf(event: TimelineEvent): Position {
  return { at: new Date(event.at), id: event.entryId };
}

/** The events of these entries, of whatever region, oldest first; entries about cameras and users are none. */
export async function findEvents(db: Queryable, entryIds: readonly string[]): Promise<TimelineEvent[]> {
  const { rows } = await db.query<Row>(
    `${EVENT} where timeline.id = any ($1) and ${REGION} is not null order by timeline.at, timeline.id`,
    [entryIds],
  );
  return rows.map(toEvent);
}

export interface EventQuery {
  readonly scope: RegionScope;
  readonly kinds: readonly EventKind[];
  readonly after: Position;
  readonly limit: number;
}

/** Events in scope after a position, oldest first. The last minute before it comes along too: better twice than never. */
export async function listEventsAfter(db: Queryable, query: EventQuery): Promise<TimelineEvent[]> {
  const { rows } = await db.query<Row>(
    `${EVENT} where timeline.at >= $1 and timeline.id <> $2 and timeline.subject_kind = any ($3)
       and ${inScope(REGION, "$4")}
     order by timeline.at, timeline.id limit $5`,
    [
      new Date(query.after.at.getTime() - OVERLAP_MS),
      query.after.id,
      query.kinds,
      scopePrefixes(query.scope),
      query.limit,
    ],
  );
  return rows.map(toEvent);
}

/** The newest entry; null where nothing has happened yet. */
export async function newestPosition(db: Queryable): Promise<Position | null> {
  const { rows } = await db.query<Position>(
    `select timeline.at, timeline.id from timeline_entries as timeline
     order by timeline.at desc, timeline.id desc limit 1`,
  );
  return rows[0] ?? null;
}

export type Rights = Pick<User, "userId" | "roles" | "regions">;

/** Session → what its user may see now. Missing: signed out, run out, disabled, or to choose a password first. */
export async function readRightsOfSessions(
  db: Queryable,
  sids: readonly string[],
): Promise<Map<string, Rights>> {
  const { rows } = await db.query<Rights & { sid: string }>(
    `select sessions.sid, users.id as "userId", users.roles, users.regions
     from sessions join users on users.id = sessions.sess ->> 'userId'
     where sessions.sid = any ($1) and sessions.expire > now() and not users.disabled
       and not users.must_change_password`,
    [sids],
  );
  return new Map(rows.map(({ sid, ...rights }) => [sid, rights]));
}

export interface WorkCounts {
  readonly reviewPending: number;
  readonly persuading: number;
  readonly deadLetters: number;
  readonly casesByState: Readonly<Record<string, number>>;
}

/** How much waits in these regions. */
export async function readWorkCounts(db: Queryable, scope: RegionScope): Promise<WorkCounts> {
  const { rows } = await db.query<WorkCounts>(
    `with mine as (
       select incidents.id, incidents.state from incidents
       where incidents.state in ('review_pending', 'persuading') and ${inScope("incidents.region", "$1")})
     select
       (select count(*)::integer from mine where mine.state = 'review_pending') as "reviewPending",
       (select count(*)::integer from mine where mine.state = 'persuading') as persuading,
       (select count(*)::integer from warning_deliveries as delivery
        join warnings on warnings.id = delivery.warning_id
        join incidents on incidents.id = warnings.incident_id
        where delivery.state = 'failed' and ${inScope("incidents.region", "$1")}) as "deadLetters",
       (select coalesce(jsonb_object_agg(counted.state, counted.cases), '{}')
        from (select cases.state, count(*)::integer as cases from cases
              where ${inScope("cases.region", "$1")} group by cases.state) as counted) as "casesByState"`,
    [scopePrefixes(scope)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("counting gave no row");
  return row;
}
