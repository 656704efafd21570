import type { Boundary } from "../../contracts/ledger.ts";
import type { ImportState, ImportView } from "../../contracts/services/imports.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

interface Row {
  id: string;
  state: ImportState;
  format: ImportView["format"];
  client: string;
  is_known: boolean;
  is_dry_run: boolean;
  rate_per_second: number;
  lines: number;
  done: number;
  accepted: number;
  unchanged: number;
  refused: number;
  warnings: number;
  is_held: boolean;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  active_seconds: number;
}

/** A page of imports, newest first, and where the next one begins; null at the end. */
export interface ImportPage {
  readonly items: ImportView[];
  readonly next: { readonly id: string } | null;
}

/** By the pace it has shown, once it has done something; no faster than its rate. */
const etaSeconds = ({ lines, done, active_seconds, rate_per_second }: Row): number => {
  const shown = active_seconds > 0 && done > 0 ? done / active_seconds : rate_per_second;
  return Math.ceil((lines - done) / Math.min(shown, rate_per_second));
};

const viewOf = (row: Row): ImportView => ({
  id: row.id,
  state: row.state,
  format: row.format,
  client: row.client,
  known: row.is_known,
  dryRun: row.is_dry_run,
  ratePerSecond: row.rate_per_second,
  lines: row.lines,
  done: row.done,
  accepted: row.accepted,
  unchanged: row.unchanged,
  refused: row.refused,
  warnings: row.warnings,
  ...(row.is_held && row.state === "running" && { held: "backlog" }),
  createdAt: isoMoment(row.created_at),
  ...(row.started_at !== null && { startedAt: isoMoment(row.started_at) }),
  ...(row.finished_at !== null && { finishedAt: isoMoment(row.finished_at) }),
  ...(row.state === "running" && { etaSeconds: etaSeconds(row) }),
});

const select = (executor: Executor, tenant: string, boundary: Boundary, condition: SQL, limit: number) =>
  rows<Row>(
    executor,
    sql`select id, state, format, client, is_known, is_dry_run, rate_per_second, lines, done, accepted, unchanged, refused, warnings,
               is_held, created_at, started_at, finished_at, active_seconds
        from imports where tenant = ${tenant} and state <> 'deleted' and ${within(sql`agency`, boundary)} and ${condition}
        order by id desc limit ${limit}`,
  );

/** An import that was begun within the boundary, or null. */
export const readImport = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
): Promise<ImportView | null> => {
  const [row] = await select(executor, tenant, boundary, sql`id = ${id}::bigint`, 1);
  return row === undefined ? null : viewOf(row);
};

/** The imports that were begun within the boundary. */
export const listImports = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  page: { readonly limit: number; readonly after?: { readonly id: string } | undefined },
): Promise<ImportPage> => {
  const { limit, after } = page;
  const before = after === undefined ? sql`true` : sql`id < ${after.id}::bigint`;
  const found = await select(executor, tenant, boundary, before, limit + 1);
  const items = found.slice(0, limit).map(viewOf);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? { id: last.id } : null };
};
