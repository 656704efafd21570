-- Entry ids begin anew with every month: id = month number x 10^9 + n, where the month number is year x 12 + month (UTC). So a partition by
-- id is a month of acceptance, and whoever knows an id knows its partition. If nobody moves the sequence at the turn of a month, ids go on in
-- the month before: nothing breaks.
create function first_entry_id(at timestamptz) returns bigint language sql stable as $$
  select (extract(year from at at time zone 'UTC') * 12 + extract(month from at at time zone 'UTC'))::bigint * 1000000000
$$;
--> statement-breakpoint
alter table entries alter column id drop identity;
--> statement-breakpoint
create sequence entries_id_seq;
--> statement-breakpoint
select setval('entries_id_seq', coalesce((select max(id) from entries), 0) + 1, false);
--> statement-breakpoint
alter table entries rename to entries_first;
--> statement-breakpoint
alter table entries_first rename constraint entries_tenant_id_pk to entries_first_pkey;
--> statement-breakpoint
alter index entries_newest rename to entries_first_newest;
--> statement-breakpoint
alter index entries_subject rename to entries_first_subject;
--> statement-breakpoint
create table entries (like entries_first including defaults) partition by range (id);
--> statement-breakpoint
alter table entries alter column id set default nextval('entries_id_seq'), add constraint entries_tenant_id_pk primary key (tenant, id);
--> statement-breakpoint
create index entries_newest on entries (tenant, accepted_at desc, id desc);
--> statement-breakpoint
create index entries_subject on entries (tenant, subject, id desc);
--> statement-breakpoint
alter table attempts rename to attempts_first;
--> statement-breakpoint
alter table attempts_first rename constraint attempts_tenant_entry_id_n_pk to attempts_first_pkey;
--> statement-breakpoint
create table attempts (like attempts_first including defaults, constraint attempts_tenant_entry_id_n_pk primary key (tenant, entry_id, n))
  partition by range (entry_id);
--> statement-breakpoint
alter table settled rename to settled_before;
--> statement-breakpoint
alter table settled_before rename constraint settled_tenant_id_pk to settled_before_pkey;
--> statement-breakpoint
create table settled (like settled_before including defaults including constraints, direction text not null, platform text not null,
  agency text not null, constraint settled_tenant_id_settled_at_pk primary key (tenant, id, settled_at)) partition by range (settled_at);
--> statement-breakpoint
-- A month that nobody opened in time must not stop a settle: its rows wait here until it is opened.
create table settled_default partition of settled default;
--> statement-breakpoint
-- Makes the partitions of one month, if they are missing. DML goes on meanwhile; two callers wait for each other.
create function open_history_month(at timestamptz) returns void language plpgsql as $$
declare
  month timestamptz := date_trunc('month', at at time zone 'UTC') at time zone 'UTC';
  month_after timestamptz := (date_trunc('month', at at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  suffix text := to_char(at at time zone 'UTC', 'YYYY_MM');
begin
  lock table entries in share update exclusive mode;
  if to_regclass('entries_' || suffix) is null then
    execute format('create table entries_%s (like entries including defaults)', suffix);
    execute format('alter table entries attach partition entries_%s for values from (%s) to (%s)', suffix, first_entry_id(month),
                   first_entry_id(month_after));
  end if;
  if to_regclass('attempts_' || suffix) is null then
    execute format('create table attempts_%s (like attempts including defaults)', suffix);
    execute format('alter table attempts attach partition attempts_%s for values from (%s) to (%s)', suffix, first_entry_id(month),
                   first_entry_id(month_after));
  end if;
  if to_regclass('settled_' || suffix) is null then
    execute format('create table settled_%s (like settled including defaults including constraints)', suffix);
    execute format('with early as (delete from settled_default where settled_at >= %L and settled_at < %L returning *)
                    insert into settled_%s select * from early', month, month_after, suffix);
    execute format('alter table settled attach partition settled_%s for values from (%L) to (%L)', suffix, month, month_after);
  end if;
end
$$;
--> statement-breakpoint
do $$
begin
  execute format('alter table entries attach partition entries_first for values from (minvalue) to (%s)', first_entry_id(now()));
  execute format('alter table attempts attach partition attempts_first for values from (minvalue) to (%s)', first_entry_id(now()));
  perform open_history_month(now()), open_history_month(now() + interval '1 month');
  perform setval('entries_id_seq', first_entry_id(now()));
end
$$;
--> statement-breakpoint
insert into settled (tenant, id, was, state, settled_at, attempts, superseded_by, reason, direction, platform, agency)
select s.tenant, s.id, s.was, s.state, s.settled_at, s.attempts, s.superseded_by, s.reason, e.direction, e.platform, e.agency
from settled_before s join entries e on e.tenant = s.tenant and e.id = s.id;
--> statement-breakpoint
drop table settled_before;
--> statement-breakpoint
alter table pending add column direction text not null default 'out', add column agency text not null default '';
--> statement-breakpoint
update pending p set agency = e.agency, direction = e.direction from entries e where e.tenant = p.tenant and e.id = p.id;
--> statement-breakpoint
alter table pending alter column agency drop default;
--> statement-breakpoint
-- The sums of the ledger, kept like a book: whatever is accepted or settled adds a line here in the same transaction, whoever wrote it. The lines
-- are folded into ledger_sums now and then, and stay when retention takes the rows they counted.
create table tallies (
  tenant text not null, month date not null, direction text not null, platform text not null, agency text not null, state text not null,
  count bigint not null
);
--> statement-breakpoint
create table ledger_sums (
  tenant text not null, month date not null, direction text not null, platform text not null, agency text not null, state text not null,
  count bigint not null,
  constraint ledger_sums_pk primary key (tenant, month, direction, platform, agency, state)
);
--> statement-breakpoint
insert into ledger_sums
select tenant, date_trunc('month', accepted_at at time zone 'UTC')::date, direction, platform, agency, 'accepted', count(*)
from entries group by 1, 2, 3, 4, 5
union all
select tenant, date_trunc('month', settled_at at time zone 'UTC')::date, direction, platform, agency, state, count(*)
from settled group by 1, 2, 3, 4, 5, 6;
--> statement-breakpoint
create function tally_accepted() returns trigger language plpgsql as $$
begin
  insert into tallies
  select tenant, date_trunc('month', accepted_at at time zone 'UTC')::date, direction, platform, agency, 'accepted', count(*)
  from fresh group by 1, 2, 3, 4, 5;
  return null;
end
$$;
--> statement-breakpoint
create function tally_settled() returns trigger language plpgsql as $$
begin
  insert into tallies
  select tenant, date_trunc('month', settled_at at time zone 'UTC')::date, direction, platform, agency, state, count(*)
  from fresh group by 1, 2, 3, 4, 5, 6;
  return null;
end
$$;
--> statement-breakpoint
create trigger entries_tally after insert on entries referencing new table as fresh for each statement execute function tally_accepted();
--> statement-breakpoint
create trigger settled_tally after insert on settled referencing new table as fresh for each statement execute function tally_settled();
