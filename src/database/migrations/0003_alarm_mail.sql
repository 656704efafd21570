-- What was mailed of an alarm: null, it is to be mailed; `sent`; `given-up`, nobody took it for days; `before`, it was
-- over before mail was set up (design section 8, SMTP_URL and ALARM_EMAIL).
alter table alarms
  add column raised_mail text check (raised_mail in ('sent', 'given-up', 'before')),
  add column cleared_mail text check (cleared_mail in ('sent', 'given-up', 'before'));
--> statement-breakpoint
-- What the mailer looks for every few seconds: alarms with something to be mailed.
create index alarms_unmailed on alarms (tenant, id)
  where raised_mail is null or (cleared_at is not null and cleared_mail is null);
--> statement-breakpoint
-- One row for each deployment: its lock makes one process the sender, its claim keeps others away while a mail is sent.
create table alarm_mailers (
  tenant text primary key,
  next_at timestamp with time zone not null default now(),
  claimed_until timestamp with time zone,
  claim integer not null default 0,
  failures integer not null default 0
);
--> statement-breakpoint
-- When the first certificate of <P>_TLS_CERT ends, as the process that read it last said.
alter table platform_states add column certificate_expires_at timestamp with time zone;
--> statement-breakpoint
-- Token bucket of each client that has a limit of its own (CLIENTS[].ratePerSecond), shared by all processes.
create table client_budgets (
  tenant text not null,
  client text not null,
  tokens double precision not null,
  refilled_at timestamp with time zone not null,
  -- What the last trip was given: it tells its own statement what it took.
  granted integer not null,
  primary key (tenant, client)
);
