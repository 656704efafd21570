-- Files that messages of the national portal name by their addresses, while they are on their way: what is fetched becomes a file of
-- its event. Name and address are sealed.
create table portal_addressed_files (
  tenant text not null,
  event_id text not null,
  n integer not null,
  content bytea not null,
  is_missing boolean not null default false,
  tries integer not null default 0,
  next_at timestamptz not null default now(),
  error_code text,
  primary key (tenant, event_id, n)
);
--> statement-breakpoint
create index portal_addressed_files_due on portal_addressed_files (tenant, next_at) where not is_missing;
