import { sql } from "drizzle-orm";
import type { DossierStatus } from "../../contracts/services/dossier.ts";
import { type Executor, rows } from "../ledger/database.ts";

/** What a change needs to know of the stored dossier. */
export interface LockedDossier {
  readonly agency: string;
  readonly portal_code: string | null;
  readonly status: DossierStatus;
  readonly revision: number | null;
  readonly fingerprint: string;
  readonly exchange_id: string | null;
}

/** Locks the dossier's row for this transaction: the order of a stream is the order of these locks. */
export const lockDossier = async (executor: Executor, tenant: string, code: string): Promise<LockedDossier | null> => {
  const [row] = await rows<LockedDossier>(
    executor,
    sql`select agency, portal_code, status, revision, fingerprint, exchange_id from dossiers
        where tenant = ${tenant} and code = ${code} for update`,
  );
  return row ?? null;
};
