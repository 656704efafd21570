-- Reconciliation: what the province holds beside what a platform holds (design section 7).
create table reconciliations (
  tenant text not null,
  id bigint generated always as identity,
  platform text not null,
  profile text not null,
  source text not null check (source in ('look-up', 'list', 'upload')),
  sees text[] not null,
  state text not null default 'running' check (state in ('running', 'stopped', 'finished')),
  stop_cause text,
  -- What is looked at now: a list is fetched, dossiers are compared, what is listed and unknown is found.
  phase text not null check (phase in ('fetch', 'dossiers', 'strangers')),
  agency text,
  filter jsonb,
  list_id bigint,
  -- The night it belongs to; null: a person started it.
  scheduled_for date,
  actor_kind text not null,
  actor text not null,
  correlation_id text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- The last code that was looked at in this phase.
  cursor text not null default '',
  examined integer not null default 0,
  in_flight integer not null default 0,
  not_compared integer not null default 0,
  present integer not null default 0,
  equal integer not null default 0,
  missing_at_portal integer not null default 0,
  missing_here integer not null default 0,
  status_differs integer not null default 0,
  closed integer not null default 0,
  repairing integer not null default 0,
  repair_withheld boolean not null default false,
  held text,
  -- Batches in a row that got no answer at all.
  fruitless integer not null default 0,
  next_at timestamptz not null default now(),
  -- Who works at it: a batch asks the platform outside of any transaction.
  fence integer not null default 0,
  lease_until timestamptz,
  primary key (tenant, id)
);
--> statement-breakpoint
create unique index reconciliations_running on reconciliations (tenant, platform) where state = 'running';
--> statement-breakpoint
create unique index reconciliations_nights on reconciliations (tenant, platform, scheduled_for) where scheduled_for is not null;
--> statement-breakpoint
-- Lists of what a platform holds, fetched or uploaded.
create table reconciliation_lists (
  tenant text not null,
  id bigint generated always as identity,
  platform text not null,
  -- Canonical agency of who uploaded it.
  agency text,
  client text not null,
  -- What was exchanged since is not judged by it.
  as_of timestamptz not null,
  is_whole boolean not null,
  state text not null check (state in ('receiving', 'ready', 'used', 'deleted')),
  lines integer not null default 0,
  heard_at timestamptz not null default now(),
  primary key (tenant, id)
);
--> statement-breakpoint
create table reconciliation_rows (
  tenant text not null,
  list_id bigint not null,
  code text not null,
  status text,
  primary key (tenant, list_id, code)
);
--> statement-breakpoint
create table discrepancies (
  tenant text not null,
  id bigint generated always as identity,
  platform text not null,
  kind text not null check (kind in ('missing-at-portal', 'missing-here', 'status-differs')),
  dossier_code text not null,
  -- Canonical code of the dossier's owner; of a dossier that nobody here has, of the province: the access boundary.
  agency text not null,
  portal_born boolean not null default false,
  state text not null default 'open' check (state in ('open', 'repairing', 'repaired', 'dismissed', 'gone')),
  ours text,
  theirs text,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  run_id bigint not null,
  repairs integer not null default 0,
  exchange_id bigint,
  -- In repair, and its exchange is still to be made.
  is_due boolean not null default false,
  next_at timestamptz not null default now(),
  reason bytea,
  actor_kind text,
  actor text,
  correlation_id text,
  closed_at timestamptz,
  primary key (tenant, id)
);
--> statement-breakpoint
create unique index discrepancies_current on discrepancies (tenant, platform, dossier_code, kind)
  where state in ('open', 'repairing', 'dismissed');
--> statement-breakpoint
create index discrepancies_due on discrepancies (tenant, next_at) where is_due;
--> statement-breakpoint
create index discrepancies_run on discrepancies (tenant, run_id) where state = 'open';
