-- A connect session makes one connection with each integration: whoever finds a used link in a mailbox or a history cannot use it again.
alter table connect_session
  add column used text[]   not null default '{}';         -- unique keys of the integrations whose connection it has made
