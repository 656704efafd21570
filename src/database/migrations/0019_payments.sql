-- What payers owe online. A payment may have several transactions (tries at paying); money is keyed by the transaction. `content`
-- is sealed; a payment is found again by the key that its caller gave.
create table payments (
  tenant text not null,
  id text not null,
  platform text not null,
  client text not null,
  agency text not null,
  dossier_code text not null,
  amount bigint not null,
  state text not null default 'created',
  reference text not null,
  content bytea not null,
  repeat_key text,
  repeat_fingerprint text,
  correlation_id text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  constraint payments_tenant_id_pk primary key (tenant, id),
  constraint payments_amount_check check (amount > 0),
  constraint payments_state_check check (state in ('created', 'pending', 'paid', 'failed', 'expired', 'cancelled',
    'paid-orphan', 'refund-requested', 'refunding', 'refunded'))
);
--> statement-breakpoint
create index payments_dossier on payments (tenant, dossier_code);
--> statement-breakpoint
create unique index payments_repeat on payments (tenant, client, repeat_key) where repeat_key is not null;
--> statement-breakpoint
create index payments_orphans on payments (tenant, id) where state = 'paid-orphan';
--> statement-breakpoint
-- One try at paying. `next_at`: when the platform is asked next; null: never again.
create table payment_transactions (
  tenant text not null,
  platform text not null,
  reference text not null,
  payment_id text not null,
  n integer not null,
  amount bigint not null,
  state text not null default 'created',
  pay_url bytea,
  platform_transaction text,
  platform_time text,
  created_at timestamp with time zone not null,
  calling_until timestamp with time zone,
  paid_at timestamp with time zone,
  settled_at timestamp with time zone,
  polls integer not null default 0,
  asked_at timestamp with time zone,
  next_at timestamp with time zone,
  fence integer not null default 0,
  lease_until timestamp with time zone,
  constraint payment_transactions_tenant_platform_reference_pk primary key (tenant, platform, reference),
  constraint payment_transactions_n unique (tenant, payment_id, n),
  constraint payment_transactions_state_check check (state in ('created', 'pending', 'paid', 'failed', 'lapsed'))
);
--> statement-breakpoint
create index payment_transactions_due on payment_transactions (tenant, next_at) where next_at is not null;
--> statement-breakpoint
-- Everything that happened to a payment, in its order; never changed.
create table payment_events (
  tenant text not null,
  id bigint generated always as identity,
  payment_id text not null,
  reference text,
  at timestamp with time zone not null default clock_timestamp(),
  kind text not null,
  source text not null,
  from_state text,
  to_state text,
  entry_id bigint,
  detail jsonb not null default '{}',
  correlation_id text not null,
  constraint payment_events_tenant_id_pk primary key (tenant, id)
);
--> statement-breakpoint
create index payment_events_payment on payment_events (tenant, payment_id, id);
--> statement-breakpoint
create index payment_events_doubtful on payment_events (tenant, at) where kind = 'doubtful';
--> statement-breakpoint
-- Beneficiaries as they were put, for a canonical procedure code or `default`; the one with the highest id holds.
create table payment_beneficiaries (
  tenant text not null,
  code text not null,
  id bigint generated always as identity,
  account text not null,
  bank text not null,
  name text not null,
  client text not null,
  is_change boolean not null,
  since timestamp with time zone not null default now(),
  constraint payment_beneficiaries_tenant_code_id_pk primary key (tenant, code, id)
);
--> statement-breakpoint
create index payment_beneficiaries_changes on payment_beneficiaries (tenant, since) where is_change;
--> statement-breakpoint
-- Receipts that are to be fetched, and those that were; `stored` names the pieces. `url` is sealed.
create table payment_receipts (
  tenant text not null,
  payment_id text not null,
  platform text not null,
  reference text not null,
  url bytea,
  wanted_at timestamp with time zone not null default now(),
  tries integer not null default 0,
  next_at timestamp with time zone,
  fence integer not null default 0,
  lease_until timestamp with time zone,
  error_code text,
  stored text,
  size bigint,
  sha256 text,
  stored_at timestamp with time zone,
  constraint payment_receipts_tenant_payment_id_pk primary key (tenant, payment_id)
);
--> statement-breakpoint
create index payment_receipts_due on payment_receipts (tenant, next_at) where next_at is not null;
--> statement-breakpoint
create index payment_receipts_missing on payment_receipts (tenant, wanted_at) where stored is null;
--> statement-breakpoint
-- Money given back: proposed by one, approved by another. `evidence` is sealed.
create table payment_refunds (
  tenant text not null,
  payment_id text not null,
  n integer not null,
  amount bigint not null,
  reason bytea not null,
  state text not null default 'proposed',
  by_platform boolean not null,
  request_id text not null,
  proposed_by text not null,
  approved_by text,
  from_state text not null,
  evidence bytea,
  created_at timestamp with time zone not null default now(),
  constraint payment_refunds_tenant_payment_id_n_pk primary key (tenant, payment_id, n),
  constraint payment_refunds_amount_check check (amount > 0),
  constraint payment_refunds_state_check check (state in ('proposed', 'approved', 'unknown', 'accepted', 'done', 'failed')),
  constraint payment_refunds_two_people check (approved_by <> proposed_by)
);
--> statement-breakpoint
create function refuse_payment_transition() returns trigger language plpgsql as $$
begin
  raise exception 'a payment does not go from % to %', old.state, new.state using errcode = 'check_violation';
end
$$;
--> statement-breakpoint
create trigger payments_transition before update of state on payments for each row
when (old.state <> new.state and (old.state, new.state) not in (
  ('created', 'pending'), ('created', 'paid'), ('created', 'failed'), ('created', 'expired'), ('created', 'cancelled'),
  ('pending', 'paid'), ('pending', 'failed'), ('pending', 'expired'), ('pending', 'cancelled'),
  ('paid', 'refund-requested'), ('failed', 'paid-orphan'), ('expired', 'paid-orphan'), ('cancelled', 'paid-orphan'),
  ('paid-orphan', 'refund-requested'), ('refund-requested', 'refunding'), ('refund-requested', 'paid'),
  ('refund-requested', 'paid-orphan'), ('refunding', 'refunded'), ('refunding', 'paid'), ('refunding', 'paid-orphan')))
execute function refuse_payment_transition();
--> statement-breakpoint
create trigger payment_transactions_transition before update of state on payment_transactions for each row
when (old.state <> new.state and (old.state, new.state) not in (
  ('created', 'pending'), ('created', 'paid'), ('created', 'failed'), ('created', 'lapsed'), ('pending', 'paid'),
  ('pending', 'failed'), ('pending', 'lapsed'), ('failed', 'paid'), ('lapsed', 'paid')))
execute function refuse_payment_transition();
--> statement-breakpoint
create function refuse_payment_event_change() returns trigger language plpgsql as $$
begin
  raise exception 'events of payments are append-only' using errcode = 'check_violation';
end
$$;
--> statement-breakpoint
create trigger payment_events_append_only before update or delete or truncate on payment_events
for each statement execute function refuse_payment_event_change();
--> statement-breakpoint
-- Money that came twice is a discrepancy too; no reconciliation has to have run to see it.
alter table discrepancies alter column run_id drop not null, drop constraint discrepancies_kind_check,
  add constraint discrepancies_kind_check
    check (kind in ('missing-at-portal', 'missing-here', 'status-differs', 'file-unreachable', 'double-charge'));
