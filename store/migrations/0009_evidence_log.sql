-- The evidence log: one Merkle tree (RFC 6962, section 2.1) for the whole installation. Rows are added, never changed.
-- There is no head row that could be set back: the tree's size is the number of rows, its hashes stand in the rows.
create table evidence_log (
  index bigint primary key check (index >= 0),
  -- Canonical JSON (RFC 8785), UTF-8: the bytes of which the leaf is the hash.
  entry bytea not null,
  -- 32 bytes each: the leaf's hash, then those of the full subtrees of 2, 4, 8 … leaves that end with this leaf.
  hashes bytea not null check (octet_length(hashes) >= 32 and octet_length(hashes) % 32 = 0),
  -- From the entry, to be searched by.
  at timestamptz not null,
  kind text not null check (kind in (
    'collected', 'viewed_unmasked', 'copied', 'masked', 'exported', 'transferred', 'served', 'deleted',
    'retention_decided', 'hold_placed', 'hold_released', 'access_granted', 'access_revoked')),
  bundle_id text,
  manifest_sha256 text check (manifest_sha256 ~ '^[0-9a-f]{64}$')
);
create index evidence_log_by_bundle on evidence_log (bundle_id, index);

-- Whoever inserts says only what happened. Place and hashes are given here, one insert after the other: the lock is
-- held until the transaction ends, so that numbers have no gaps and each tree extends the one before.
create function place_in_evidence_log() returns trigger language plpgsql as $$
declare
  document jsonb := convert_from(new.entry, 'UTF8')::jsonb;
  hash bytea := sha256('\x00'::bytea || new.entry);
  place bigint;
  level integer := 0;
  sibling bytea;
begin
  perform pg_advisory_xact_lock('pg_class'::regclass::oid::int, tg_relid::int);
  select coalesce(max(log.index) + 1, 0) into new.index from evidence_log as log;
  new.hashes := hash;
  place := new.index;
  -- A right child completes its parent, whose left child ended a power of two earlier.
  while place % 2 = 1 loop
    select substr(log.hashes, 32 * level + 1, 32) into strict sibling
      from evidence_log as log where log.index = (place << level) - 1;
    hash := sha256('\x01'::bytea || sibling || hash);
    new.hashes := new.hashes || hash;
    place := place / 2;
    level := level + 1;
  end loop;
  new.at := document ->> 'at';
  new.kind := document ->> 'kind';
  new.bundle_id := document ->> 'bundleId';
  new.manifest_sha256 := document ->> 'manifestSha256';
  return new;
end
$$;

-- Names the log wherever its checkpoints go: a restored or cloned database keeps it, and a fork shows.
create table evidence_log_origin (
  origin text not null
);
insert into evidence_log_origin (origin) values ('forewarn-log/' || gen_random_uuid());

-- Signed statements "at this size the root is this".
create table log_checkpoints (
  size bigint primary key check (size >= 1),
  -- Canonical JSON with its signature.
  document bytea not null,
  at timestamptz not null
);

-- RFC 3161 tokens over whole checkpoint documents. No foreign key: its check would lock the checkpoint's row, which
-- takes the right to update that nobody has.
create table log_timestamps (
  size bigint primary key,
  -- DER, ContentInfo.
  token bytea not null,
  -- By the authority's clock.
  at timestamptz not null
);

create trigger evidence_log_place before insert on evidence_log
  for each row execute function place_in_evidence_log();

create trigger evidence_log_append_only before update or delete on evidence_log
  for each row execute function refuse_change();
create trigger evidence_log_no_truncate before truncate on evidence_log
  for each statement execute function refuse_change();
create trigger evidence_log_origin_fixed before insert or update or delete on evidence_log_origin
  for each row execute function refuse_change();
create trigger evidence_log_origin_no_truncate before truncate on evidence_log_origin
  for each statement execute function refuse_change();
create trigger log_checkpoints_append_only before update or delete on log_checkpoints
  for each row execute function refuse_change();
create trigger log_checkpoints_no_truncate before truncate on log_checkpoints
  for each statement execute function refuse_change();
create trigger log_timestamps_append_only before update or delete on log_timestamps
  for each row execute function refuse_change();
create trigger log_timestamps_no_truncate before truncate on log_timestamps
  for each statement execute function refuse_change();

-- Ordinary triggers sleep while session_replication_role is 'replica'; these do not.
alter table evidence_log enable always trigger evidence_log_place;
alter table evidence_log enable always trigger evidence_log_append_only;
alter table evidence_log enable always trigger evidence_log_no_truncate;
alter table evidence_log_origin enable always trigger evidence_log_origin_fixed;
alter table evidence_log_origin enable always trigger evidence_log_origin_no_truncate;
alter table log_checkpoints enable always trigger log_checkpoints_append_only;
alter table log_checkpoints enable always trigger log_checkpoints_no_truncate;
alter table log_timestamps enable always trigger log_timestamps_append_only;
alter table log_timestamps enable always trigger log_timestamps_no_truncate;

-- The owner too: only who grants it back first can even reach the triggers.
revoke update, delete, truncate on evidence_log, evidence_log_origin, log_checkpoints, log_timestamps
  from current_user, public;
