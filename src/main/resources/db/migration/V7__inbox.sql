-- Webhooks from providers: taken in durably, answered, processed afterwards.

-- One row per delivery that was proven. It is written before the provider is answered.
create table webhook_arrival (
  id          bigint generated always as identity primary key,
  uuid        uuid not null,                              -- what the envelope is bound to
  environment int not null,
  integration bigint not null,
  provider    text not null,
  delivery    text not null,                              -- the provider's id of the delivery, or a hash of what was signed
  received_at timestamptz not null default clock_timestamp(),
  content     bytea,                                      -- body, query and headers as they came, without what proves them
  sealed      bytea,                                      -- the same, where payloads are sealed; then content is null
  connections bigint[],                                   -- whose secret proved it; null: its match says whose it is
  state       text not null default 'arrived' check (state in ('arrived', 'dispatched', 'dead')),
  attempts    int not null default 0,
  due_at      timestamptz not null default clock_timestamp(),
  error       text,
  keep_until  timestamptz not null,                       -- until then the same delivery is not taken again
  unique (integration, delivery)
);
create index webhook_arrival_due on webhook_arrival (due_at) where state = 'arrived';
create index webhook_arrival_age on webhook_arrival (keep_until);

-- One row per event of a delivery and connection it concerns.
create table webhook_task (
  id          bigint generated always as identity primary key,
  arrival     bigint not null references webhook_arrival on delete cascade,
  connection  bigint not null,
  provider    text not null,
  event       text not null,
  position    int not null,                               -- which of the delivery's events
  state       text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  attempts    int not null default 0,
  due_at      timestamptz not null default clock_timestamp(),
  lease_token uuid,                                       -- set: due_at is when the lease runs out
  lease_node  text,                                       -- who has it
  error       text,
  ended_at    timestamptz,
  unique (arrival, position, connection)
) with (fillfactor = 70);
create index webhook_task_due on webhook_task (due_at) where state = 'pending';
create index webhook_task_turn on webhook_task (connection, id) where state = 'pending';

-- Deliveries are matched to connections by what their configuration or metadata contains.
create index connection_by_config on connection using gin (connection_config jsonb_path_ops) where deleted_at is null;
create index connection_by_metadata on connection using gin (metadata jsonb_path_ops) where deleted_at is null;

create index connection_by_account on connection (integration, account) where deleted_at is null;

-- Forwarded webhooks carry the provider's headers, and payloads that may have to be sealed.
alter table message
  add column headers jsonb,                               -- the provider's own, of a forwarded webhook
  add column sealed  bytea,                               -- the body, where payloads are sealed; then body is null
  alter column body drop not null;
