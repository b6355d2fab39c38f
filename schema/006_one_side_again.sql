-- A blocked tenant is looked at again from one side that blocked it, and costs one request while it stays blocked.
-- When everything was last read, and what the decision rested on beside the facts (null: nothing blocked).
alter table tenant add column full_check_at text;
alter table tenant add column full_check_terms text;
-- Where the blocker was seen; null: recorded by a version that did not note it.
alter table blocker add column side text check (side in ('customer', 'subscriptions', 'entitlements'));
