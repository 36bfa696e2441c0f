-- Secrets are sealed by the vault's data keys; a data key stands here wrapped, once per master key that may open it.

create table vault_key (
  id         int generated always as identity primary key,
  state      text not null default 'active' check (state in ('active', 'replaced')),
  created_at timestamptz not null default clock_timestamp(),
  replaced_at timestamptz
);
create unique index vault_key_active on vault_key (state) where state = 'active';

create table vault_key_wrapping (
  vault_key int not null references vault_key on delete cascade,
  master    bytea not null,                               -- id of the master key, not the key
  wrapped   bytea not null,
  primary key (vault_key, master)
);

-- What each node seals with, so that nobody takes away a key that a node still uses.
create table vault_node (
  node      text primary key,
  master    bytea not null,
  vault_key int not null,
  seen_at   timestamptz not null default clock_timestamp()
);
