import type { FetchView } from "../../../contracts/services/fetches.ts";
import { type Executor, isoMoment, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

interface Row {
  stage: string;
  is_held: boolean;
  is_due: boolean;
  requested_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  next_at: string;
  listed: number;
  received: number;
  parked: number;
  error_code: string | null;
  error: string | null;
}

const stateOf = ({ stage, is_held, is_due, requested_at, started_at }: Row, scheduled: boolean): FetchView["state"] => {
  if (is_held) return "waiting";
  if (stage !== "idle" || (is_due && (scheduled || requested_at !== null))) return "running";
  return started_at === null ? "never" : "idle";
};

const moment = <K extends string>(key: K, printed: string | null): Partial<Record<K, string>> =>
  (printed === null ? {} : { [key]: isoMoment(printed) }) as Partial<Record<K, string>>;

/** How far fetching is. @param scheduled it also happens by itself. */
export const readFetch = async (executor: Executor, tenant: string, scheduled: boolean): Promise<FetchView> => {
  const [left] = await rows<{ waiting: number; unacknowledged: number }>(
    executor,
    sql`select count(*) filter (where stage = 'found')::int as waiting, count(*) filter (where stage = 'kept')::int as unacknowledged
        from portal_fetched where tenant = ${tenant} and stage <> 'done'`,
  );
  const [files] = await rows<{ count: number }>(
    executor,
    sql`select count(*)::int as count from portal_addressed_files where tenant = ${tenant} and is_missing`,
  );
  const standing = {
    waiting: left?.waiting ?? 0,
    unacknowledged: left?.unacknowledged ?? 0,
    missingFiles: files?.count ?? 0,
  };
  const [row] = await rows<Row>(
    executor,
    sql`select stage, is_held, next_at <= now() as is_due, requested_at, started_at, finished_at, next_at, listed, received,
               parked, error_code, error
        from portal_fetches where tenant = ${tenant}`,
  );
  if (row === undefined) return { state: "never", listed: 0, received: 0, parked: 0, ...standing };
  const { listed, received, parked, error_code: code, error } = row;
  return {
    state: stateOf(row, scheduled),
    ...moment("requestedAt", row.requested_at),
    ...moment("startedAt", row.started_at),
    ...moment("finishedAt", row.finished_at),
    ...(scheduled && moment("nextAt", row.next_at)),
    ...{ listed, received, parked, ...standing },
    ...(code !== null && { error: { code, message: error ?? "" } }),
  };
};

/** Asks for a round now: one that waits goes on at once, one that runs is left alone, dossiers and files that wait for another try are tried. */
export const requestFetch = async (executor: Executor, tenant: string, scheduled: boolean): Promise<FetchView> => {
  await executor.execute(
    sql`insert into portal_fetches as f (tenant, next_at, requested_at) values (${tenant}, now(), now())
        on conflict (tenant) do update set requested_at = now(), next_at = least(f.next_at, now()), is_held = false
        where f.stage = 'idle' or f.is_held`,
  );
  await executor.execute(
    sql`update portal_fetched set next_at = now() where tenant = ${tenant} and stage <> 'done' and next_at > now()`,
  );
  await executor.execute(
    sql`update portal_addressed_files set next_at = now(), is_missing = false, tries = 0 where tenant = ${tenant}`,
  );
  return readFetch(executor, tenant, scheduled);
};
