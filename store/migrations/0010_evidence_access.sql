-- Who may see originals, for what and how long. One person asks, another decides: the table refuses anything else too.
create table evidence_grants (
  id text primary key,
  incident_id text not null references incidents (id),
  -- The case it is needed for, where there is one already.
  case_id text references cases (id),
  purpose text not null check (purpose in (
    'case_investigation', 'objection_check', 'legal_review', 'review_or_court', 'supervision',
    'review_quality', 'subject_request')),
  reason text not null check (btrim(reason) <> ''),
  hours integer not null check (hours between 1 and 168),
  state text not null check (state in ('pending', 'approved', 'declined', 'revoked')),
  requested_by text not null references users (id),
  requested_at timestamptz not null,
  decided_by text references users (id),
  decided_at timestamptz,
  decision_note text,
  expires_at timestamptz,
  revoked_by text references users (id),
  revoked_at timestamptz,
  revocation_note text,
  check (decided_by <> requested_by),
  check ((decided_by is null) = (decided_at is null)),
  check (state in ('pending', 'revoked') or decided_by is not null),
  check (state <> 'pending' or decided_by is null),
  check (state <> 'approved' or expires_at is not null),
  check (expires_at is null or (decided_at is not null and expires_at <= decided_at + make_interval(hours => hours))),
  check ((state = 'revoked') = (revoked_at is not null)),
  check ((revoked_by is null) = (revoked_at is null))
);
-- Asking twice while one request waits is asking once.
create unique index evidence_grants_waiting on evidence_grants (incident_id, requested_by) where state = 'pending';
create index evidence_grants_queue on evidence_grants (state, requested_at, id);
create index evidence_grants_incident on evidence_grants (incident_id, requested_by);

-- When each look at an original was last logged, so that the ranges of one look are one entry of the evidence log.
create table evidence_looks (
  incident_id text not null references incidents (id),
  user_id text not null references users (id),
  path text not null,
  -- The grant's id, or `review_claim`.
  ground text not null,
  logged_at timestamptz not null,
  primary key (incident_id, user_id, path, ground)
);

-- 保全: what is held is not deleted, whoever asks and however full the disk is.
create table evidence_holds (
  id text primary key,
  incident_id text not null references incidents (id),
  -- Set when it was placed on the case; it then holds the evidence of its incident.
  case_id text references cases (id),
  reason text not null check (btrim(reason) <> ''),
  placed_by text not null references users (id),
  placed_at timestamptz not null,
  released_by text references users (id),
  released_at timestamptz,
  release_reason text,
  check ((released_by is null) = (released_at is null)),
  check ((released_by is null) = (release_reason is null)),
  check (release_reason is null or btrim(release_reason) <> '')
);
create index evidence_holds_open on evidence_holds (incident_id) where released_at is null;

-- What is left of deleted evidence: enough to explain the gap it leaves in its camera's chain.
create table evidence_tombstones (
  incident_id text primary key references incidents (id),
  bundle_path text not null unique,
  camera_id text not null references cameras (id),
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  manifest_sha256 text not null check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  -- The bundle's seal.json as it was: signature, sequence and previous hash, nothing about anybody. Null when it was lost.
  seal jsonb,
  rule text not null check (rule in ('rejected', 'expired', 'corrected', 'transferred', 'work_order')),
  kept_through date not null,
  -- User id, or the name of the program.
  decided_by text not null,
  decided_at timestamptz not null,
  -- Null until the files are gone.
  deleted_at timestamptz,
  check (deleted_at >= decided_at)
);
create index evidence_tombstones_camera on evidence_tombstones (camera_id, decided_at);
create index evidence_tombstones_unfinished on evidence_tombstones (decided_at) where deleted_at is null;

-- The last word on holds is the database's: no program, and nobody at a prompt, decides to delete what is held.
create function refuse_held_deletion() returns trigger language plpgsql as $$
begin
  perform 1 from incidents where incidents.id = new.incident_id for update;
  if exists (select 1 from evidence_holds as holds
             where holds.incident_id = new.incident_id and holds.released_at is null)
     or exists (select 1 from cases where cases.incident_id = new.incident_id) then
    raise exception 'the evidence of % is held: deletion refused', new.incident_id
      using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger evidence_tombstones_not_held before insert on evidence_tombstones
  for each row execute function refuse_held_deletion();

-- What is decided changes once, in the columns named: the first of them says that it has happened.
create function refuse_second_change() returns trigger language plpgsql as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb := to_jsonb(new);
begin
  if before -> tg_argv[0] <> 'null' or after -> tg_argv[0] = 'null'
     or (select count(*) from jsonb_each(after) as field
         where field.value <> before -> field.key and not field.key = any (tg_argv)) > 0 then
    raise exception '% is final: it changes once, and nothing else of it', tg_table_name
      using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

create trigger evidence_tombstones_final before update on evidence_tombstones
  for each row execute function refuse_second_change('deleted_at');
create trigger evidence_tombstones_stay before delete on evidence_tombstones
  for each row execute function refuse_change();
create trigger evidence_tombstones_no_truncate before truncate on evidence_tombstones
  for each statement execute function refuse_change();

create trigger evidence_holds_final before update on evidence_holds
  for each row execute function refuse_second_change('released_at', 'released_by', 'release_reason');
create trigger evidence_holds_stay before delete on evidence_holds
  for each row execute function refuse_change();
create trigger evidence_holds_no_truncate before truncate on evidence_holds
  for each statement execute function refuse_change();

-- Ordinary triggers sleep while session_replication_role is 'replica'; these do not.
alter table evidence_tombstones enable always trigger evidence_tombstones_not_held;
alter table evidence_tombstones enable always trigger evidence_tombstones_final;
alter table evidence_tombstones enable always trigger evidence_tombstones_stay;
alter table evidence_tombstones enable always trigger evidence_tombstones_no_truncate;
alter table evidence_holds enable always trigger evidence_holds_final;
alter table evidence_holds enable always trigger evidence_holds_stay;
alter table evidence_holds enable always trigger evidence_holds_no_truncate;
