-- Who asked a registry about whom, and what for. The row that begins it is written before the registry is asked, the row that
-- ends it before anything is answered; neither is ever changed.
create table access_records (
  tenant text not null,
  id text not null,
  begun_at timestamp with time zone not null default clock_timestamp(),
  platform text not null,
  kind text not null,
  client text not null,
  agency text not null,
  officer text,
  officer_name bytea,
  dossier_code text,
  procedure_code text,
  purpose text,
  is_dossier_missing boolean not null default false,
  subject text not null,
  subject_masked text not null,
  correlation_id text not null,
  constraint access_records_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create index access_records_newest on access_records (tenant, begun_at desc, id desc);
--> statement-breakpoint
create index access_records_subject on access_records (tenant, subject, begun_at desc);
--> statement-breakpoint
create index access_records_missing on access_records (tenant, begun_at) where is_dossier_missing;
--> statement-breakpoint
create table access_record_ends (
  tenant text not null,
  id text not null,
  ended_at timestamp with time zone not null default clock_timestamp(),
  outcome text not null,
  error_code text,
  fields text[] not null,
  latency_ms integer not null,
  upstream_ids text[] not null,
  constraint access_record_ends_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create function refuse_access_change() returns trigger language plpgsql as $$
begin
  raise exception 'access records are append-only' using errcode = 'check_violation';
end
$$;
--> statement-breakpoint
create trigger access_records_append_only before update or delete or truncate on access_records
for each statement execute function refuse_access_change();
--> statement-breakpoint
create trigger access_record_ends_append_only before update or delete or truncate on access_record_ends
for each statement execute function refuse_access_change();
--> statement-breakpoint
-- How many citizens an officer looked up since `since`, over all processes; `granted` tells the last statement what it was given.
create table officer_look_ups (
  tenant text not null,
  client text not null,
  officer text not null,
  since timestamp with time zone not null,
  used integer not null,
  granted integer not null,
  constraint officer_look_ups_tenant_client_officer_pk primary key (tenant, client, officer)
);
--> statement-breakpoint
-- Policies as they were put, for a canonical procedure code; the one with the highest id is in force.
create table look_up_policies (
  tenant text not null,
  code text not null,
  id bigint generated always as identity,
  fields text[] not null,
  reason text not null,
  client text not null,
  since timestamp with time zone not null default now(),
  constraint look_up_policies_tenant_code_id_pk primary key (tenant, code, id)
);
--> statement-breakpoint
-- Public answers of registers of businesses, sealed, under a keyed hash of what was asked.
create table business_answers (
  tenant text not null,
  platform text not null,
  key text not null,
  fetched_at timestamp with time zone not null default now(),
  content bytea not null,
  constraint business_answers_tenant_platform_key_pk primary key (tenant, platform, key)
);
--> statement-breakpoint
create index business_answers_age on business_answers (fetched_at);
--> statement-breakpoint
-- Look-ups that an officer fetches later. `content` is what may be released, sealed; it is emptied when it was fetched, or too old.
create table deferred_look_ups (
  tenant text not null,
  id text not null,
  client text not null,
  officer text not null,
  agency text not null,
  fields text[] not null,
  outcome text,
  content bytea,
  settled_at timestamp with time zone,
  fetched_at timestamp with time zone,
  constraint deferred_look_ups_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create index deferred_look_ups_kept on deferred_look_ups (settled_at) where content is not null;
