-- Who is told, over what, in which words; and looking again when the grace is over.

-- 门前三包: the shop or unit answerable for the ground before its door. Rows end, they are not removed: whoever was
-- answerable on the day counts.
create table responsible_parties (
  id text primary key,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  camera_id text not null references cameras (id),
  -- Of the camera's file.
  zone_id text not null check (btrim(zone_id) <> ''),
  kind text not null check (kind in ('shop', 'unit')),
  name text not null check (btrim(name) <> ''),
  phone text check (btrim(phone) <> ''),
  email text check (btrim(email) <> ''),
  speaker_id text,
  -- 统一社会信用代码.
  unified_code text check (unified_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  valid_from date not null,
  -- Last day; null: until further notice.
  valid_to date,
  version integer not null check (version >= 1),
  updated_by text references users (id),
  updated_at timestamptz not null,
  check (valid_to is null or valid_to >= valid_from)
);
create index responsible_parties_place on responsible_parties (camera_id, zone_id);

-- What broker and gateway call a loudspeaker is the same everywhere: one may be heard at several cameras, of one region only.
create table speaker_addresses (
  transport text not null check (transport in ('mqtt', 'http')),
  address text not null check (address ~ '^[[:alnum:]_-]{1,64}$'),
  region text not null,
  primary key (transport, address),
  unique (transport, address, region)
);

create table speakers (
  id text primary key,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  camera_id text not null references cameras (id),
  -- Null: heard wherever the camera looks.
  zone_id text check (btrim(zone_id) <> ''),
  transport text not null check (transport in ('mqtt', 'http')),
  -- What the broker or the gateway calls it.
  address text not null check (btrim(address) <> ''),
  -- May say anonymous requests by itself, where the detector has been measured to be right often enough.
  alone boolean not null default false,
  enabled boolean not null default true,
  version integer not null check (version >= 1),
  updated_by text references users (id),
  updated_at timestamptz not null,
  unique (transport, address, camera_id),
  foreign key (transport, address, region) references speaker_addresses (transport, address, region)
);
create index speakers_camera on speakers (camera_id);

alter table responsible_parties add foreign key (speaker_id) references speakers (id);

-- The words of warnings. A change is a new version; what was said stays with its delivery.
create table warning_templates (
  id text primary key,
  -- Key of the catalogue; null: every matter that has none of its own.
  violation text,
  channel text not null,
  audience text not null check (audience in ('place', 'responsible_party', 'vehicle_owner')),
  version integer not null check (version >= 1),
  text_zh text not null check (btrim(text_zh) <> ''),
  text_en text not null check (btrim(text_en) <> ''),
  created_by text not null references users (id),
  created_at timestamptz not null,
  valid_from date not null
);
create unique index warning_templates_version
  on warning_templates (coalesce(violation, ''), channel, audience, version);

create trigger warning_templates_append_only before update or delete on warning_templates
  for each row execute function refuse_change();
create trigger warning_templates_no_truncate before truncate on warning_templates
  for each statement execute function refuse_change();

alter table warnings
  add column audience text not null default 'place'
    check (audience in ('place', 'responsible_party', 'vehicle_owner')),
  add column party_id text references responsible_parties (id),
  -- A keyed hash of the plate or the registered party: it compares, and tells nothing. Null: nobody in particular.
  add column subject_key text check (subject_key ~ '^[0-9a-f]{64}$'),
  add column plate_tail text,
  -- To whom a written order is made out.
  add column addressee text,
  -- Why this rung, in a person's words or the ladder's.
  add column reason text,
  -- How it ended, as an officer said.
  add column result text check (result in ('corrected', 'not_corrected')),
  add column result_at timestamptz,
  -- Its record (W01), where one was made before there was a case.
  add column record_doc_id text references documents (id),
  add check ((result is null) = (result_at is null)),
  add check ((audience = 'place') = (subject_key is null)),
  add check ((audience = 'responsible_party') = (party_id is not null)),
  -- What names somebody was sent by a person.
  add check (audience = 'place' or created_by is not null);
create index warnings_subject on warnings (subject_key, created_at) where subject_key is not null;
create index warnings_created on warnings (created_at);

-- Looking again. What Redis forgets is queued again from here.
create table rechecks (
  id text primary key,
  incident_id text not null references incidents (id),
  warning_id text not null references warnings (id),
  -- Null: by the system, at the end of the grace.
  asked_by text references users (id),
  due_at timestamptz not null,
  -- Not before: moves on when the stream was down.
  next_at timestamptz not null,
  attempts integer not null default 0,
  -- `cancelled`: nobody needs it any more. `failed`: the camera did not show anything, a person looks.
  state text not null check (state in ('pending', 'running', 'done', 'failed', 'cancelled')),
  fault text,
  -- When a worker began to look.
  asked_at timestamptz,
  -- When the fresh pictures were taken.
  seen_at timestamptz,
  done_at timestamptz,
  result text check (result in ('gone', 'still_there', 'unclear')),
  -- Each {bundlePath, original: {path, sha256}, masked: {path, sha256}}.
  before_still jsonb,
  after_still jsonb,
  detections jsonb,
  check ((state = 'done') = (result is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (done_at is not null)),
  check (state <> 'done' or (after_still is not null and seen_at is not null))
);
-- One look at a time.
create unique index rechecks_open on rechecks (incident_id) where state in ('pending', 'running');
create index rechecks_due on rechecks (next_at) where state in ('pending', 'running');
create index rechecks_incident on rechecks (incident_id, due_at);
