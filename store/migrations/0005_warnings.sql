create table warnings (
  id text primary key,
  incident_id text not null references incidents (id),
  -- Step of the ladder; 0 is 远端劝导.
  level integer not null check (level >= 0),
  -- sha256 of the link's token; the token itself is never stored.
  link_token_hash text not null unique check (link_token_hash ~ '^[0-9a-f]{64}$'),
  -- As it was said, whatever the template says later.
  letter_zh jsonb not null,
  letter_en jsonb not null,
  state text not null check (state in ('draft', 'sent', 'delivered', 'failed', 'opened')),
  grace_until timestamptz not null,
  created_by text references users (id),
  created_at timestamptz not null,
  opened_at timestamptz,
  unique (incident_id, level),
  check ((state = 'opened') = (opened_at is not null))
);

create table warning_deliveries (
  id text primary key,
  warning_id text not null references warnings (id),
  channel text not null,
  state text not null check (state in ('pending', 'sent', 'delivered', 'failed')),
  attempts integer not null default 0,
  detail jsonb not null default '{}',
  updated_at timestamptz not null,
  unique (warning_id, channel)
);
create index warning_deliveries_pending on warning_deliveries (updated_at) where state = 'pending';
