-- What makes a camera's records usable on a day (行政处罚法 41): its reviews, its publication, its sign, its upkeep.
-- Effective-dated; rows are added, never changed: the newest that covers a day counts.
create table camera_reviews (
  id text primary key,
  camera_id text not null references cameras (id),
  kind text not null check (kind in ('legal', 'technical')),
  passed boolean not null,
  valid_from date not null,
  -- A failed one has no end: it holds until somebody passes the camera again.
  valid_to date,
  -- What was looked at, by name: ground, standard, placement … (N21), resolution, time, position, storage (N22).
  findings jsonb not null,
  opinion text not null,
  reviewer text not null references users (id),
  at timestamptz not null,
  check (valid_from <= valid_to),
  check (not passed or valid_to is not null)
);
create index camera_reviews_by_camera on camera_reviews (camera_id, kind, at);
create trigger camera_reviews_append_only before update or delete on camera_reviews
  for each row execute function refuse_change();
create trigger camera_reviews_no_truncate before truncate on camera_reviews
  for each statement execute function refuse_change();

-- The public list: place, purpose, start of use, responsible body. A row without `listed` takes it off again.
create table camera_listings (
  id text primary key,
  camera_id text not null references cameras (id),
  listed boolean not null,
  purpose text not null,
  responsible_body text not null,
  -- Of one that is not listed: the day it was taken off.
  published_on date not null,
  use_from date not null,
  -- Where it was published, when not by this software.
  proof text,
  recorded_by text not null references users (id),
  at timestamptz not null
);
create index camera_listings_by_camera on camera_listings (camera_id, at);
create trigger camera_listings_append_only before update or delete on camera_listings
  for each row execute function refuse_change();
create trigger camera_listings_no_truncate before truncate on camera_listings
  for each statement execute function refuse_change();

-- Sign (提示标识), upkeep, view and impact assessment (个人信息保护法 55), each time somebody looked.
create table camera_inspections (
  id text primary key,
  camera_id text not null references cameras (id),
  kind text not null check (kind in ('sign', 'maintenance', 'geometry', 'impact_assessment')),
  passed boolean not null,
  done_on date not null,
  -- Of maintenance: when the next is due.
  next_due date,
  -- The photo of a sign, the report of an assessment.
  file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
  note text not null,
  recorded_by text not null references users (id),
  at timestamptz not null,
  check (kind <> 'sign' or not passed or file_sha256 is not null),
  check (kind <> 'maintenance' or not passed or next_due >= done_on)
);
create index camera_inspections_by_camera on camera_inspections (camera_id, kind, done_on);
create trigger camera_inspections_append_only before update or delete on camera_inspections
  for each row execute function refuse_change();
create trigger camera_inspections_no_truncate before truncate on camera_inspections
  for each statement execute function refuse_change();

-- What a camera's records may be used for: more than a clue only by a law or an administrative regulation, on a legal
-- reviewer's word and for a time. The newest row that covers a day counts; without one they are clues.
create table camera_authorities (
  id text primary key,
  camera_id text not null references cameras (id),
  authority text not null check (authority in ('lead_only', 'corroborative', 'sole_evidence')),
  law text,
  article text,
  reason text not null check (btrim(reason) <> ''),
  valid_from date not null,
  valid_to date,
  granted_by text not null references users (id),
  at timestamptz not null,
  check (valid_from <= valid_to),
  check (authority = 'lead_only' or (law is not null and article is not null and valid_to is not null))
);
create index camera_authorities_by_camera on camera_authorities (camera_id, at);
create trigger camera_authorities_append_only before update or delete on camera_authorities
  for each row execute function refuse_change();
create trigger camera_authorities_no_truncate before truncate on camera_authorities
  for each statement execute function refuse_change();

-- What these columns said rested on nothing but a setting.
alter table cameras drop column use_authority;
alter table camera_versions drop column use_authority;
