-- 督办事项: what a check found or a supervisor raised. Supervision never alters a case but for one flag; a case cannot close over
-- an item that is not closed.
create table supervision_items (
  id text primary key,
  case_id text not null references cases (id),
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  -- SP01 … SU05, or `manual`.
  check_code text not null check (check_code ~ '^(SP|SD|SU)[0-9]{2}$' or check_code = 'manual'),
  -- What exactly was found: one item per case, check and finding, however often the check runs.
  finding_key text not null check (finding_key <> ''),
  evidence jsonb not null,
  message_zh text not null check (btrim(message_zh) <> ''),
  message_en text not null,
  -- Who is to see to it: the first officer of the case.
  owner text references users (id),
  -- Null while the calendar of its year is not loaded.
  due_on date,
  state text not null check (state in ('open', 'answered', 'closed')),
  -- Null: a check did.
  raised_by text references users (id),
  raised_at timestamptz not null,
  reply text,
  replied_by text references users (id),
  replied_at timestamptz,
  outcome text check (outcome in ('corrected', 'explained', 'pursued', 'unfounded')),
  outcome_note text,
  closed_by text references users (id),
  closed_at timestamptz,
  unique (case_id, check_code, finding_key),
  check (check_code <> 'manual' or raised_by is not null),
  check ((reply is null) = (replied_at is null) and (reply is null) = (replied_by is null)),
  check ((state = 'closed') = (closed_at is not null)),
  check ((state = 'closed') = (outcome is not null) and (state = 'closed') = (closed_by is not null)),
  check (state <> 'answered' or reply is not null)
);
create index supervision_items_queue on supervision_items (raised_at, id);
create index supervision_items_by_case on supervision_items (case_id) where state <> 'closed';
-- Like cases (类案) of a matter are asked for by the day they were decided.
create index cases_like on cases (violation, decided_on) where decided_on is not null;
