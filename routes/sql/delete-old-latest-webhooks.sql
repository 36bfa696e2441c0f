-- When webhooks last said something of a record: known for longer than a failed one is kept, which
-- could still be done again. A chunk is 5,000.
delete from webhook_latest
where (connection, model, external_id) in (
  select connection, model, external_id
  from webhook_latest
  where said_at < now() - interval '40 days'
  order by said_at
  limit 5000
  for update skip locked)
