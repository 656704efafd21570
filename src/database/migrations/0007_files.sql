-- Files that the software sent to be kept. The bytes lie in the file store, encrypted; `name` is sealed.
create table uploaded_files (
  tenant text not null,
  id text not null,
  agency text not null,
  client text not null,
  name bytea not null,
  type text not null,
  size bigint not null,
  sha256 text not null,
  created_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint uploaded_files_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
-- The links under which the portal opens a dossier's files. The link itself is a capability: kept sealed, found by its digest.
create table relayed_files (
  tenant text not null,
  id text not null,
  link bytea not null,
  link_digest text not null,
  dossier_code text not null,
  agency text not null,
  source_key text not null,
  source bytea not null,
  upload_id text,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  revoked_because text check (revoked_because in ('person', 'deleted', 'replaced')),
  check_due_at timestamp with time zone,
  checked_at timestamp with time zone,
  reachable boolean,
  cause text,
  type text,
  size bigint,
  misnamed boolean not null default false,
  constraint relayed_files_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create unique index relayed_files_link on relayed_files (tenant, link_digest);
--> statement-breakpoint
create unique index relayed_files_source on relayed_files (tenant, dossier_code, source_key);
--> statement-breakpoint
create index relayed_files_due on relayed_files (tenant, check_due_at) where check_due_at is not null;
--> statement-breakpoint
create index relayed_files_newest on relayed_files (tenant, created_at desc, id desc);
--> statement-breakpoint
create index relayed_files_unreachable on relayed_files (tenant, created_at desc, id desc) where reachable = false;
--> statement-breakpoint
create index relayed_files_upload on relayed_files (tenant, upload_id) where upload_id is not null;
--> statement-breakpoint
-- Who opened which file: append-only, and no address in clear.
create table file_reads (
  tenant text not null,
  id bigint generated always as identity,
  file_id text not null,
  at timestamp with time zone not null default now(),
  asker text,
  outcome text not null,
  bytes bigint,
  correlation_id text not null,
  constraint file_reads_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create index file_reads_file on file_reads (tenant, file_id, id);
