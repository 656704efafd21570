import type { MirrorView } from "../../../contracts/services/procedures.ts";
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
  read: number;
  changed: number;
  skipped: number;
  error_code: string | null;
  error: string | null;
}

const stateOf = ({ stage, is_held, is_due, started_at }: Row): MirrorView["state"] => {
  if (is_held) return "waiting";
  if (stage !== "idle" || is_due) return "running";
  return started_at === null ? "never" : "idle";
};

const moment = <K extends string>(key: K, printed: string | null): Partial<Record<K, string>> =>
  (printed === null ? {} : { [key]: isoMoment(printed) }) as Partial<Record<K, string>>;

/** How far the mirror is. */
export const readMirror = async (executor: Executor, tenant: string): Promise<MirrorView> => {
  const [row] = await rows<Row>(
    executor,
    sql`select stage, is_held, next_at <= now() as is_due, requested_at, started_at, finished_at, next_at, listed, read,
               changed, skipped, error_code, error
        from procedure_mirrors where tenant = ${tenant}`,
  );
  if (row === undefined) return { state: "never", listed: 0, read: 0, changed: 0, skipped: 0 };
  const { listed, read, changed, skipped, error_code: code, error } = row;
  return {
    state: stateOf(row),
    ...moment("requestedAt", row.requested_at),
    ...moment("startedAt", row.started_at),
    ...moment("finishedAt", row.finished_at),
    ...moment("nextAt", row.next_at),
    listed,
    read,
    changed,
    skipped,
    ...(code !== null && { error: { code, message: error ?? "" } }),
  };
};

/** Asks for a run now: one that waits goes on at once, one that runs is left alone. */
export const requestMirror = async (executor: Executor, tenant: string): Promise<MirrorView> => {
  await executor.execute(
    sql`insert into procedure_mirrors as m (tenant, next_at, requested_at) values (${tenant}, now(), now())
        on conflict (tenant) do update set requested_at = now(), next_at = least(m.next_at, now()), is_held = false
        where m.stage = 'idle' or m.is_held`,
  );
  return readMirror(executor, tenant);
};
