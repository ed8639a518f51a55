-- A worker whose disk is nearly full pauses its cameras: that is a gap with a name, and somebody's task.
alter table camera_spans
  drop constraint camera_spans_kind_check,
  add constraint camera_spans_kind_check check (kind in (
    'watched', 'blind', 'offline', 'view_moved', 'covered', 'frozen', 'clock_off', 'disk_full'));
alter table camera_tasks
  drop constraint camera_tasks_kind_check,
  add constraint camera_tasks_kind_check check (kind in (
    'blind', 'offline', 'view_moved', 'covered', 'frozen', 'clock_off', 'disk_full'));
