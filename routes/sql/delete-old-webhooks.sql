-- Webhooks that were delivered or given up, 30 days after they were written, with their deliveries
-- and attempts. One that is still to be sent stays, however old. A chunk is 5,000.
delete from message
where id in (
  select m.id
  from message m
  where m.created_at < now() - interval '30 days'
    and not exists (select 1 from delivery d where d.message = m.id and d.state = 'pending')
  order by m.created_at
  limit 5000
  for update skip locked)
