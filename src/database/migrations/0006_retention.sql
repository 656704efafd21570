-- Retention (design section 6, "Evidence"; section 8, RETENTION_*). The bodies of a month go before its entries do. Digests of the sealed
-- bytes stay, so that whoever kept a copy can be held to it.
alter table entries alter column payload drop not null, add column payload_digest bytea, add column bodies_erased_at timestamp with time zone;
--> statement-breakpoint
alter table attempts add column evidence_digest bytea;
--> statement-breakpoint
-- Proposals go with the bodies of the entry they would have corrected.
alter table corrections alter column payload drop not null;
--> statement-breakpoint
-- The months that take no new entries any more, by the names of their partitions; these hold the entries of all tenants. `closed_at` is
-- when a process saw that ids had gone beyond the month, `due_at` when one saw that something of it is past its time: it goes a day later, so
-- that a clock that jumps ahead for a moment takes nothing with it. What is copied without bodies reaches up to (copied_tenant, copied_id).
create table history_months (
  name text primary key,
  first_id bigint not null,
  end_id bigint not null,
  closed_at timestamp with time zone not null,
  due_at timestamp with time zone,
  copied_tenant text,
  copied_id bigint,
  bodies_erased_at timestamp with time zone,
  deliveries_noted_at timestamp with time zone,
  dropped_at timestamp with time zone
);
--> statement-breakpoint
-- Entries of a month without bodies that have theirs still, because they were not settled long enough ago.
create table kept_bodies (
  tenant text not null,
  entry_id bigint not null,
  month text not null,
  constraint kept_bodies_tenant_entry_id_pk primary key (tenant, entry_id)
);
--> statement-breakpoint
-- When something about a subject last reached a platform, of entries that are kept no more.
create table past_deliveries (
  tenant text not null,
  subject text not null,
  platform text not null,
  delivered_at timestamp with time zone not null,
  constraint past_deliveries_tenant_subject_platform_pk primary key (tenant, subject, platform)
);
--> statement-breakpoint
-- The partitions of the entries: the ids from first_id up to before end_id; `bounds` as `attach partition` takes them.
create view entry_partitions as
select substr(c.relname, 9) as name, coalesce(substring(b.bounds from 'FROM \(''(\d+)''\)')::bigint, 0) as first_id,
       substring(b.bounds from 'TO \(''(\d+)''\)')::bigint as end_id, b.bounds
from pg_inherits i join pg_class c on c.oid = i.inhrelid cross join lateral (select pg_get_expr(c.relpartbound, c.oid) as bounds) b
where i.inhparent = 'entries'::regclass;
--> statement-breakpoint
-- As in migration 0002, and further: what is there already takes no lock; ids that an older partition holds already stay there, which is
-- what a clock that was set back asks for.
create or replace function open_history_month(at timestamptz) returns void language plpgsql as $$
declare
  month timestamptz := date_trunc('month', at at time zone 'UTC') at time zone 'UTC';
  month_after timestamptz := (date_trunc('month', at at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  suffix text := to_char(at at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('entries_' || suffix) is not null and to_regclass('attempts_' || suffix) is not null
     and to_regclass('settled_' || suffix) is not null then
    return;
  end if;
  lock table entries in share update exclusive mode;
  begin
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
  exception when invalid_object_definition then
    null;
  end;
  if to_regclass('settled_' || suffix) is null then
    execute format('create table settled_%s (like settled including defaults including constraints)', suffix);
    execute format('with early as (delete from settled_default where settled_at >= %L and settled_at < %L returning *)
                    insert into settled_%s select * from early', month, month_after, suffix);
    execute format('alter table settled attach partition settled_%s for values from (%L) to (%L)', suffix, month, month_after);
  end if;
end
$$;
--> statement-breakpoint
-- Lets new entries begin in their month: ids move up to its first, never down, and only where there is a partition for them.
create function enter_history_month(at timestamptz) returns void language plpgsql as $$
begin
  if (select last_value from entries_id_seq) >= first_entry_id(at) then
    return;
  end if;
  -- One process at a time: two that both moved the sequence could move it back over ids that were given between.
  lock table entries in share update exclusive mode;
  if (select last_value from entries_id_seq) < first_entry_id(at)
     and exists (select 1 from entry_partitions where first_id = first_entry_id(at)) then
    perform setval('entries_id_seq', first_entry_id(at), false);
  end if;
end
$$;
