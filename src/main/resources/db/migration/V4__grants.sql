-- A grant is everything sealed of a connection: its credentials and the secret values of its configuration.

alter table credential
  add column generation bigint not null default 1;        -- moves with every change of the credentials, whoever made it

alter table integration
  add column webhook_secret bytea;                        -- sealed; what the provider signs its webhooks with
