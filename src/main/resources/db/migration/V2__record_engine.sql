-- Sealed payloads, hashes that say how they were made, history, retention.

-- One key per connection; itself sealed by the master key. Deleting the row erases every payload it sealed.
create table data_key (
  id         bigint generated always as identity primary key,
  connection bigint not null unique,
  sealed     bytea not null,
  created_at timestamptz not null default clock_timestamp()
);

-- How hashes are made: the fields they leave out, and the fields that are watched. Written once, never changed.
create table recipe (
  id      int generated always as identity primary key,
  ignored text[] not null,
  watched text[] not null,
  unique (ignored, watched)
);

alter table collection
  add column writes          bigint not null default 0,   -- moves with every transaction that touches its rows: an earlier look-up then no longer holds
  add column converted       text,                        -- what every row was last brought to: sealed or plain, and by which recipe
  add column converted_after text collate "C";            -- where bringing them there stands

alter table record
  add column sealed       bytea,                          -- the payload, where it is sealed; then data is null
  add column key          bigint,                         -- of data_key: it sealed the payload and keys the hash; null: both are plain
  add column recipe       int,                            -- of recipe: how hash and watched were made; null: nothing is left out or watched
  add column watched      bytea,                          -- hash of the watched fields alone
  add column told_version bigint;                         -- the last version worth a webhook; null: this one
-- The change index must not begin with the same column as the primary key. PostgreSQL takes a collection that its statistics
-- do not know for one row, finds both indexes equally cheap, and took this one for look-ups by id: the whole collection per id,
-- 5.5 s instead of 4 ms for 1,000 ids of 20,000 rows. So: -collection.
drop index record_change;
create index record_change on record ((-collection), last_modified_at, version);
create index record_gone on record (collection, deleted_at) where deleted_at is not null;

alter table quarantine
  alter column raw drop not null,
  add column sealed bytea,                                -- raw, where payloads are sealed
  add column key    bigint;

alter table sync_run
  add column unwatched bigint not null default 0;         -- stored, but outside the watched fields: nobody is told

-- What became what, for models that keep a history: one row per record version.
create table record_history (
  collection    bigint not null,
  version       bigint not null,
  external_id   text collate "C" not null,
  action        "char" not null,                          -- as record.last_action
  at            timestamptz not null,
  told          boolean not null,                         -- false: outside the watched fields
  before        jsonb,
  after         jsonb,
  before_sealed bytea,
  after_sealed  bytea,
  before_key    bigint,
  after_key     bigint,
  primary key (collection, version)
);

-- A changed row gets a new place anyway, for its stamp is indexed: room on its page would stay empty.
-- Vacuum by rows and not by shares: a share of ten million comes too late, and an insert-only table is never frozen.
do $$
begin
  for i in 0..15 loop
    execute format('alter table record_%s set (fillfactor = 100, autovacuum_vacuum_scale_factor = 0.02, '
      'autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.05, '
      'autovacuum_vacuum_insert_scale_factor = 0.1)', i);
  end loop;
end $$;
alter table collection set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
alter table sync set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
alter table sync_run set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
