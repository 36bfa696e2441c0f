-- Runs of actions that ended 90 days ago. A chunk is 5,000.
delete from action_run
where id in (
  select id
  from action_run
  where ended_at < now() - interval '90 days'
  limit 5000)
