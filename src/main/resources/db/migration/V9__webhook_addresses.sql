-- Webhook addresses of single connections, for providers that hand over the secret they will sign with.

create table webhook_address (
  id         bigint generated always as identity primary key,
  uuid       uuid not null,                              -- what the secret is sealed for
  connection bigint not null,
  ticket     bytea not null unique,                      -- hash of the word in the address that nobody else knows
  secret     bytea,                                      -- sealed; null until the provider has handed it over
  made_at    timestamptz not null default clock_timestamp(),
  taken_at   timestamptz
);
create index webhook_address_connection on webhook_address (connection);

-- What was given up is few and looked for often.
create index webhook_task_dead on webhook_task (id) where state = 'dead';
create index webhook_arrival_dead on webhook_arrival (id) where state = 'dead';
