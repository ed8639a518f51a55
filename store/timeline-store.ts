import type { Actor } from "../casework/roles.ts";
import { type Act, actorIdOf, iso } from "./act.ts";
import type { Queryable, Tx } from "./pool.ts";

export type SubjectKind = "incident" | "warning" | "case" | "camera" | "user" | "agency";

export interface NewTimelineEntry {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly why?: string | null;
  readonly detail?: object;
}

export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly actorKind: Actor["kind"];
  /** User id, or the name of the program; null for the party. */
  readonly actorId: string | null;
  /** The user's name; null for the others. */
  readonly actorName: string | null;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly why: string | null;
  readonly detail: Record<string, unknown>;
}

/** Adds one entry. The caller holds the lock on the subject's row, so that numbers follow one another. */
export async function appendTimeline(tx: Tx, act: Act, entry: NewTimelineEntry): Promise<void> {
  await tx.query(
    `insert into timeline_entries (id, subject_kind, subject_id, seq, at, actor_kind, actor_id, action,
       from_state, to_state, why, detail)
     select $1, $2, $3, coalesce(max(timeline.seq), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11
     from timeline_entries as timeline
     where timeline.subject_kind = $2 and timeline.subject_id = $3`,
    [
      act.newId("tle"),
      entry.kind,
      entry.id,
      new Date(act.at),
      act.actor.kind,
      actorIdOf(act.actor),
      entry.action,
      entry.from,
      entry.to,
      entry.why ?? null,
      JSON.stringify(entry.detail ?? {}),
    ],
  );
}

/**
 * What happened to one subject, oldest first: everything, or the last `limit` entries before the number `before`. Ask only
 * for subjects already found in scope.
 */
export async function readTimeline(
  db: Queryable,
  kind: SubjectKind,
  id: string,
  { limit = null, before = null }: { readonly limit?: number | null; readonly before?: number | null } = {},
): Promise<TimelineEntry[]> {
  const { rows } = await db.query<Omit<TimelineEntry, "at"> & { at: Date }>(
    `select timeline.seq, timeline.at, timeline.actor_kind as "actorKind", timeline.actor_id as "actorId",
       users.display_name as "actorName", timeline.action, timeline.from_state as "from",
       timeline.to_state as "to", timeline.why, timeline.detail
     from timeline_entries as timeline
     left join users on timeline.actor_kind = 'user' and users.id = timeline.actor_id
     where timeline.subject_kind = $1 and timeline.subject_id = $2
       and ($3::integer is null or timeline.seq < $3)
     order by timeline.seq desc limit $4`,
    [kind, id, before, limit],
  );
  return rows.map((row) => ({ ...row, at: iso(row.at) })).reverse();
}
