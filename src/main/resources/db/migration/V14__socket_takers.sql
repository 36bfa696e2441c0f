-- Which session or page a WebSocket's id was taken by: if another one comes with it, the page is told nothing of what either of them connects.
alter table flow_result
  add column taker bytea;                                 -- SHA-256 of the session token or public key
