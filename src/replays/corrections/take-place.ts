import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { appendEntry } from "../../ledger/append-entry.ts";
import type { CorrectionRow } from "./correction-row.ts";

interface Place {
  position: string;
  priority: number;
  unknown_outcome: boolean;
}

/**
 * Puts the corrected message in the failed entry's place: the failed one is superseded with the reason, the new one has its
 * position, and what waited behind waits behind the new one. A doubt whether the failed one took effect goes with it, so that
 * it is probed. The caller holds the row lock of the dossier.
 *
 * @returns the new entry's id, or null when the entry is not failed any more.
 */
export const takePlace = async (
  executor: Executor,
  tenant: string,
  correction: CorrectionRow,
  correlationId: string,
): Promise<string | null> => {
  const { payload } = correction;
  // A failed entry keeps its bodies, and with them the proposals about it.
  if (payload === null) return null;
  const [place] = await rows<Place>(
    executor,
    sql`with gone as (
          delete from pending where tenant = ${tenant} and id = ${correction.entry_id}::bigint and state = 'failed'
          returning id, position, priority, attempts, unknown_outcome, direction, platform, agency
        ),
        history as (
          insert into settled (tenant, id, was, state, attempts, reason, direction, platform, agency)
          select ${tenant}, id, 'failed', 'superseded', attempts, ${correction.reason}, direction, platform, agency from gone
        )
        select position, priority, unknown_outcome from gone`,
  );
  if (place === undefined) return null;
  const { platform, operation, stream, subject, dossier_code: dossierCode, client, agency } = correction;
  const entry = { platform, operation, stream, subject, dossierCode, client, agency, payload, correlationId };
  const id = await appendEntry(executor, tenant, { ...entry, priority: place.priority }, place.position);
  await executor.execute(
    sql`update settled set superseded_by = ${id}::bigint
        where tenant = ${tenant} and id = ${correction.entry_id}::bigint`,
  );
  if (place.unknown_outcome) {
    await executor.execute(
      sql`update pending set unknown_outcome = true where tenant = ${tenant} and id = ${id}::bigint`,
    );
  }
  return id;
};
