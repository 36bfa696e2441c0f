-- A delivery for very many connections is handed to some of them at a time.
alter table webhook_arrival add column reached bigint not null default 0; -- connections up to this row id have theirs

-- Whether a route wanted the event when it was dispatched: then a node that has none leaves it to others.
alter table webhook_task add column routed boolean not null default false;

-- The latest that a webhook said of a record: what an earlier one says that is done late counts no more.
create table webhook_latest (
  connection  bigint not null,
  model       text not null,
  external_id text collate "C" not null,
  said_at     timestamptz not null,                       -- when the delivery came; its events are a microsecond apart
  primary key (connection, model, external_id)
);
create index webhook_latest_age on webhook_latest (said_at);

-- Of a row that a page wrote: the time before that page was asked for. Null: what it says was known when it was written.
alter table record add column noted_at timestamptz;
