-- Who watches a camera. The fence grows with every taking: whoever writes with an older one is refused, so a
-- worker that was taken for dead and comes back cannot write beside its successor.
create table camera_leases (
  camera_id text primary key references cameras (id),
  fence bigint not null check (fence >= 1),
  worker_id text not null,
  taken_at timestamptz not null,
  -- Null while it is held.
  released_at timestamptz,
  -- A recording that was to be played once has been seen to its end.
  finished_at timestamptz
);

-- What a camera's watch knows: stays and their dwell, what has fired. The next worker goes on from here.
create table camera_watch_states (
  camera_id text primary key references cameras (id),
  fence bigint not null,
  -- Of the zones and rules the state was made under; others begin anew.
  document_sha256 text not null,
  state jsonb not null,
  saved_at timestamptz not null
);

-- The wall: how each camera fares right now.
create table camera_statuses (
  camera_id text primary key references cameras (id),
  fence bigint not null,
  status jsonb not null,
  at timestamptz not null
);

-- Every suspicion a watch had, those too that a second look did not bear out.
create table camera_candidates (
  candidate_id text primary key check (candidate_id ~ '^cnd_[0-9a-f]{26}$'),
  camera_id text not null references cameras (id),
  fence bigint not null,
  rule_id text not null,
  violation text not null,
  triggered_at timestamptz not null,
  outcome text not null check (outcome in ('sealed', 'unconfirmed')),
  decided_at timestamptz not null
);

create index camera_candidates_by_day on camera_candidates (camera_id, triggered_at);
