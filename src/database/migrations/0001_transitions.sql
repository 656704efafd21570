-- The database refuses transitions that contracts/ledger.ts does not have. The condition is the trigger's own, so that a
-- legal change never enters the function.
create function refuse_transition() returns trigger language plpgsql as $$
begin
  raise exception 'an entry does not go from % to %', old.state, new.state using errcode = 'check_violation';
end
$$;
--> statement-breakpoint
create trigger pending_transition before update of state on pending for each row
when (old.state <> new.state and (old.state, new.state) not in (
  ('queued', 'sending'), ('sending', 'waiting'), ('sending', 'failed'), ('waiting', 'sending'), ('failed', 'queued')))
execute function refuse_transition();
--> statement-breakpoint
-- The table of unsettled entries is rewritten all day: vacuum it long before the default would.
alter table pending set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0);
