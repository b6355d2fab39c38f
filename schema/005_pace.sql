-- What runs have learned of the service's quota: where the next run begins. At most one row.
create table pace (
  id             integer primary key check (id = 1),
  per_hour       integer not null,  -- requests that the service lets through
  trial_after    integer not null,  -- requests until it is tried whether it lets more through
  is_of_windows  integer not null,  -- a window's end was waited for, not a bucket's next drop
  learned_at     text not null
) strict;
