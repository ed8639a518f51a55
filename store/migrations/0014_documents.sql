-- 文书. What was issued stays as it was: only voiding is written later, once.
create table documents (
  id text primary key,
  case_id text references cases (id),
  incident_id text references incidents (id),
  -- Of the reviews of a camera.
  camera_id text references cameras (id),
  code text not null check (code ~ '^[DNW][0-9]{2}$'),
  template_version text not null,
  agency_id text not null references agencies (id),
  -- 字, year and count of its number; forms have none.
  mark text,
  year integer,
  seq integer check (seq >= 1),
  number text unique,
  title text not null,
  -- The same as structured data.
  data jsonb not null,
  pdf_sha256 text not null check (pdf_sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes > 0),
  issued_by text references users (id),
  issued_on date not null,
  issued_at timestamptz not null,
  replaces text unique references documents (id),
  voided_at timestamptz,
  voided_by text references users (id),
  void_reason text,
  check (num_nonnulls(case_id, incident_id, camera_id) = 1),
  check ((mark is null) = (number is null) and (mark is null) = (seq is null) and (mark is null) = (year is null)),
  check ((voided_at is null) = (void_reason is null)),
  unique (agency_id, mark, year, seq)
);
create index documents_by_case on documents (case_id, issued_at);
create index documents_by_incident on documents (incident_id) where incident_id is not null;
create index documents_by_camera on documents (camera_id) where camera_id is not null;

create function refuse_document_change() returns trigger language plpgsql as $$
begin
  if old.voided_at is null and new.voided_at is not null
    and to_jsonb(new) - array['voided_at', 'voided_by', 'void_reason'] = to_jsonb(old) - array['voided_at', 'voided_by', 'void_reason']
  then return new; end if;
  raise exception 'documents: % refused, an issued document is never changed', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger documents_immutable before update on documents
  for each row execute function refuse_document_change();
create trigger documents_no_delete before delete on documents
  for each row execute function refuse_change();
create trigger documents_no_truncate before truncate on documents
  for each statement execute function refuse_change();

-- One row per series; its lock makes the numbers gap-free.
create table document_counters (
  agency_id text not null references agencies (id),
  mark text not null,
  year integer not null,
  last_seq integer not null check (last_seq >= 1),
  primary key (agency_id, mark, year)
);
