-- What was asked with an Idempotency-Key: the same request with the same key is done once, for a day.
create table idempotency_keys (
  -- User id, or `portal:` with the hash of a link.
  owner text not null,
  key text not null check (length(key) between 8 and 128),
  route text not null,
  -- Of everything that makes the request what it is, the asker's rights among it.
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'),
  -- The one attempt that may still commit anything under this key. Once its time is up another may take over.
  attempt text not null,
  locked_until timestamptz not null,
  -- `committed`: written in the transaction that did what was asked, so that nobody does it again without the reply.
  state text not null check (state in ('running', 'committed', 'done')),
  status integer check (status between 200 and 499),
  reply jsonb,
  etag text,
  created_at timestamptz not null default now(),
  primary key (owner, key),
  check ((state = 'done') = (status is not null))
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Where a stream of events goes on.
create index timeline_entries_at on timeline_entries (at, id);

-- Whoever listens looks the entry up: who may see it is not for the database to say.
create function tell_of_entry() returns trigger language plpgsql as $$
begin
  perform pg_notify('forewarn_timeline',
    json_build_object('entry', new.id, 'kind', new.subject_kind, 'id', new.subject_id)::text);
  return null;
end
$$;
create trigger timeline_tell after insert on timeline_entries
  for each row execute function tell_of_entry();
