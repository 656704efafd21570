import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { partitionOf } from "./copy-window.ts";
import type { HistoryMonth } from "./history-month.ts";
import { daysBefore, momentOf } from "./moment-of.ts";

/** Entries done at once. */
const BATCH = 500;

/**
 * Erases the bodies that entries of a month without bodies still had, as soon as they are settled for so many days. They are
 * few: most months have none. `offset 0` keeps the look-ups look-ups by key.
 *
 * @returns how many entries lost their bodies.
 */
export const eraseKept = async (
  executor: Executor,
  month: HistoryMonth,
  bodiesDays: number,
  at?: Date,
): Promise<number> => {
  const erased = await rows<{ entry_id: string }>(
    executor,
    sql`with candidates as materialized (
          select k.tenant, k.entry_id from kept_bodies k join history_months m on m.name = k.month and m.bodies_erased_at is not null
          where k.month = ${month.name} and not exists (select 1 from pending p where p.tenant = k.tenant and p.id = k.entry_id)
        ),
        due as materialized (
          select k.tenant, k.entry_id from candidates k
          join lateral (select s.settled_at from settled s where s.tenant = k.tenant and s.id = k.entry_id offset 0) s on true
          where s.settled_at < ${daysBefore(at, bodiesDays)}
          order by k.tenant, k.entry_id limit ${BATCH}
        ),
        emptied as (
          update ${partitionOf("entries", month)} e
          set payload_digest = sha256(e.payload), payload = null, bodies_erased_at = ${momentOf(at)}
          from due where e.tenant = due.tenant and e.id = due.entry_id and e.payload is not null
        ),
        silenced as (
          update ${partitionOf("attempts", month)} a set evidence_digest = sha256(a.evidence), evidence = null
          from due where a.tenant = due.tenant and a.entry_id = due.entry_id and a.evidence is not null
        )
        delete from kept_bodies k using due where k.tenant = due.tenant and k.entry_id = due.entry_id
        returning k.entry_id`,
  );
  return erased.length;
};
