-- Links for the party: whoever has one and knows the second factor sees one case or one incident, and nothing else.
create table party_links (
  id text primary key,
  -- sha256 of the token; the token itself is never stored.
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  case_id text references cases (id),
  incident_id text references incidents (id),
  region text not null check (region ~ '^[1-9][0-9]{5}$'),
  factor_kind text not null check (factor_kind in ('phone', 'plate')),
  -- HMAC with the installation's secret: four digits alone would be guessed from any plain hash.
  factor_hash text not null check (factor_hash ~ '^[0-9a-f]{64}$'),
  -- Wrong answers in a row.
  attempts integer not null default 0 check (attempts >= 0),
  expires_at timestamptz not null,
  created_by text not null references users (id),
  created_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text references users (id),
  revoke_reason text,
  last_used_at timestamptz,
  check ((case_id is null) <> (incident_id is null)),
  -- Nobody by name where the rules of retention ended it.
  check ((revoked_at is null) = (revoke_reason is null) and (revoked_by is null or revoked_at is not null))
);
create index party_links_by_case on party_links (case_id, created_at) where case_id is not null;
create index party_links_by_incident on party_links (incident_id, created_at) where incident_id is not null;

-- The first time a link showed the masked copies of an incident: the evidence log is told once.
create table party_link_views (
  link_id text not null references party_links (id),
  incident_id text not null references incidents (id),
  first_at timestamptz not null,
  primary key (link_id, incident_id)
);

-- What a party handed in, and what they were given for it. Rows are added, never changed.
create table portal_receipts (
  id text primary key,
  link_id text not null references party_links (id),
  what text not null check (what in ('answer', 'objection', 'statement', 'upload', 'hearing_request', 'human_request',
    'review_application', 'address_confirmation', 'address_revocation')),
  -- Of the bytes as they came in.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  content jsonb not null,
  -- The caller's own key: the same again changes nothing.
  idempotency_key text,
  at timestamptz not null
);
create unique index portal_receipts_once on portal_receipts (link_id, idempotency_key)
  where idempotency_key is not null;
create index portal_receipts_by_link on portal_receipts (link_id, at);
create trigger portal_receipts_append_only before update or delete on portal_receipts
  for each row execute function refuse_change();
create trigger portal_receipts_no_truncate before truncate on portal_receipts
  for each statement execute function refuse_change();

-- Files a party sent. Encrypted in the object store under the upload's id; nobody has looked for viruses.
create table portal_uploads (
  id text primary key,
  receipt_id text not null references portal_receipts (id) deferrable initially deferred,
  link_id text not null references party_links (id),
  name text not null,
  media_type text not null check (media_type in ('image/jpeg', 'image/png', 'application/pdf', 'video/mp4')),
  -- As received, and as the picture was written anew; null for what is no picture.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes > 0),
  copy_sha256 text check (copy_sha256 ~ '^[0-9a-f]{64}$'),
  copy_size_bytes bigint check (copy_size_bytes > 0),
  virus_checked boolean not null default false,
  at timestamptz not null,
  check ((copy_sha256 is null) = (copy_size_bytes is null))
);
create index portal_uploads_by_link on portal_uploads (link_id, at);

-- What the bank told us: the agency never holds the money (行政处罚法 67, 74).
create table bank_notices (
  -- Of the official receipt: the bank may tell us as often as it likes.
  receipt_no text primary key check (btrim(receipt_no) <> ''),
  code text not null,
  -- Null while the code fits no case.
  case_id text references cases (id),
  region text,
  amount_fen bigint not null check (amount_fen > 0),
  paid_on date not null,
  -- recorded: it stands in the case. held: a person has to look.
  state text not null check (state in ('recorded', 'held')),
  reason text,
  received_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'recorded') = (settled_at is not null)),
  check ((state = 'held') = (reason is not null)),
  check (state <> 'recorded' or case_id is not null)
);
create index bank_notices_queue on bank_notices (received_at, receipt_no);
create index cases_payment_code on cases ((file #>> '{payment,code}')) where file #>> '{payment,code}' is not null;

-- Decisions that a person decided to publish, withdrawn ones too.
create index cases_published on cases (decided_on, id) where file #>> '{publication,publish}' = 'true';

-- Nothing deletes from these, so that nobody can: their rows end, they are not removed.
create trigger agencies_no_delete before delete on agencies
  for each row execute function refuse_change();
create trigger agencies_no_truncate before truncate on agencies
  for each statement execute function refuse_change();
create trigger bank_notices_no_delete before delete on bank_notices
  for each row execute function refuse_change();
create trigger bank_notices_no_truncate before truncate on bank_notices
  for each statement execute function refuse_change();
create trigger case_clocks_no_delete before delete on case_clocks
  for each row execute function refuse_change();
create trigger case_clocks_no_truncate before truncate on case_clocks
  for each statement execute function refuse_change();
create trigger cases_no_delete before delete on cases
  for each row execute function refuse_change();
create trigger cases_no_truncate before truncate on cases
  for each statement execute function refuse_change();
create trigger document_counters_no_delete before delete on document_counters
  for each row execute function refuse_change();
create trigger document_counters_no_truncate before truncate on document_counters
  for each statement execute function refuse_change();
create trigger party_links_no_delete before delete on party_links
  for each row execute function refuse_change();
create trigger party_links_no_truncate before truncate on party_links
  for each statement execute function refuse_change();
create trigger rechecks_no_delete before delete on rechecks
  for each row execute function refuse_change();
create trigger rechecks_no_truncate before truncate on rechecks
  for each statement execute function refuse_change();
create trigger supervision_items_no_delete before delete on supervision_items
  for each row execute function refuse_change();
create trigger supervision_items_no_truncate before truncate on supervision_items
  for each statement execute function refuse_change();
create trigger warning_deliveries_no_delete before delete on warning_deliveries
  for each row execute function refuse_change();
create trigger warning_deliveries_no_truncate before truncate on warning_deliveries
  for each statement execute function refuse_change();
create trigger warnings_no_delete before delete on warnings
  for each row execute function refuse_change();
create trigger warnings_no_truncate before truncate on warnings
  for each statement execute function refuse_change();
