-- Tokens that never die: who renews what, what is in the air, and which grants are over.

alter table environment
  add column announce_auth_creation boolean not null default true, -- send a webhook when a connection is made
  add column announce_refresh_error boolean not null default true; -- send a webhook when a grant is over

alter table credential
  add column ends_at    timestamptz,                              -- when the token in it ends, by this database's clock; null: nobody said
  add column refresh_at timestamptz not null default clock_timestamp(); -- when to see whether its refresh token would die of idleness
create index credential_refresh on credential (refresh_at);

alter table sync
  add column blocked boolean not null default false;              -- the grant of its connection is over; not paused by anybody
drop index sync_due;
create index sync_due on sync (due_at) where state = 'active' and not blocked;

-- One row per connection whose token was ever renewed. Every write of an owner is fenced by `fence`.
create table token_refresh (
  connection  bigint primary key,
  fence       bigint not null default 0,                          -- moves with every lease, and with every reconnect
  lease_until timestamptz,
  node        text,
  phase       text not null default 'idle' check (phase in ('idle', 'sending', 'answered', 'doubtful')),
  intent_at   timestamptz,                                        -- since when the stored refresh token may be used up
  answer      bytea,                                              -- sealed: the provider's answer before anybody understood it
  state       text not null default 'live' check (state in ('live', 'uncertain', 'dead', 'misconfigured')),
  code        text,
  reason      text,                                               -- in plain words, without secrets
  failures    int not null default 0,                             -- in a row
  retry_at    timestamptz,                                        -- no node calls earlier
  refused     boolean not null default false,                     -- the token in force was got because the one before was refused
  shortest_ms bigint,                                             -- the youngest token without a stated end that was refused
  observed    int not null default 0                              -- how many such were seen
) with (fillfactor = 70);
create index token_refresh_open on token_refresh (connection) where phase in ('sending', 'answered');
create index token_refresh_over on token_refresh (state) where state <> 'live';
