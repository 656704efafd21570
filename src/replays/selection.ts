import type { Operation } from "../../contracts/adapter.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import type { ReplayFilter } from "../../contracts/services/replays.ts";
import { textArray } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import { groupOf } from "../ledger/groups/read-groups.ts";

/** Which entries a replay takes: of those that match, the failed ones and the delivered ones. */
export interface Selection {
  readonly boundary: Boundary;
  readonly filter?: ReplayFilter | undefined;
  /** The id of a failure group. */
  readonly group?: string | undefined;
  readonly allowRepeats: boolean;
  /** Operations that a platform shows twice when they are sent twice: delivered ones need `allowRepeats`. */
  readonly repeating: readonly Operation[];
}

/** Entries with their state, as `e`, `p` (unsettled) and `s` (settled). */
export const selectionTables: SQL = sql`entries e
  left join pending p on p.tenant = e.tenant and p.id = e.id
  left join settled s on s.tenant = e.tenant and s.id = e.id`;

/** Delivered updates of one dossier are one message, its present state; everything else is a message of its own. */
export const selectionKey: SQL = sql`case when s.state = 'delivered' and e.operation = 'dossier.put' then e.stream
  else 'entry:' || e.id end`;

const anyOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values === undefined ? sql`true` : sql`${column} = any(${textArray(values)}::text[])`;

/** Whether nothing but failed entries can match: those are few, and found without looking at the history. */
export const isFailedOnly = ({ filter, group }: Selection): boolean =>
  group !== undefined ||
  filter?.errorCode !== undefined ||
  (filter?.state?.every((state) => state === "failed") ?? false);

const matching = (tenant: string, { boundary, filter = {}, group }: Selection): SQL =>
  sql.join(
    [
      sql`e.tenant = ${tenant} and e.direction = 'out'`,
      within(sql`e.agency`, boundary),
      filter.id === undefined ? sql`true` : sql`e.id = any(${textArray(filter.id)}::bigint[])`,
      anyOf(sql`coalesce(s.state, p.state)`, filter.state),
      anyOf(sql`e.platform`, filter.platform),
      anyOf(sql`e.operation`, filter.operation),
      anyOf(sql`e.subject`, filter.subject),
      anyOf(sql`e.dossier_code`, filter.dossierCode),
      anyOf(sql`p.error_code`, filter.errorCode),
      filter.from === undefined ? sql`true` : sql`e.accepted_at >= ${filter.from}::timestamptz`,
      filter.to === undefined ? sql`true` : sql`e.accepted_at < ${filter.to}::timestamptz`,
      group === undefined ? sql`true` : sql`${groupOf} = ${group}`,
    ],
    sql` and `,
  );

const repeats = ({ repeating }: Selection): SQL =>
  sql`s.state = 'delivered' and e.operation = any(${textArray(repeating)}::text[])`;

/** The condition on `selectionTables` of what is replayed. */
export const selectionOf = (tenant: string, selection: Selection): SQL => {
  const replayable = isFailedOnly(selection)
    ? sql`p.state = 'failed'`
    : sql`(p.state = 'failed' or s.state = 'delivered')`;
  const once = selection.allowRepeats ? sql`true` : sql`not coalesce(${repeats(selection)}, false)`;
  return sql`${matching(tenant, selection)} and ${replayable} and ${once}`;
};

/** The condition of what matches and stays out because repeats are not allowed. */
export const leftOutOf = (tenant: string, selection: Selection): SQL =>
  selection.allowRepeats ? sql`false` : sql`${matching(tenant, selection)} and ${repeats(selection)}`;
