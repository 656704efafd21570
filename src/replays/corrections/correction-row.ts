import type { Operation, PlatformId } from "../../../contracts/adapter.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { CorrectionView } from "../../../contracts/services/corrections.ts";
import { type Executor, rows } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import type { AuditedAct } from "../../security/audit.ts";

/** A proposal with the entry it is about. */
export interface CorrectionRow {
  id: string;
  entry_id: string;
  state: CorrectionView["state"];
  /** Null, as `original`, once retention erased it. */
  payload: Uint8Array | null;
  reason: Uint8Array;
  proposer_kind: AuditedAct["actorKind"];
  proposer: string;
  proposed_at: string;
  decider: string | null;
  decided_at: string | null;
  decision_reason: Uint8Array | null;
  new_entry: string | null;
  platform: PlatformId;
  operation: Operation;
  stream: string;
  subject: string;
  dossier_code: string;
  client: string;
  agency: string;
  original: Uint8Array | null;
}

const read = (executor: Executor, conditions: SQL, tail: SQL): Promise<CorrectionRow[]> =>
  rows<CorrectionRow>(
    executor,
    sql`select c.id, c.entry_id, c.state, c.payload, c.reason, c.proposer_kind, c.proposer, c.proposed_at, c.decider,
               c.decided_at, c.decision_reason, c.new_entry, e.platform, e.operation, e.stream, e.subject, e.dossier_code,
               e.client, e.agency, e.payload as original
        from corrections c join entries e on e.tenant = c.tenant and e.id = c.entry_id
        where ${conditions} ${tail}`,
  );

/** One proposal within the boundary, or null; with `lock` its row is locked for this transaction. */
export const readCorrection = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
  lock = false,
): Promise<CorrectionRow | null> => {
  const conditions = sql`c.tenant = ${tenant} and c.id = ${id}::bigint and ${within(sql`c.agency`, boundary)}`;
  const [row] = await read(executor, conditions, lock ? sql`for update of c` : sql``);
  return row ?? null;
};

/** Which proposals a list shows. */
export interface CorrectionFilter {
  readonly entryId?: string | undefined;
  readonly state?: readonly string[] | undefined;
}

/** Proposals within the boundary, newest first; one more than `limit` is read. */
export const listCorrections = (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  { entryId, state }: CorrectionFilter,
  limit: number,
  after?: string,
): Promise<CorrectionRow[]> => {
  const conditions = [
    sql`c.tenant = ${tenant}`,
    within(sql`c.agency`, boundary),
    entryId === undefined ? sql`true` : sql`c.entry_id = ${entryId}::bigint`,
    state === undefined ? sql`true` : sql`c.state = any(${`{${state.join(",")}}`}::text[])`,
    after === undefined ? sql`true` : sql`c.id < ${after}::bigint`,
  ];
  return read(executor, sql.join(conditions, sql` and `), sql`order by c.id desc limit ${limit + 1}`);
};
