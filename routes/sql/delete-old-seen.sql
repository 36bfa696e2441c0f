-- What full reads saw, a day after the read ended: it has proven its deletions by then. A chunk is
-- 500 pages.
delete from seen
where ctid = any(array(
  select s.ctid
  from seen s
  left join sync_run r on r.id = s.run
  where r.id is null or (r.phase = 'ended' and r.ended_at < now() - interval '1 day')
  limit 500))
