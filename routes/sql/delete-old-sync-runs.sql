-- Runs that ended 90 days ago, but never the last run of a sync: its result is still shown. A chunk
-- is 5,000.
delete from sync_run
where id in (
  select r.id
  from sync_run r
  where r.phase = 'ended'
    and r.ended_at < now() - interval '90 days'
    and exists (select 1 from sync_run later where later.sync = r.sync and later.id > r.id)
  order by r.id
  limit 5000)
