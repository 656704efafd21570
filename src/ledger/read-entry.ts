import type { AttemptKind, Fault } from "../../contracts/adapter.ts";
import type { ErrorCode } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { EntryRow } from "./entry-view.ts";
import { entryQuery } from "./list-entries.ts";

/** One row of the attempt log. */
export interface AttemptRow {
  n: number;
  kind: AttemptKind;
  started_at: string;
  duration_ms: number;
  outcome: "delivered" | Fault["outcome"];
  http_status: number | null;
  error_code: ErrorCode | null;
  evidence: Uint8Array | null;
}

/** One entry within the boundary, or null. */
export const readEntry = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
): Promise<EntryRow | null> => {
  const conditions = sql`e.tenant = ${tenant} and e.id = ${id}::bigint and ${within(sql`e.agency`, boundary)}`;
  const [row] = await rows<EntryRow>(executor, sql`${entryQuery(sql`entries e`)} where ${conditions}`);
  return row ?? null;
};

/** The newest attempts of an entry, oldest first; an entry that was retried for days has more than anyone reads. */
export const readAttempts = async (
  executor: Executor,
  tenant: string,
  id: string,
  limit: number,
): Promise<AttemptRow[]> => {
  const newest = await rows<AttemptRow>(
    executor,
    sql`select n, kind, started_at, duration_ms, outcome, http_status, error_code, evidence from attempts
        where tenant = ${tenant} and entry_id = ${id}::bigint order by n desc limit ${limit}`,
  );
  return newest.reverse();
};

/** What an entry carries: its sealed payload, or since when that is erased. */
export interface CarriedRow {
  payload: Uint8Array | null;
  bodies_erased_at: string | null;
}

/** The sealed payload of an entry, unless retention erased it. */
export const readPayload = async (executor: Executor, tenant: string, id: string): Promise<CarriedRow> => {
  const [row] = await rows<CarriedRow>(
    executor,
    sql`select payload, bodies_erased_at from entries where tenant = ${tenant} and id = ${id}::bigint`,
  );
  return row ?? { payload: null, bodies_erased_at: null };
};
