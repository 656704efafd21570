import type { PlatformId } from "../../../contracts/adapter.ts";
import type { DiscrepancyKind } from "../../../contracts/comparer.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { DiscrepancyState, DiscrepancyView, RepairFilter } from "../../../contracts/services/reconciliations.ts";
import { type Executor, isoMoment, rows, textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";

/** A discrepancy as it is stored. */
export interface DiscrepancyRow {
  id: string;
  platform: PlatformId;
  kind: DiscrepancyKind;
  dossier_code: string;
  portal_born: boolean;
  state: DiscrepancyState;
  ours: string | null;
  theirs: string | null;
  first_seen_at: string;
  last_seen_at: string;
  age_seconds: number;
  run_id: string | null;
  repairs: number;
  exchange_id: string | null;
  reason: Uint8Array | null;
  actor: string | null;
  closed_at: string | null;
}

const columns: SQL = sql`id, platform, kind, dossier_code, portal_born, state, ours, theirs, first_seen_at, last_seen_at,
  floor(extract(epoch from coalesce(closed_at, now()) - first_seen_at))::int as age_seconds, run_id, repairs, exchange_id,
  reason, actor, closed_at`;

const proposedRepair = ({ kind, portal_born }: DiscrepancyRow): DiscrepancyView["proposedRepair"] => {
  if (kind === "missing-here" || kind === "double-charge") return "none";
  return portal_born ? "status" : "put";
};

/** Whether an exchange can cure it. */
export const isRepairable = (row: DiscrepancyRow): boolean => proposedRepair(row) !== "none";

/** Pure, but for the words of who dismissed it, which are sealed. */
export const viewOf = (row: DiscrepancyRow, open: (sealed: Uint8Array) => string): DiscrepancyView => ({
  id: row.id,
  platform: row.platform,
  kind: row.kind,
  dossierCode: row.dossier_code,
  state: row.state,
  ...(row.ours !== null && { ours: row.ours }),
  ...(row.theirs !== null && { theirs: row.theirs }),
  proposedRepair: proposedRepair(row),
  firstSeenAt: isoMoment(row.first_seen_at),
  lastSeenAt: isoMoment(row.last_seen_at),
  ageSeconds: row.age_seconds,
  ...(row.run_id !== null && { reconciliation: row.run_id }),
  repairs: row.repairs,
  ...(row.exchange_id !== null && { exchange: row.exchange_id }),
  ...(row.reason !== null && { reason: open(row.reason) }),
  ...(row.actor !== null && { decidedBy: row.actor }),
  ...(row.closed_at !== null && { closedAt: isoMoment(row.closed_at) }),
});

/** Which discrepancies a list shows. Values of one filter mean "or". */
export interface DiscrepancyFilter extends Omit<RepairFilter, "id"> {
  readonly id?: readonly string[] | undefined;
  readonly state?: readonly DiscrepancyState[] | undefined;
}

const anyOf = (column: SQL, values: readonly string[] | undefined, type: "text" | "bigint" = "text"): SQL =>
  values === undefined ? sql`true` : sql`${column} = any(${textArray(values)}::${sql.raw(type)}[])`;

/** The condition of what matches within a boundary. */
export const matching = (tenant: string, boundary: Boundary, filter: DiscrepancyFilter): SQL =>
  sql.join(
    [
      sql`tenant = ${tenant}`,
      within(sql`agency`, boundary),
      anyOf(sql`id`, filter.id, "bigint"),
      anyOf(sql`platform`, filter.platform),
      anyOf(sql`kind`, filter.kind),
      anyOf(sql`state`, filter.state),
      anyOf(sql`dossier_code`, filter.dossierCode),
      anyOf(sql`run_id`, filter.reconciliation, "bigint"),
    ],
    sql` and `,
  );

/** Newest first; one more than `limit` is read, so that the caller knows whether there is a next page. */
export const listRows = (
  executor: Executor,
  condition: SQL,
  limit: number,
  after?: { readonly id: string },
): Promise<DiscrepancyRow[]> =>
  rows<DiscrepancyRow>(
    executor,
    sql`select ${columns} from discrepancies
        where ${condition} and ${after === undefined ? sql`true` : sql`id < ${after.id}::bigint`}
        order by id desc limit ${limit + 1}`,
  );

/** One row within a boundary, or null. @param lock for the caller's transaction */
export const findRow = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  { id, lock = false }: { readonly id: string; readonly lock?: boolean },
): Promise<DiscrepancyRow | null> => {
  const [row] = await rows<DiscrepancyRow>(
    executor,
    sql`select ${columns} from discrepancies where ${matching(tenant, boundary, { id: [id] })} ${lock ? sql`for update` : sql``}`,
  );
  return row ?? null;
};
