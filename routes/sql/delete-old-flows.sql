-- Connect sessions are kept for a while after their end, for the flows that began in time.
with flows as (
  delete from oauth_flow where expires_at < clock_timestamp()
), results as (
  delete from flow_result where expires_at < clock_timestamp()
)
delete from connect_session where expires_at < clock_timestamp() - interval '1 hour'
