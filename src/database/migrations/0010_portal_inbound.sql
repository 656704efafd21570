-- What the national portal pushes (design section 6, "Inbound messages are entries too"; api section 7).
-- Bytes of pushes, encrypted before they come here and cut into pieces: bodies are `body_<entry id>`, files `pushed_<id>`.
create table inbound_pieces (
  tenant text not null,
  name text not null,
  n integer not null,
  bytes bytea not null,
  constraint inbound_pieces_tenant_name_n_pk primary key (tenant, name, n)
);
--> statement-breakpoint
-- Encrypted bytes do not become smaller, and parts of a piece are read.
alter table inbound_pieces alter column bytes set storage external;
--> statement-breakpoint
-- What was told about one dossier code, sealed. The row is the lock of the code: it is taken before any row of dossiers.
create table portal_subjects (
  tenant text not null,
  code text not null,
  content bytea,
  constraint portal_subjects_tenant_code_pk primary key (tenant, code)
);
--> statement-breakpoint
create table inbox_files (
  tenant text not null,
  event_id text not null,
  n integer not null,
  name bytea not null,
  type text not null,
  size bigint not null,
  sha256 text not null,
  stored text not null,
  constraint inbox_files_tenant_event_id_n_pk primary key (tenant, event_id, n)
);
--> statement-breakpoint
-- Pushed by the portal, and no client has put it yet: the first that does gives it its code and its owner.
alter table dossiers add column unclaimed boolean not null default false;
