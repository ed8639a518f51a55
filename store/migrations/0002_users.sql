create table users (
  id text primary key,
  login text not null unique check (login = lower(login)),
  display_name text not null,
  password_hash text not null,
  -- Set for a one-time password: the first thing its holder does is choose another.
  must_change_password boolean not null,
  roles text[] not null check (roles <@ array[
    'officer', 'unit_head', 'legal_reviewer', 'agency_leader', 'hearing_host', 'content_reviewer',
    'equipment_reviewer', 'auxiliary', 'publicity_editor', 'archivist', 'city_supervisor',
    'province_supervisor', 'privacy_officer', 'party', 'system_admin']),
  -- GB/T 2260; 510100 covers 5101xx. Empty: sees nothing.
  regions text[] not null,
  disabled boolean not null default false,
  created_at timestamptz not null
);

-- The shape connect-pg-simple wants; it reads and writes this table by itself.
create table sessions (
  sid text primary key,
  sess json not null,
  expire timestamptz not null
);
create index sessions_expire on sessions (expire);
