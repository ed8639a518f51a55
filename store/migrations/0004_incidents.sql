create table incidents (
  id text primary key,
  -- The pipeline's id: the same bundle delivered twice is one incident.
  candidate_id text not null unique,
  camera_id text not null references cameras (id),
  -- Null when no version was in force at the trigger; such a record is a lead only.
  camera_version integer,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  violation text not null,
  state text not null check (state in (
    'detected', 'evidence_fixed', 'review_pending', 'rejected', 'work_order', 'transferred', 'confirmed',
    'persuading', 'corrected', 'not_corrected', 'dispatched', 'escalated', 'expired')),
  facts jsonb not null,
  bundle_path text not null,
  manifest_sha256 text not null check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  occurred_at timestamptz not null,
  triggered_at timestamptz not null,
  ended_at timestamptz,
  -- Null until a working-day calendar sets it.
  review_due timestamptz,
  grace_until timestamptz,
  claimed_by text references users (id),
  claimed_until timestamptz,
  created_at timestamptz not null,
  foreign key (camera_id, camera_version) references camera_versions (camera_id, version),
  check ((claimed_by is null) = (claimed_until is null))
);
create index incidents_queue on incidents (state, triggered_at, id);
create index incidents_camera on incidents (camera_id, triggered_at);

create table evidence_items (
  incident_id text not null references incidents (id),
  -- Inside the bundle.
  path text not null,
  role text not null,
  media_type text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes >= 0),
  primary key (incident_id, path)
);

create table reviews (
  id text primary key,
  incident_id text not null unique references incidents (id),
  reviewer text not null references users (id),
  verdict text not null check (verdict in ('confirmed', 'rejected')),
  tests jsonb not null,
  reason text,
  reason_text text,
  at timestamptz not null,
  check ((verdict = 'rejected') = (reason is not null))
);

create trigger reviews_append_only before update or delete on reviews
  for each row execute function refuse_change();
create trigger reviews_no_truncate before truncate on reviews
  for each statement execute function refuse_change();
