-- What the life-cycle rules know of a dossier besides its status: extensions, supplements, the due date in force, since when
-- a supplement pauses it. Null: a dossier of before; nothing was counted yet.
alter table dossiers add column life_cycle jsonb;
--> statement-breakpoint
-- A working day may have hours of its own, such as a half day's.
alter table calendar_days add column hours jsonb;
--> statement-breakpoint
-- Agency codes in canonical form with their validity (both days included) and the code that took their place.
create table agency_codes (
  tenant text not null,
  code text not null,
  name text not null,
  valid_from date,
  valid_to date,
  successor text,
  primary key (tenant, code)
);
--> statement-breakpoint
-- One row for each deployment. The version changes with the policy, the working hours, the calendar and the agency codes, in the
-- same transaction: whoever reads it knows whether what it holds in memory is still true.
create table rulebooks (
  tenant text primary key,
  version text not null,
  life_cycle jsonb,
  working_hours jsonb
);
--> statement-breakpoint
insert into rulebooks (tenant, version) select distinct tenant, gen_random_uuid()::text from calendar_days
on conflict do nothing;
