-- A doubt about a token stays until it is settled, whoever raised it; what is learned of tokens is proven first.

alter table token_refresh
  add column sender      bigint,                                  -- the fence of the owner that sent last
  add column doubted     boolean not null default false,          -- a call before that one may have replaced the refresh token already
  add column grace_until timestamptz,                             -- so long the provider takes the stored refresh token even if it was replaced
  add column answered_at timestamptz,                             -- when `answer` came
  add column leased_at   timestamptz,                             -- the owner's last sign of life; in the future: the clock was set back
  add column renewed     bigint,                                  -- the generation that a renewal brought: its age is known
  add column learning_ms bigint,                                  -- as shortest_ms, until the token in force is seen to be accepted
  add column futile      int not null default 0;                  -- so many tokens in a row did not help that were got for refused ones

-- Learned without that proof.
update token_refresh set shortest_ms = null, observed = 0;

drop index token_refresh_open;
create index token_refresh_open on token_refresh (connection) where phase <> 'idle';
