-- For lists of a million tenants: the next ones to take up, the tally of states and the list that was taken over last are found
-- without looking at every tenant.

-- The same table, with one column more. Its states are compared one by one: for `in (…)`, SQLite makes a table of the words anew
-- for every row that is written, which takes longer than the writing.
create table tenant_anew (
  number               integer primary key,
  tenant_id            text not null,
  position             integer,  -- place on the list; null: not on it
  company_name         text not null,
  domain               text not null,
  note                 text not null,
  state                text not null check (state = 'pending' or state = 'checked' or state = 'blocked' or state = 'ready' or
                                            state = 'patching' or state = 'patched' or state = 'failed' or state = 'withdrawn'),
  detail               text,
  checked_at           text,
  patched_at           text,
  attempts             integer not null default 0,  -- PATCHes sent
  http_status          integer,  -- of the last answer that changed or stopped something
  error_code           text,
  request_id           text,     -- as sent, of the same request
  correlation_id       text,
  run_id               text,     -- the run that last did something here
  open_request_id      text,     -- of a PATCH without a definite answer; kept whatever the state becomes
  open_correlation_id  text,
  not_before           text,     -- the service asked not to be asked again before
  found_company_name   text,     -- what the last complete check read
  found_domain         text,
  found_relationship   text,
  found_subscriptions  integer,
  found_entitlements   integer,
  not_before_noted_at  text,
  -- Who is taken up first in a run; null: there is nothing to do. 0: an open PATCH; 1: never checked or perhaps ready; 3: blocked
  -- last time. Whoever met trouble last time comes after the others, or the same few could use up every run: 2 and 4.
  turn                 integer generated always as (case
                         when state = 'withdrawn' then case when open_request_id is not null then 0 end
                         when position is null or state = 'patched' or state = 'failed' then null
                         when open_request_id is not null then 0
                         else case state when 'blocked' then 3 else 1 end
                              + (error_code is not null or ifnull(http_status, 200) <> 200)
                       end) virtual
) strict;

insert into tenant_anew (number, tenant_id, position, company_name, domain, note, state, detail, checked_at, patched_at, attempts,
                         http_status, error_code, request_id, correlation_id, run_id, open_request_id, open_correlation_id,
                         not_before, found_company_name, found_domain, found_relationship, found_subscriptions,
                         found_entitlements, not_before_noted_at)
select number, tenant_id, position, company_name, domain, note, state, detail, checked_at, patched_at, attempts, http_status,
       error_code, request_id, correlation_id, run_id, open_request_id, open_correlation_id, not_before, found_company_name,
       found_domain, found_relationship, found_subscriptions, found_entitlements, not_before_noted_at
from tenant;

drop table tenant;
alter table tenant_anew rename to tenant;

create unique index tenant_by_id on tenant (tenant_id);
create index tenant_by_position on tenant (position);
create index tenant_by_turn on tenant (turn, ifnull(position, 0)) where turn is not null;
create index tenant_by_wait on tenant (not_before_noted_at) where not_before_noted_at is not null;
create index tenant_out_of_turn on tenant (state) where position is not null and (state = 'failed' or state = 'withdrawn');

-- How many tenants are in each state: those on the list, and of the withdrawn those off it.
create table standing (
  state    text primary key,
  tenants  integer not null
) without rowid, strict;

insert into standing values ('pending', 0), ('checked', 0), ('blocked', 0), ('ready', 0), ('patching', 0), ('patched', 0),
                            ('failed', 0), ('withdrawn', 0);
insert or replace into standing
select state, count(*) from tenant where (position is not null) = (state <> 'withdrawn') group by state;

create trigger standing_counts_the_new after insert on tenant begin
  update standing set tenants = tenants + 1
  where state = new.state and (new.position is not null) = (state <> 'withdrawn');
end;

create trigger standing_forgets_the_gone after delete on tenant begin
  update standing set tenants = tenants - 1
  where state = old.state and (old.position is not null) = (state <> 'withdrawn');
end;

create trigger standing_follows_moves after update of state, position on tenant
when old.state <> new.state or (old.position is null) <> (new.position is null) begin
  update standing set tenants = tenants - 1
  where state = old.state and (old.position is not null) = (state <> 'withdrawn');
  update standing set tenants = tenants + 1
  where state = new.state and (new.position is not null) = (state <> 'withdrawn');
end;

-- Which list was taken over last (a digest of the file, and what was remarked about it), for as long as the tenants on the list
-- are just as that list had them.
alter table ledger add column list_digest text;
alter table ledger add column list_notices text;

create trigger list_has_a_row_more after insert on tenant begin
  update ledger set list_digest = null where list_digest is not null;
end;

create trigger list_has_a_row_less after delete on tenant begin
  update ledger set list_digest = null where list_digest is not null;
end;

create trigger list_is_not_as_taken_over after update of number, tenant_id, position, company_name, domain, note on tenant begin
  update ledger set list_digest = null where list_digest is not null;
end;
