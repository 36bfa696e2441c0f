-- How customers get in: sessions that a backend hands out, flows through a browser, and what became of them.

alter table connection
  add column account          text,                       -- who it is at the provider, as the provider says; null: it does not
  add column prepare_due_at   timestamptz,                -- when its `created` route runs next; null: it has run, or there is none
  add column prepare_attempts int not null default 0;
create index connection_preparing on connection (prepare_due_at) where prepare_due_at is not null and deleted_at is null;

alter table environment
  add column hmac_key     bytea,                          -- sealed; signs what a page with the public key may ask for
  add column hmac_enabled boolean not null default false,
  add column callback_url text;                           -- where providers send browsers back to; null: our own /oauth/callback

create table connect_session (
  id           uuid primary key,
  environment  int not null references environment,
  hash         bytea not null unique,                     -- SHA-256 of the token; the token itself is never stored
  allowed      text[],                                    -- unique keys of integrations; null: all of the environment
  connection   bigint references connection,              -- the one connection it may reconnect; null: it makes new ones
  same_account boolean not null default false,            -- another account is refused even when it is confirmed
  sealed       bytea not null,                            -- end user, tags, defaults, overrides
  expires_at   timestamptz not null
);
create index connect_session_end on connect_session (expires_at);

create table oauth_flow (
  state       bytea primary key,                          -- SHA-256 of the state; the row goes in the transaction that takes it
  environment int not null references environment,
  integration bigint not null references integration,
  browser     bytea not null,                             -- SHA-256 of the cookie of the browser that began
  sealed      bytea not null,                             -- code verifier, what was asked for, which session
  expires_at  timestamptz not null
);
create index oauth_flow_end on oauth_flow (expires_at);

-- A WebSocket and what became of the one flow that it waits for. A row, because the flow may end on another node.
create table flow_result (
  socket     uuid primary key,
  taken      boolean not null default false,              -- a flow has it; no other flow gets it
  message    jsonb,                                       -- the frame; null: not ended yet
  expires_at timestamptz not null
);
create index flow_result_end on flow_result (expires_at);
