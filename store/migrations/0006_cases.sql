create table cases (
  id text primary key,
  source text not null check (source in ('video', 'patrol', 'complaint', 'transfer', 'upper_level')),
  incident_id text unique references incidents (id),
  -- 案号: given out when the case is filed, so that filed cases count without gaps.
  case_no text unique,
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  violation text not null,
  state text not null check (state in (
    'clue_verification', 'not_filed', 'filing_pending', 'filed', 'investigating', 'investigated',
    'notice_served', 'statement_review', 'hearing', 'legal_review', 'collective_discussion',
    'decision_pending', 'decided', 'served', 'performing', 'performed', 'overdue', 'urged',
    'court_applied', 'court_accepted', 'court_ruled', 'executed', 'execution_ended', 'closed', 'archived',
    'no_penalty', 'dismissed', 'terminated', 'transferred_agency', 'transferred_judicial')),
  -- User ids of the officers who handle it.
  officers text[] not null,
  -- What an officer found and wrote down themselves.
  officer_record text,
  ground text not null,
  ground_note text not null,
  act_ended_at timestamptz not null,
  opened_by text not null references users (id),
  opened_at timestamptz not null,
  submitted_by text references users (id),
  submitted_at timestamptz,
  endorsed_by text references users (id),
  endorsed_at timestamptz,
  filed_by text references users (id),
  filed_at timestamptz,
  not_filed_reason text,
  check ((source = 'video') = (incident_id is not null)),
  check ((filed_at is not null) = (case_no is not null)),
  check (filed_at is not null or state in ('clue_verification', 'not_filed', 'filing_pending')),
  check ((state = 'not_filed') = (not_filed_reason is not null))
);
create index cases_queue on cases (state, opened_at, id);

-- One row per series; its lock makes the numbers gap-free.
create table case_number_counters (
  region text not null,
  agency_seq text not null,
  year integer not null,
  last_seq integer not null check (last_seq >= 1),
  primary key (region, agency_seq, year)
);
