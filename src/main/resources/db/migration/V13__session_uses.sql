-- A connect session makes one connection with each integration: whoever finds a used link in a mailbox or a history cannot use it again.
alter table connect_session
  add column used bigint[] not null default '{}';         -- integrations whose connection it has made
