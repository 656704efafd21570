-- Back-load: files of dossiers, taken as they stream in and worked off in batches.
create table imports (
  tenant text not null,
  id bigint generated always as identity,
  state text not null default 'incomplete'
    check (state in ('incomplete', 'running', 'paused', 'cancelled', 'finished', 'deleted')),
  client text not null,
  agency text not null,
  format text not null,
  language text not null,
  is_known boolean not null,
  is_dry_run boolean not null,
  rate_per_second double precision not null,
  correlation_id text not null,
  -- While it is incomplete: what the same client sends it again under.
  idempotency_key text,
  -- Counts the times its file was sent; lines of an earlier time are left over.
  upload integer not null default 1,
  lines integer not null default 0,
  done integer not null default 0,
  accepted integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  warnings integer not null default 0,
  is_held boolean not null default false,
  created_at timestamptz not null default now(),
  heard_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  active_seconds double precision not null default 0,
  stepped_at timestamptz,
  credit_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  -- Lines, codes or findings are left that nobody needs.
  is_unclean boolean not null default false,
  primary key (tenant, id)
);
--> statement-breakpoint
create unique index imports_continued on imports (tenant, client, idempotency_key)
  where state = 'incomplete' and idempotency_key is not null;
--> statement-breakpoint
create index imports_running on imports (tenant, next_at) where state = 'running';
--> statement-breakpoint
create index imports_unclean on imports (tenant, id) where is_unclean;
--> statement-breakpoint
-- The lines of a file that are not worked off, some of them in each row, sealed.
create table import_batches (
  tenant text not null,
  import_id bigint not null,
  upload integer not null,
  -- Counts dossiers from 1.
  first integer not null,
  lines integer not null,
  content bytea not null,
  primary key (tenant, import_id, upload, first)
);
--> statement-breakpoint
-- The dossiers an import met, while it runs: none comes twice.
create table import_codes (
  tenant text not null,
  import_id bigint not null,
  code text not null,
  line integer not null,
  primary key (tenant, import_id, code)
);
--> statement-breakpoint
-- What is reported of one line, sealed.
create table import_findings (
  tenant text not null,
  import_id bigint not null,
  line integer not null,
  content bytea not null,
  primary key (tenant, import_id, line)
);
