-- The ledger of one job: every tenant ever listed, every run, and an append-only history of every change of state.
-- Times are UTC texts like 2026-11-23T01:38:07.123Z, which sort as they stand.

create table run (
  number      integer primary key,
  run_id      text not null unique,
  command     text not null check (command in ('check', 'run')),
  started_at  text not null,
  ended_at    text,
  outcome     text,              -- null while it goes on; 'interrupted' if it never came to its end
  exit_code   integer,
  tenants     integer not null default 0,
  patched     integer not null default 0,
  blocked     integer not null default 0,
  failed      integer not null default 0,
  requests    integer not null default 0,
  throttled   integer not null default 0,
  version     text not null,
  user        text not null,
  host        text not null
) strict;

create table tenant (
  number               integer primary key,
  tenant_id            text not null,
  position             integer,  -- place on the list; null: not on it
  company_name         text not null,
  domain               text not null,
  note                 text not null,
  state                text not null check (state in ('pending', 'checked', 'blocked', 'ready',
                                                      'patching', 'patched', 'failed', 'withdrawn')),
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
  found_entitlements   integer
) strict;

create unique index tenant_by_id on tenant (tenant_id);
create index tenant_by_position on tenant (position);

create table blocker (
  tenant         integer not null references tenant (number),
  ordinal        integer not null,
  code           text not null check (code in ('active-subscription', 'subscription-not-cancelled', 'savings-plan',
                                               'pending-subscription', 'reserved-instance', 'software', 'unrecognized',
                                               'incomplete-answer', 'identity-mismatch')),
  object_id      text not null,
  object_name    text not null,
  object_status  text not null,
  what_to_do     text not null,
  since          text not null,  -- when it was first seen, while it has stayed
  primary key (tenant, ordinal)
) without rowid, strict;

-- One row per change of state. hash = SHA-256, in hexadecimal, over the previous row's hash (64 zeros before the first)
-- and this row's other columns in the order of the table, each written as its length in bytes, a colon, its text and a comma;
-- a null is written as a hyphen and a comma. Anyone can recompute it.
create table history (
  seq             integer primary key,
  at              text not null,
  run_id          text not null,
  tenant_id       text not null,
  from_state      text,
  to_state        text not null,
  reason          text not null,
  http_status     integer,
  error_code      text,
  request_id      text,
  correlation_id  text,
  hash            text not null
) strict;

create trigger history_is_never_updated before update on history begin
  select raise(abort, 'history is append-only');
end;

create trigger history_is_never_deleted before delete on history begin
  select raise(abort, 'history is append-only');
end;

create trigger history_has_no_gap before insert on history
when new.seq is not (select coalesce(max(seq), 0) + 1 from history) begin
  select raise(abort, 'history has no gap');
end;

-- One row: how long the history is and how it ends, so that a cut end shows; and how long the service asked everybody to wait.
create table ledger (
  id                  integer primary key check (id = 1),
  history_seq         integer not null,
  history_hash        text not null,
  service_not_before  text
) strict;

insert into ledger (id, history_seq, history_hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
