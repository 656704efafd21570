import { type Executor, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import type { HistoryMonth } from "./history-month.ts";
import { daysBefore, momentOf } from "./moment-of.ts";

/** Entries copied in one transaction: bounds how long it is, whatever a month holds. */
const WINDOW = 5000;

/** The partition of a month, and its copy without bodies. */
export const partitionOf = (table: "entries" | "attempts", { name }: HistoryMonth, copy: "" | "_copy" = ""): SQL =>
  sql`${sql.identifier(`${table}_${name}${copy}`)}`;

const columnsOf = async (executor: Executor, table: "entries" | "attempts"): Promise<string[]> => {
  const found = await rows<{ name: string }>(
    executor,
    sql`select attname as name from pg_attribute where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped
        order by attnum`,
  );
  return found.map(({ name }) => name);
};

/** The columns of a table, those with bodies replaced unless `is_kept`: whatever other columns a later version adds are copied. */
const copied = async (executor: Executor, table: "entries" | "attempts", replaced: Readonly<Record<string, SQL>>) => {
  const names = await columnsOf(executor, table);
  const values = names.map((name) => {
    const value = replaced[name];
    const own = sql`r.${sql.identifier(name)}`;
    return value === undefined ? own : sql`case when is_kept then ${own} else ${value} end`;
  });
  const columns = names.map((name) => sql`${sql.identifier(name)}`);
  return { columns: sql.join(columns, sql`, `), values: sql.join(values, sql`, `) };
};

/**
 * Makes the empty copies of a month. Each says in a condition what its partition holds, so that attaching it reads nothing.
 */
export const createCopies = async (executor: Executor, month: HistoryMonth): Promise<void> => {
  for (const [table, id] of [
    ["entries", "id"],
    ["attempts", "entry_id"],
  ] as const) {
    const copy = partitionOf(table, month, "_copy");
    // Of the first partition of all, only the end is a bound.
    const from = month.bounds?.includes("MINVALUE") ? "" : ` and ${id} >= ${BigInt(month.first_id)}`;
    await executor.execute(sql`create table ${copy} (like ${sql.identifier(table)} including all)`);
    await executor.execute(
      sql`alter table ${copy} add constraint copy_bounds check (${sql.raw(`${id} is not null${from} and ${id} < ${BigInt(month.end_id)}`)})`,
    );
  }
};

/** Drops what was copied of a month; it begins anew. */
export const dropCopies = async (executor: Executor, month: HistoryMonth): Promise<void> => {
  await executor.execute(
    sql`drop table if exists ${partitionOf("entries", month, "_copy")}, ${partitionOf("attempts", month, "_copy")}`,
  );
  await executor.execute(sql`delete from kept_bodies where month = ${month.name}`);
  await executor.execute(
    sql`update history_months set copied_tenant = null, copied_id = null where name = ${month.name}`,
  );
};

interface Place {
  tenant: string;
  id: string;
}

/**
 * Copies the next entries of a month with their attempts. Those settled for so many days go without payload and evidence, with
 * digests of the sealed bytes in their place; the others keep theirs, and are noted. What is settled stays settled, so the
 * copy stays true however long it takes.
 *
 * @returns whether there was anything left to copy.
 */
export const copyWindow = async (
  executor: Executor,
  month: HistoryMonth,
  bodiesDays: number,
  at?: Date,
): Promise<boolean> => {
  const after = sql`(${month.copied_tenant ?? ""}::text, ${month.copied_id ?? "-1"}::bigint)`;
  const entry = await copied(executor, "entries", {
    payload: sql`null`,
    payload_digest: sql`coalesce(r.payload_digest, sha256(r.payload))`,
    bodies_erased_at: sql`coalesce(r.bodies_erased_at, ${momentOf(at)})`,
  });
  const [last] = await rows<Place>(
    executor,
    sql`with r as materialized (
          select e.*, exists (select 1 from pending p where p.tenant = e.tenant and p.id = e.id)
                   or exists (select 1 from settled s where s.tenant = e.tenant and s.id = e.id
                                and s.settled_at >= ${daysBefore(at, bodiesDays)}) as is_kept
          from ${partitionOf("entries", month)} e where (e.tenant, e.id) > ${after} order by e.tenant, e.id limit ${WINDOW}
        ),
        kept as (
          insert into kept_bodies (tenant, entry_id, month) select tenant, id, ${month.name} from r where is_kept
          on conflict do nothing
        ),
        copied as (insert into ${partitionOf("entries", month, "_copy")} (${entry.columns}) select ${entry.values} from r)
        select tenant, id from r order by r.tenant desc, r.id desc limit 1`,
  );
  if (last === undefined) return false;
  const attempt = await copied(executor, "attempts", {
    evidence: sql`null`,
    evidence_digest: sql`coalesce(r.evidence_digest, sha256(r.evidence))`,
  });
  await executor.execute(
    sql`insert into ${partitionOf("attempts", month, "_copy")} (${attempt.columns})
        select ${attempt.values}
        from (select a.*, k.entry_id is not null as is_kept
              from ${partitionOf("attempts", month)} a
              left join kept_bodies k on k.tenant = a.tenant and k.entry_id = a.entry_id
              where (a.tenant, a.entry_id) > ${after} and (a.tenant, a.entry_id) <= (${last.tenant}::text, ${last.id}::bigint)) r`,
  );
  await executor.execute(
    sql`update history_months set copied_tenant = ${last.tenant}, copied_id = ${last.id}::bigint where name = ${month.name}`,
  );
  return true;
};
