-- Where a delivery goes, what it says there, who is sending it right now, and why it was given up.
alter table warning_deliveries
  -- Phone, speaker or mail address; null where the channel itself knows where to.
  add column address text check (btrim(address) <> ''),
  -- As it is said over this channel; null: the letter. {{link}} stands for the link, whose token is never stored.
  add column text text check (btrim(text) <> ''),
  -- Loudspeakers wait for the end of the quiet hours.
  add column not_before timestamptz,
  -- An attempt under way. Set before anything is sent: whoever finds it left behind knows that something may have been.
  add column sending_since timestamptz,
  add column sending_by text,
  -- What the receiver itself has said since, such as a loudspeaker that has played.
  add column receipt jsonb,
  -- A dead letter waits for a person.
  add column dead_at timestamptz,
  add column dead_reason text check (dead_reason in ('permanent', 'exhausted', 'unknown_outcome'));

update warning_deliveries set dead_at = updated_at, dead_reason = 'exhausted' where state = 'failed';

alter table warning_deliveries
  add check ((sending_since is null) = (sending_by is null) and (sending_since is null or state = 'pending')),
  add check ((dead_at is null) = (dead_reason is null) and (state = 'failed') = (dead_at is not null));

-- A zone may have several loudspeakers: once for each of them, and once where the channel itself knows where to.
alter table warning_deliveries drop constraint warning_deliveries_warning_id_channel_key;
create unique index warning_deliveries_once on warning_deliveries (warning_id, channel, coalesce(address, ''));

-- Lists by state, longest waiting first.
create index warning_deliveries_by_state on warning_deliveries (state, updated_at, id);
drop index warning_deliveries_pending;
