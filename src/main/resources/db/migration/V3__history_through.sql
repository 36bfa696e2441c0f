-- A cursor below this version may have missed history that is no longer kept: it expired.
alter table collection add column history_through bigint not null default 0;
