-- Which session or page a WebSocket's id was taken by: if another one comes with it, the page is told nothing of what either of them connects.
alter table flow_result
  add column taker bytea;                                 -- SHA-256 of the session token or public key

-- The external IDs of AWS roles are made of it. No secret, but random: nobody who knows an end user's name knows his ID.
alter table environment
  add column external_id_seed uuid not null default gen_random_uuid();
