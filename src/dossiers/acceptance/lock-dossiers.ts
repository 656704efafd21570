import type { DossierStatus } from "../../../contracts/services/dossier.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import type { LifeCycleFacts } from "../../life-cycle/facts.ts";
import type { ProcedureFacts } from "../../procedures/plan-put.ts";

/** What a change needs to know of the stored dossier. */
export interface LockedDossier {
  readonly code: string;
  readonly agency: string;
  readonly portal_code: string | null;
  readonly status: DossierStatus;
  readonly revision: number | null;
  readonly fingerprint: string;
  readonly exchange_id: string | null;
  /** Milliseconds. */
  readonly received_ms: number;
  readonly due_ms: number | null;
  /** Null: a dossier of before the rules. */
  readonly life_cycle: LifeCycleFacts | null;
  readonly procedure_code: string;
  /** Null: a dossier of before procedures were known. */
  readonly procedure_facts: ProcedureFacts | null;
  /** Pushed by the portal, and nobody has put it yet. */
  readonly unclaimed: boolean;
}

/** The columns of `LockedDossier`. */
export const LOCKED_COLUMNS: SQL = sql.raw(
  `code, agency, portal_code, status, revision, fingerprint, exchange_id,
   (extract(epoch from received_at) * 1000)::float8 as received_ms,
   (extract(epoch from due_at) * 1000)::float8 as due_ms, life_cycle, procedure_code, procedure_facts, unclaimed`,
);

/**
 * Locks the rows of these dossiers for this transaction, in the order of their codes, so that two groups never wait for
 * each other crosswise. The order of a stream is the order of these locks.
 */
export const lockDossiers = async (
  executor: Executor,
  tenant: string,
  codes: readonly string[],
): Promise<ReadonlyMap<string, LockedDossier>> => {
  const locked = await rows<LockedDossier>(
    executor,
    sql`select ${LOCKED_COLUMNS} from dossiers
        where tenant = ${tenant} and code = any(${textArray(codes)}::text[]) order by code for update`,
  );
  return new Map(locked.map((row) => [row.code, row]));
};
