-- The data of design.md §6. Lock order for every writer: sync → collection (ascending id) → record → message.

create table environment (
  id                  int generated always as identity primary key,
  uuid                uuid not null unique default gen_random_uuid(),
  name                text not null unique,
  public_key          uuid not null unique default gen_random_uuid(),
  webhook_signing_key bytea not null,                     -- sealed
  primary_url         text,                               -- where webhooks go; null: nobody listens
  secondary_url       text,
  always_announce     boolean not null default false,     -- also send a sync webhook when a run changed nothing
  announce_failures   boolean not null default true,      -- send a webhook when a run fails
  created_at          timestamptz not null default clock_timestamp()
);

create table api_key (
  id             bigint generated always as identity primary key,
  environment    int not null references environment,
  display_name   text not null,
  hash           bytea not null unique,                   -- SHA-256 of the key; the key itself is never stored
  scopes         text[] not null default '{environment:*}',
  created_at     timestamptz not null default clock_timestamp()
);

create table integration (
  id               bigint generated always as identity primary key,
  environment      int not null references environment,
  unique_key       text not null,
  provider         text not null,
  display_name     text,
  credentials      bytea,                                 -- sealed
  config           jsonb not null default '{}',
  custom           jsonb not null default '{}',
  forward_webhooks boolean not null default true,
  created_at       timestamptz not null default clock_timestamp(),
  updated_at       timestamptz not null default clock_timestamp(),
  deleted_at       timestamptz
);
create unique index integration_live on integration (environment, unique_key) where deleted_at is null;

create table connection (
  id                   bigint generated always as identity primary key,
  environment          int not null references environment,
  integration          bigint not null references integration,
  connection_id        text not null,
  tenant               text not null,                     -- fairness: end user's organisation, else end user, else the connection
  end_user             jsonb,
  tags                 jsonb not null default '{}',
  metadata             jsonb,
  connection_config    jsonb not null default '{}',
  webhook_url_override text,
  errors               jsonb not null default '[]',
  created_at           timestamptz not null default clock_timestamp(),
  updated_at           timestamptz not null default clock_timestamp(),
  last_fetched_at      timestamptz,
  deleted_at           timestamptz
);
create unique index connection_live on connection (integration, connection_id) where deleted_at is null;
create index connection_listing on connection (environment, created_at desc, id desc) where deleted_at is null;

create table credential (
  connection bigint primary key references connection,
  type       text not null,                               -- API_KEY, BASIC, NONE, …
  sealed     bytea not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- One row per connection × model × variant. `version` is the change feed's clock: it only moves under this row's lock.
create table collection (
  id                bigint generated always as identity primary key,
  connection        bigint not null,
  model             text not null,
  variant           text not null default 'base',
  version           bigint not null default 0,
  last_at           timestamptz not null default 'epoch',
  live              bigint not null default 0,
  deleted           bigint not null default 0,
  bytes             bigint not null default 0,
  announced_version bigint not null default 0,
  announced_at      timestamptz not null default 'epoch',
  purged_through    bigint not null default 0,            -- a cursor below this version may have missed the end of a row: it expired
  pruned_version    bigint not null default 0,            -- up to here every payload is emptied
  pruned_at         timestamptz not null default 'epoch', -- the stamp of that version
  unique (connection, model, variant)
) with (fillfactor = 70);

create table record (
  collection       bigint not null,
  external_id      text collate "C" not null,
  stream           text collate "C",                      -- the sync that owns the row; null: an action or webhook wrote it first
  partition        text collate "C" not null default '',
  version          bigint not null,
  added_version    bigint not null,                       -- the version that last made the row live: tells added from updated since any point
  hash             bytea not null,
  data             jsonb,
  bytes            int not null,                          -- of the canonical text; 0 once pruned
  first_seen_at    timestamptz not null,
  last_modified_at timestamptz not null,
  last_action      "char" not null,                       -- a(dded) u(pdated) d(eleted)
  writer           "char" not null default 'p',           -- p(age) w(ebhook) a(ction): who wrote this version
  deleted_at       timestamptz,
  pruned_at        timestamptz,
  primary key (collection, external_id)
) partition by hash (collection);

do $$
begin
  for i in 0..15 loop
    execute format('create table record_%s partition of record for values with (modulus 16, remainder %s) with (fillfactor = 85)', i, i);
  end loop;
end $$;
create index record_change on record (collection, last_modified_at, version);

create table quarantine (
  collection  bigint not null,
  identified  boolean not null default true,              -- false: the record had no usable id, and external_id is made of its content
  external_id text collate "C" not null,
  stream      text collate "C",
  run         bigint,
  reason      text not null,
  raw         text not null,                              -- text, not jsonb: it may be what jsonb refuses
  first_at    timestamptz not null default clock_timestamp(),
  last_at     timestamptz not null default clock_timestamp(),
  primary key (collection, identified, external_id)
);

create table sync (
  id              bigint generated always as identity primary key,
  uuid            uuid not null unique default gen_random_uuid(),
  connection      bigint not null references connection,
  tenant          text not null,
  provider        text not null,
  name            text not null,
  variant         text not null default 'base',
  state           text not null default 'active' check (state in ('active', 'paused', 'parked')),  -- parked: its route is gone
  frequency       text,                                   -- per-connection override, contract syntax; null: the route's own
  due_at          timestamptz not null default clock_timestamp(),
  lease_token     uuid,
  lease_until     timestamptz,
  lease_node      text,
  checkpoint      jsonb,                                  -- the watermark: moves only when safe
  position        jsonb,                                  -- where the open run stands: moves with every page commit
  run             bigint,                                 -- the open run, if any
  full_requested  boolean not null default false,
  empty_requested boolean not null default false,         -- the next run empties the collections first
  trigger_requested boolean not null default false,       -- asked for while a run was open: run again at once
  full_runs_ago   int not null default 0,
  full_at         timestamptz,
  failures        int not null default 0,                 -- in a row
  fingerprint     text,
  unique (connection, name, variant)
) with (fillfactor = 60);
create index sync_due on sync (due_at) where state = 'active';

create table sync_run (
  id              bigint generated always as identity primary key,
  uuid            uuid not null unique default gen_random_uuid(),
  sync            bigint not null,
  mode            text not null check (mode in ('initial', 'incremental', 'full')),
  phase           text not null default 'reading' check (phase in ('reading', 'deleting', 'ended')),
  outcome         text check (outcome in ('success', 'failed', 'cancelled')),
  started_at      timestamptz not null default clock_timestamp(),
  ended_at        timestamptz,
  takeovers       int not null default 0,
  pages           int not null default 0,
  added           bigint not null default 0,
  updated         bigint not null default 0,
  deleted         bigint not null default 0,
  unchanged       bigint not null default 0,
  quarantined     bigint not null default 0,
  duplicates      bigint not null default 0,
  skipped         bigint not null default 0,              -- rows another kind of writer changed meanwhile
  held            bigint not null default 0,              -- deletions that were not believed
  drifting        boolean not null default false,         -- page/offset chain: a missing row is only nominated
  baseline        jsonb,                                  -- collection id → version when a full read began
  candidates      bigint,                                 -- missing rows of a full read; null: not looked for yet
  collections     bigint[] not null default '{}',         -- what its pages touched, so that whoever ends it can announce it
  results         jsonb,                                  -- what was announced per model when it ended
  fingerprint     text,
  checkpoint_from jsonb,
  checkpoint_to   jsonb,
  error_code      text,
  error_class     text,
  error_message   text,
  warning         text
) with (fillfactor = 60);
create index sync_run_of on sync_run (sync, id desc);

-- What a full read saw: one row per page, written in the page's own transaction; sync_run.pages proves none is missing.
create table seen (
  run        bigint not null,
  page       int not null,
  collection bigint not null,
  ids        text[] not null,
  primary key (run, page, collection)
);

-- Rows a full read missed. A drifting chain only nominates; a proven one is deleted chunk by chunk from here.
create table deletion_candidate (
  collection  bigint not null,
  external_id text collate "C" not null,
  stream      text collate "C" not null,
  run         bigint not null,
  misses      int not null default 1,
  primary key (collection, external_id)
);
create index deletion_candidate_run on deletion_candidate (run);

create table message (
  id          text primary key,                           -- the webhook-id: the same on every attempt
  environment int not null,
  connection  bigint,
  type        text not null,
  body        text not null,                              -- the very bytes that are signed and sent
  created_at  timestamptz not null default clock_timestamp()
);
create index message_age on message (created_at);

create table delivery (
  id          bigint generated always as identity primary key,
  message     text not null references message on delete cascade,
  url         text not null,
  state       text not null default 'pending' check (state in ('pending', 'delivered', 'abandoned')),
  attempts    int not null default 0,
  due_at      timestamptz not null default clock_timestamp(),
  lease_token uuid,
  ended_at    timestamptz
) with (fillfactor = 70);
create index delivery_due on delivery (due_at) where state = 'pending';
create index delivery_message on delivery (message);

create table attempt (
  delivery  bigint not null references delivery on delete cascade,
  number    int not null,
  at        timestamptz not null default clock_timestamp(),
  took_ms   bigint not null,
  status    int,
  error     text,
  primary key (delivery, number)
);

create table action_run (
  id          uuid primary key default gen_random_uuid(),
  environment int not null,
  connection  bigint not null,
  action      text not null,
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz,
  outcome     text check (outcome in ('success', 'failed')),
  error_code  text
);
create index action_run_of on action_run (connection, started_at desc);
