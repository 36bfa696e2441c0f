-- After a change of the webhook signing key, the replaced one signs beside it for a while.
alter table environment
  add previous_signing_key bytea,                          -- sealed
  add previous_signs_until timestamptz;
