-- What is fetched from the national portal (national-portal sections 1.3 and 2.5). One row: when the next round is due, who works at
-- it, how the last one ended.
create table portal_fetches (
  tenant text primary key,
  stage text not null default 'idle' check (stage in ('idle', 'listing', 'taking')),
  fence bigint not null default 0,
  lease_until timestamptz,
  next_at timestamptz not null,
  is_held boolean not null default false,
  requested_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  listed integer not null default 0,
  received integer not null default 0,
  parked integer not null default 0,
  error_code text,
  error text
);
--> statement-breakpoint
-- Dossiers that the portal listed: found, kept with an inbound entry, or done: its arrival was acknowledged. `content` is the row as it
-- was listed, sealed, while it is not kept yet. Rows stay, so that no dossier is taken twice.
create table portal_fetched (
  tenant text not null,
  code text not null,
  stage text not null default 'found' check (stage in ('found', 'kept', 'done')),
  content bytea,
  parked_id bigint,
  tries integer not null default 0,
  next_at timestamptz not null default now(),
  error_code text,
  found_at timestamptz not null default now(),
  primary key (tenant, code)
);
--> statement-breakpoint
create index portal_fetched_due on portal_fetched (tenant, next_at) where stage <> 'done';
--> statement-breakpoint
-- Files on their way: names among inbound_pieces that no event has yet.
create table portal_fetched_files (
  tenant text not null,
  stored text not null,
  begun_at timestamptz not null default now(),
  primary key (tenant, stored)
);
--> statement-breakpoint
-- Questions that citizens sent through the portal.
create table portal_questions (
  tenant text not null,
  id text not null,
  agency text not null,
  fingerprint text,
  content bytea,
  field_code text,
  procedure_code text,
  is_answered boolean not null default false,
  received_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (tenant, id)
);
--> statement-breakpoint
create index portal_questions_newest on portal_questions (tenant, received_at desc, id desc);
