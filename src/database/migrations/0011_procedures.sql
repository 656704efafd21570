-- The mirrored national catalogue of procedures, versioned, and the policy for each of them.
create table procedures (
  tenant text not null,
  code text not null,
  -- As the platform writes it: what dossiers are sent under.
  platform_code text not null,
  valid_from timestamptz not null,
  is_listed boolean not null,
  fetched_at timestamptz not null,
  words text not null,
  primary key (tenant, code)
);
--> statement-breakpoint
create table procedure_versions (
  tenant text not null,
  code text not null,
  valid_from timestamptz not null,
  content jsonb not null,
  has_no_result boolean not null,
  has_no_fees boolean not null,
  primary key (tenant, code, valid_from)
);
--> statement-breakpoint
create table procedure_policies (
  tenant text not null,
  code text not null,
  id bigint generated always as identity,
  policy text not null
    check (policy in ('exclude-by-metadata', 'auto-acknowledgement', 'mark-digitised', 'do-not-sync', 'none')),
  decision text not null,
  reason text,
  client text not null,
  since timestamptz not null default now(),
  primary key (tenant, code, id)
);
--> statement-breakpoint
create table procedure_mirrors (
  tenant text primary key,
  stage text not null default 'idle' check (stage in ('idle', 'listing', 'reading')),
  fence bigint not null default 0,
  lease_until timestamptz,
  next_at timestamptz not null,
  is_held boolean not null default false,
  requested_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  listed integer not null default 0,
  read integer not null default 0,
  changed integer not null default 0,
  skipped integer not null default 0,
  error_code text,
  error text
);
--> statement-breakpoint
-- Procedures that the run in hand still has to read.
create table procedure_mirror_codes (
  tenant text not null,
  code text not null,
  platform_code text not null,
  is_done boolean not null default false,
  -- Tries that came to nothing.
  tries integer not null default 0,
  primary key (tenant, code)
);
--> statement-breakpoint
create index procedure_mirror_codes_left on procedure_mirror_codes (tenant, is_done);
--> statement-breakpoint
create table acknowledgements (
  tenant text not null,
  dossier_code text not null,
  upload_id text not null,
  fingerprint text not null,
  created_at timestamptz not null default now(),
  primary key (tenant, dossier_code)
);
--> statement-breakpoint
-- What the procedure said of a dossier when it was last put; null: before procedures were known.
alter table dossiers add column procedure_facts jsonb;
--> statement-breakpoint
-- A step that its procedure's policy kept here: there is no exchange of that id.
alter table dossier_events add column is_unsent boolean not null default false;
