create table cameras (
  id text primary key,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  -- The camera file without its source.
  document jsonb not null check (not document ? 'source'),
  -- May hold credentials: only whoever opens the stream reads it.
  source jsonb,
  use_authority text not null default 'lead_only'
    check (use_authority in ('lead_only', 'corroborative', 'sole_evidence')),
  enabled boolean not null,
  version integer not null check (version >= 1),
  updated_at timestamptz not null
);

-- What was in force when a record was taken is what counts, whatever the camera says today.
create table camera_versions (
  camera_id text not null references cameras (id),
  version integer not null check (version >= 1),
  document jsonb not null check (not document ? 'source'),
  use_authority text not null check (use_authority in ('lead_only', 'corroborative', 'sole_evidence')),
  -- In force until the next version begins.
  effective_from timestamptz not null,
  primary key (camera_id, version)
);

create trigger camera_versions_append_only before update or delete on camera_versions
  for each row execute function refuse_change();
create trigger camera_versions_no_truncate before truncate on camera_versions
  for each statement execute function refuse_change();
