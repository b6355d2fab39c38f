-- When each wait was noted: one noted by a clock that has been set back since would otherwise last for as long as the clock
-- had been wrong.
alter table tenant add column not_before_noted_at text;
alter table ledger add column service_not_before_noted_at text;
