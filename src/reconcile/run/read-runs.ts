import type { Boundary } from "../../../contracts/ledger.ts";
import type { ReconciliationView } from "../../../contracts/services/reconciliations.ts";
import { type Executor, isoMoment, rows } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import type { RunRow } from "./run-row.ts";

interface Row extends Omit<RunRow, "phase" | "cursor" | "fence" | "fruitless"> {
  profile: string;
  state: ReconciliationView["state"];
  stop_cause: NonNullable<ReconciliationView["stopCause"]> | null;
  held: NonNullable<ReconciliationView["held"]> | null;
  started_at: string;
  finished_at: string | null;
  examined: number;
  in_flight: number;
  not_compared: number;
  present: number;
  equal: number;
  missing_at_portal: number;
  missing_here: number;
  status_differs: number;
  closed: number;
  repairing: number;
  repair_withheld: boolean;
}

const columns: SQL = sql`id, platform, profile, source, to_jsonb(sees) as sees, state, stop_cause, agency, filter, list_id, actor_kind, actor,
  correlation_id, held, started_at, finished_at, examined, in_flight, not_compared, present, equal, missing_at_portal,
  missing_here, status_differs, closed, repairing, repair_withheld`;

const viewOf = (row: Row): ReconciliationView => ({
  id: row.id,
  platform: row.platform,
  profile: row.profile,
  source: row.source,
  sees: row.sees,
  ...(row.source === "upload" && row.list_id !== null && { list: row.list_id }),
  state: row.state,
  ...(row.stop_cause !== null && { stopCause: row.stop_cause }),
  ...(row.state === "running" && row.held !== null && { held: row.held }),
  ...(row.filter !== null && { filter: row.filter }),
  startedBy: row.actor,
  startedAt: isoMoment(row.started_at),
  ...(row.finished_at !== null && { finishedAt: isoMoment(row.finished_at) }),
  examined: row.examined,
  inFlight: row.in_flight,
  notCompared: row.not_compared,
  present: row.present,
  equal: row.equal,
  found: {
    "missing-at-portal": row.missing_at_portal,
    "missing-here": row.missing_here,
    "status-differs": row.status_differs,
  },
  closed: row.closed,
  repairing: row.repairing,
  repairWithheld: row.repair_withheld,
});

/** Whose runs: one of the whole deployment, such as a night's, is the province's. */
export interface Whose {
  readonly tenant: string;
  /** Canonical code of the province. */
  readonly province: string;
}

/** A run that was started within the boundary, or null. */
export const readRun = async (
  executor: Executor,
  { tenant, province }: Whose,
  boundary: Boundary,
  id: string,
): Promise<ReconciliationView | null> => {
  const [row] = await rows<Row>(
    executor,
    sql`select ${columns} from reconciliations
        where tenant = ${tenant} and id = ${id}::bigint and ${within(sql`coalesce(agency, ${province})`, boundary)}`,
  );
  return row === undefined ? null : viewOf(row);
};

/** A page of a list that is ordered by id, newest first. */
export interface PageWish {
  readonly limit: number;
  readonly after?: { readonly id: string } | undefined;
}

/** Runs within the boundary, newest first. */
export const listRuns = async (
  executor: Executor,
  { tenant, province }: Whose,
  boundary: Boundary,
  { limit, after }: PageWish,
): Promise<{ items: ReconciliationView[]; next: { id: string } | null }> => {
  const found = await rows<Row>(
    executor,
    sql`select ${columns} from reconciliations
        where tenant = ${tenant} and ${within(sql`coalesce(agency, ${province})`, boundary)}
          and ${after === undefined ? sql`true` : sql`id < ${after.id}::bigint`}
        order by id desc limit ${limit + 1}`,
  );
  const items = found.slice(0, limit).map(viewOf);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? { id: last.id } : null };
};
