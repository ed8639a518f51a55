-- What is on record stays on record: rows of these tables are added, never changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;

create table timeline_entries (
  id text primary key,
  subject_kind text not null check (subject_kind in ('incident', 'warning', 'case', 'camera', 'user', 'agency')),
  subject_id text not null,
  -- 1, 2, 3 … per subject, given out while the subject's row is locked.
  seq integer not null check (seq >= 1),
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'system', 'party')),
  actor_id text,
  action text not null,
  from_state text,
  to_state text,
  why text,
  detail jsonb not null default '{}',
  unique (subject_kind, subject_id, seq),
  check ((actor_kind = 'party') = (actor_id is null))
);

create trigger timeline_append_only before update or delete on timeline_entries
  for each row execute function refuse_change();
create trigger timeline_no_truncate before truncate on timeline_entries
  for each statement execute function refuse_change();
