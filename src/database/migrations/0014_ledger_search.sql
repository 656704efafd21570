-- Search among millions of entries (design section 9): what is seldom looked for is found by indexes that leave out what is usual, so that
-- accepting and settling the usual cost nothing more.
-- When an entry was accepted that ended without having been delivered: lists go by that, and the entry is in another table.
alter table settled add column accepted_at timestamp with time zone;
--> statement-breakpoint
create function note_acceptance() returns trigger language plpgsql as $$
begin
  new.accepted_at := (select e.accepted_at from entries e where e.tenant = new.tenant and e.id = new.id);
  return new;
end
$$;
--> statement-breakpoint
create trigger settled_acceptance before insert on settled for each row
when (new.state <> 'delivered' and new.accepted_at is null) execute function note_acceptance();
--> statement-breakpoint
update settled s set accepted_at = e.accepted_at from entries e where s.state <> 'delivered' and e.tenant = s.tenant and e.id = s.id;
--> statement-breakpoint
create index settled_unsent on settled (tenant, state, accepted_at desc, id desc) where state <> 'delivered';
--> statement-breakpoint
create index entries_seldom on entries (tenant, platform, operation, accepted_at desc, id desc)
  where direction <> 'out' or platform <> 'national-portal' or operation not in ('dossier.put', 'dossier.step');
--> statement-breakpoint
-- Canonical codes of agencies below a province or a ministry have a dot.
create index entries_agency on entries (tenant, agency, accepted_at desc, id desc) where strpos(agency, '.') > 0;
--> statement-breakpoint
create index entries_dossier on entries (tenant, dossier_code, id desc) where dossier_code <> subject;
