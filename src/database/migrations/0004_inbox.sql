-- What the province's software is told (api section 8). `seq` is the order of recording; `position` is given after the commit, by whoever holds
-- the row of inbox_counters, so that no reader ever meets a position that fills in behind it.
create table inbox_events (
  tenant text not null,
  id text not null,
  type text not null,
  occurred_at timestamp with time zone not null,
  subject text not null,
  agency text not null,
  data bytea not null,
  recorded_at timestamp with time zone not null default now(),
  seq bigint generated always as identity,
  position bigint,
  constraint inbox_events_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create unique index inbox_events_position on inbox_events (tenant, position);
--> statement-breakpoint
create index inbox_events_unnumbered on inbox_events (tenant, seq) where position is null;
--> statement-breakpoint
create table inbox_counters (tenant text primary key, last bigint not null default 0);
--> statement-breakpoint
create table inbox_acks (
  tenant text not null,
  client text not null,
  event_id text not null,
  acknowledged_at timestamp with time zone not null default now(),
  constraint inbox_acks_tenant_client_event_id_pk primary key (tenant, client, event_id)
);
--> statement-breakpoint
create table webhooks (
  tenant text not null,
  id text not null,
  client text not null,
  agency text not null,
  url bytea not null,
  types text[],
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  last_delivered_at timestamp with time zone,
  failing_since timestamp with time zone,
  last_failed_at timestamp with time zone,
  failures integer not null default 0,
  held_until timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_because text check (disabled_because in ('gone', 'dead')),
  deleted_at timestamp with time zone,
  constraint webhooks_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
-- What is due for one endpoint: the third part of a delivery's stream names its webhook. Other platforms' rows are not in it.
create index pending_deliveries on pending (tenant, split_part(stream, ':', 3), next_at, id)
  where platform = 'province' and state in ('queued', 'waiting');
