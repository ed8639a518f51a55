-- Who enforces where: what documents are headed with, who reviews them, which court is asked.
create table agencies (
  -- Unified social credit code, or the region with a count: `51010701`.
  id text primary key,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  document jsonb not null,
  version integer not null check (version >= 1),
  updated_by text references users (id),
  updated_at timestamptz not null
);

-- 执法证 and what else makes somebody able to act. Effective-dated; rows are added, never changed.
create table certificates (
  id text primary key,
  user_id text not null references users (id),
  certificate_no text not null check (btrim(certificate_no) <> ''),
  valid_from date not null,
  valid_to date not null,
  recorded_by text references users (id),
  recorded_at timestamptz not null,
  check (valid_from <= valid_to)
);
create index certificates_by_user on certificates (user_id, recorded_at);
create trigger certificates_append_only before update or delete on certificates
  for each row execute function refuse_change();
create trigger certificates_no_truncate before truncate on certificates
  for each statement execute function refuse_change();

alter table users add column legal_qualification boolean not null default false;

-- What an agency has confirmed of the parameters, with the source it was confirmed from. The newest that covers a day counts.
create table parameter_settings (
  id text primary key,
  key text not null,
  value jsonb not null,
  source text not null check (btrim(source) <> ''),
  valid_from date,
  valid_to date,
  confirmed_by text not null references users (id),
  confirmed_at timestamptz not null,
  check (valid_from <= valid_to)
);
create index parameter_settings_by_key on parameter_settings (key, confirmed_at);
create trigger parameter_settings_append_only before update or delete on parameter_settings
  for each row execute function refuse_change();
create trigger parameter_settings_no_truncate before truncate on parameter_settings
  for each statement execute function refuse_change();

-- A case is its file; the columns beside it are what lists and clocks are asked by, written with it.
alter table cases
  add column agency_id text,
  add column procedure text not null default 'ordinary' check (procedure in ('ordinary', 'simplified')),
  add column file jsonb,
  add column version integer not null default 1 check (version >= 1),
  -- sha256 of each thing that tells the party from others, so that like acts are found without reading files.
  add column party_keys text[] not null default '{}',
  add column filed_on date,
  add column decided_on date,
  add column closed_on date,
  add column overlays text[] not null default '{}';

insert into agencies (id, region, document, version, updated_at)
select distinct cases.region || '01', cases.region,
  jsonb_build_object('agency', cases.region || '01', 'region', cases.region, 'zh', '（机关名称待登记）', 'numberPrefix', '',
    'address', '', 'phone', '', 'reviewBody', '', 'court', '', 'payee', '', 'powers', '[]'::jsonb),
  1, now()
from cases;

-- Cases made before there were files get one of what was known.
update cases set
  agency_id = cases.region || '01',
  filed_on = (cases.filed_at at time zone 'Asia/Shanghai')::date,
  file = jsonb_build_object(
    'schema', 1, 'caseId', cases.id, 'caseNo', cases.case_no, 'agency', cases.region || '01', 'region', cases.region,
    'source', cases.source, 'incidentIds', case when cases.incident_id is null then '[]'::jsonb
      else jsonb_build_array(cases.incident_id) end,
    'violation', cases.violation, 'procedure', 'ordinary', 'state', cases.state, 'overlays', '[]'::jsonb,
    'openedOn', to_char(cases.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), 'openedBy', cases.opened_by,
    'ground', cases.ground, 'groundNote', cases.ground_note,
    'act', jsonb_build_object(
      'startedAt', (select floor(extract(epoch from coalesce(
          (select incidents.occurred_at from incidents where incidents.id = cases.incident_id), cases.act_ended_at)) * 1000)),
      'endedAt', floor(extract(epoch from cases.act_ended_at) * 1000),
      'place', coalesce((select incidents.facts #>> '{location,place}' from incidents
                         where incidents.id = cases.incident_id), ''),
      'summary', cases.ground_note, 'seriousHarm', false),
    'party', null, 'handlers', to_jsonb(cases.officers),
    'evidence',
      case when cases.incident_id is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
        'evidenceId', 'evd_' || cases.id || '_1', 'kind', 'camera_record', 'title', '电子技术监控记录',
        'addedOn', to_char(cases.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), 'addedBy', cases.opened_by,
        'from', 'agency', 'incidentId', cases.incident_id, 'sha256', (select incidents.manifest_sha256 from incidents
                                                    where incidents.id = cases.incident_id),
        'verified', null, 'withdrawn', null)) end ||
      case when cases.officer_record is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
        'evidenceId', 'evd_' || cases.id || '_2', 'kind', 'inspection_record', 'title', cases.officer_record,
        'addedOn', to_char(cases.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), 'addedBy', cases.submitted_by,
        'from', 'agency', 'incidentId', null, 'sha256', null, 'verified', null, 'withdrawn', null)) end,
    'filing', case when cases.submitted_at is null then 'null'::jsonb else jsonb_build_object(
      'submittedBy', cases.submitted_by,
      'submittedOn', to_char(cases.submitted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'),
      'endorsedBy', cases.endorsed_by, 'filedBy', cases.filed_by,
      'filedOn', to_char(cases.filed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')) end,
    'exit', case when cases.not_filed_reason is null then 'null'::jsonb else jsonb_build_object(
      'kind', 'not_filed', 'reason', cases.not_filed_reason,
      -- Who declined it and when stands on the timeline alone.
      'on', to_char(coalesce(declined.at, cases.opened_at) at time zone 'Asia/Shanghai', 'YYYY-MM-DD'),
      'by', coalesce(declined.actor_id, cases.opened_by)) end,
    'investigation', null) || jsonb_build_object(
    'handledBy', (select coalesce(jsonb_agg(distinct someone), '[]'::jsonb)
      from unnest(cases.officers || array[cases.opened_by, cases.submitted_by]) as someone where someone is not null),
    'judgedBy', (select coalesce(jsonb_agg(distinct someone), '[]'::jsonb)
      from unnest(array[cases.endorsed_by, cases.filed_by]) as someone where someone is not null),
    'recusals', '[]'::jsonb, 'preservations', '[]'::jsonb, 'orders', '[]'::jsonb,
    'findings', null, 'computation', null, 'notice', null, 'formerNotices', '[]'::jsonb, 'statements', '[]'::jsonb,
    'hearing', null, 'legalReviews', '[]'::jsonb, 'discussions', '[]'::jsonb, 'decisionProposal', null,
    'extensions', '[]'::jsonb, 'decision', null, 'education', null, 'services', '[]'::jsonb,
    'addressConfirmation', null, 'payment', null, 'reviews', '[]'::jsonb, 'litigations', '[]'::jsonb, 'urging', null,
    'court', null) || jsonb_build_object('changes', '[]'::jsonb, 'publication', null, 'pauses', '[]'::jsonb, 'closing', null, 'archive', null,
    'documents', '[]'::jsonb,
    'clocks', case when cases.filed_at is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
      'kind', 'decision', 'subject', 'case',
      'startedOn', to_char(cases.filed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'),
      'strictDue', to_char((cases.filed_at at time zone 'Asia/Shanghai')::date + 90, 'YYYY-MM-DD'),
      'legalDue', null, 'basis', 'xzcf:60', 'duty', 'agency', 'state', 'running', 'endedOn', null)) end)
from cases as former
  left join timeline_entries as declined on declined.subject_kind = 'case' and declined.subject_id = former.id
    and declined.action = 'decline_filing'
where former.id = cases.id;

alter table cases
  alter column file set not null,
  alter column agency_id set not null,
  add foreign key (agency_id) references agencies (id),
  -- Now in the file.
  drop column officers, drop column officer_record, drop column ground, drop column ground_note,
  drop column act_ended_at, drop column submitted_by, drop column submitted_at, drop column endorsed_by,
  drop column endorsed_at, drop column filed_by, drop column not_filed_reason,
  drop column filed_at,
  add check ((filed_on is not null) = (case_no is not null)),
  add check (case_no is not null or procedure = 'simplified' or state in
    ('clue_verification', 'not_filed', 'filing_pending', 'terminated', 'transferred_agency',
     'transferred_judicial', 'closed', 'archived')),
  add check (file ->> 'state' = state and file ->> 'caseId' = id);
-- Which cases an incident is evidence in.
create index cases_incidents on cases using gin ((file -> 'incidentIds'));
create index cases_party on cases using gin (party_keys);

-- Deadlines live here; queues only ring them. One row per clock of a case's file, written with it.
create table case_clocks (
  case_id text not null references cases (id),
  kind text not null,
  subject text not null,
  started_on date not null,
  strict_due date not null,
  -- Null while the calendar of its year is not loaded.
  legal_due date,
  basis text not null,
  duty text not null check (duty in ('agency', 'party', 'court')),
  state text not null check (state in ('running', 'met', 'lapsed', 'stopped')),
  ended_on date,
  primary key (case_id, kind, subject)
);
insert into case_clocks (case_id, kind, subject, started_on, strict_due, basis, duty, state)
select cases.id, clock ->> 'kind', clock ->> 'subject', (clock ->> 'startedOn')::date, (clock ->> 'strictDue')::date,
  clock ->> 'basis', clock ->> 'duty', clock ->> 'state'
from cases, jsonb_array_elements(cases.file -> 'clocks') as clock;
create index case_clocks_due on case_clocks (coalesce(legal_due, strict_due)) where state = 'running';
