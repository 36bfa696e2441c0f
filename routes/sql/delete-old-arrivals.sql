-- Webhooks from providers that are worked off, once a repeated delivery need not be known any more,
-- with their tasks. One that still waits stays, however old. A chunk is 5,000.
delete from webhook_arrival
where id in (
  select a.id
  from webhook_arrival a
  where a.keep_until < now()
    and a.state <> 'arrived'
    and not exists (select 1 from webhook_task t where t.arrival = a.id and t.state = 'pending')
  order by a.keep_until
  limit 5000
  for update skip locked)
