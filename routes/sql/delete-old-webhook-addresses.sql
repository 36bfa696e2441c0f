-- Webhook addresses of connections that are gone, and those that no provider took up within a day.
delete from webhook_address
where id in (
  select a.id
  from webhook_address a
  where a.secret is null and a.made_at < now() - interval '1 day'
     or not exists (select 1 from connection c where c.id = a.connection and c.deleted_at is null)
  limit 5000
  for update skip locked)
