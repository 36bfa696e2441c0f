-- A node tells which master key it runs with from its start on, also before it seals anything.
alter table vault_node alter column vault_key drop not null;

-- The key that Serai made itself is known by this, not by its name: people name theirs as they like.
alter table api_key add column own boolean not null default false;
update api_key k set own = true
  from environment e
 where e.id = k.environment and e.name = 'dev' and k.display_name = 'dev key';

-- What an integration's app was is of no use to anybody once the integration is gone.
update integration set credentials = null, webhook_secret = null
 where deleted_at is not null and (credentials is not null or webhook_secret is not null);
