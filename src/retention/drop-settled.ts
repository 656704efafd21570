import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { setLockPatience } from "./lock-patience.ts";
import { daysBefore } from "./moment-of.ts";
import { listTenants } from "./note-deliveries.ts";

const PATIENCE_MS = 250;

/** Months of settling that are over for so many days. */
const listPast = async (executor: Executor, entriesDays: number, at?: Date): Promise<string[]> => {
  const found = await rows<{ name: string }>(
    executor,
    // The bounds of other tables are no times: none is read as one before it is known whose it is.
    sql`with months as materialized (
          select c.relname as name, substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)') as ends
          from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'settled'::regclass
        )
        select name from months where ends::timestamptz <= ${daysBefore(at, entriesDays)} order by 1`,
  );
  return found.map(({ name }) => name);
};

/** Whether it says how an entry ended that is still kept: one that failed for long was settled among younger ones. */
const isNeeded = async (executor: Executor, name: string, tenants: readonly string[]): Promise<boolean> => {
  for (const tenant of tenants) {
    const found = await rows(
      executor,
      sql`select 1 from entry_partitions p
          join lateral (select 1 from ${sql.identifier(name)} s
                        where s.tenant = ${tenant} and s.id >= p.first_id and s.id < p.end_id limit 1) s on true limit 1`,
    );
    if (found.length > 0) return true;
  }
  return false;
};

/** Any constant will do, as long as every gateway of every version uses the same. */
const DROP_LOCK = 4_120_252;

/**
 * Drops one month of settling all of whose entries are gone, if there is one. One process at a time.
 *
 * @returns whether there was.
 */
export const dropSettled = async (database: Database, entriesDays: number, at?: Date): Promise<boolean> => {
  if ((await listPast(database, entriesDays, at)).length === 0) return false;
  return database.transaction(async (transaction) => {
    const [lock] = await rows<{ had: boolean }>(
      transaction,
      sql`select pg_try_advisory_xact_lock(${DROP_LOCK}) as had`,
    );
    if (lock?.had !== true) return false;
    const tenants = await listTenants(transaction);
    for (const name of await listPast(transaction, entriesDays, at)) {
      if (await isNeeded(transaction, name, tenants)) continue;
      await setLockPatience(transaction, PATIENCE_MS);
      await transaction.execute(sql`drop table ${sql.identifier(name)}`);
      return true;
    }
    return false;
  });
};
