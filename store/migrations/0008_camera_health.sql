-- What can be said of each camera's time. Where no row covers a moment, nobody watched.
create table camera_spans (
  camera_id text not null references cameras (id),
  kind text not null check (kind in (
    'watched', 'blind', 'offline', 'view_moved', 'covered', 'frozen', 'clock_off')),
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Of whoever held the camera then.
  fence bigint not null,
  primary key (camera_id, from_at),
  check (from_at <= to_at)
);
create index camera_spans_by_end on camera_spans (camera_id, to_at);

-- A camera that does not see is somebody's task.
create table camera_tasks (
  id text primary key,
  camera_id text not null references cameras (id),
  kind text not null check (kind in ('blind', 'offline', 'view_moved', 'covered', 'frozen', 'clock_off')),
  opened_at timestamptz not null,
  resolved_at timestamptz,
  -- Null with resolved_at set: the camera was well again by itself.
  resolved_by text references users (id),
  note text,
  -- A person says that the view is as it should be: the worker learns it anew.
  accepted_at timestamptz,
  check (resolved_at is not null or (resolved_by is null and note is null and accepted_at is null))
);
create unique index camera_tasks_open on camera_tasks (camera_id, kind) where resolved_at is null;
create index camera_tasks_by_camera on camera_tasks (camera_id, kind, resolved_at);
create index camera_tasks_queue on camera_tasks (opened_at desc, id);

create table camera_alarms (
  id text primary key,
  task_id text not null references camera_tasks (id),
  channel text not null,
  state text not null check (state in ('pending', 'sent', 'failed')),
  attempts integer not null default 0,
  detail jsonb not null default '{}',
  updated_at timestamptz not null,
  unique (task_id, channel)
);
create index camera_alarms_pending on camera_alarms (updated_at) where state = 'pending';
