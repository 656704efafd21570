import { sql } from "drizzle-orm";
import type { Dossier } from "../../contracts/services/dossier.ts";
import { type Executor, rows, textArray } from "../ledger/database.ts";

/** What is written beside the body's plain columns. */
export interface SavedDossier {
  readonly code: string;
  readonly agency: string;
  readonly dossier: Dossier;
  readonly portalCode: string | null;
  readonly fingerprint: string;
  readonly search: readonly string[];
  readonly content: Uint8Array;
}

/**
 * Makes the row of a dossier that was never put, locked for this transaction. It waits for another transaction that is making the same.
 *
 * @returns false when another one made it first.
 */
export const createDossier = async (executor: Executor, tenant: string, saved: SavedDossier): Promise<boolean> => {
  const { dossier } = saved;
  const made = await rows<{ code: string }>(
    executor,
    sql`insert into dossiers (tenant, code, agency, portal_code, status, procedure_code, procedure_name, origin, channel, unit_code, unit_name,
                              received_at, due_at, revision, fingerprint, search, content)
        values (${tenant}, ${saved.code}, ${saved.agency}, ${saved.portalCode}, ${dossier.status}, ${dossier.procedureCode},
                ${dossier.procedureName ?? null}, ${dossier.origin ?? "province"}, ${dossier.channel},
                ${dossier.processingUnit.code ?? null}, ${dossier.processingUnit.name}, ${dossier.receivedAt}::timestamptz,
                ${dossier.dueAt ?? null}::timestamptz, ${dossier.revision ?? null}, ${saved.fingerprint},
                ${textArray(saved.search)}::text[], ${saved.content})
        on conflict (tenant, code) do nothing returning code`,
  );
  return made.length > 0;
};

/** Replaces the body of a stored dossier. The owner stays. */
export const replaceDossier = async (executor: Executor, tenant: string, saved: SavedDossier): Promise<void> => {
  const { dossier } = saved;
  await executor.execute(
    sql`update dossiers set portal_code = ${saved.portalCode}, status = ${dossier.status}, procedure_code = ${dossier.procedureCode},
               procedure_name = ${dossier.procedureName ?? null}, origin = ${dossier.origin ?? "province"}, channel = ${dossier.channel},
               unit_code = ${dossier.processingUnit.code ?? null}, unit_name = ${dossier.processingUnit.name},
               received_at = ${dossier.receivedAt}::timestamptz, due_at = ${dossier.dueAt ?? null}::timestamptz,
               revision = coalesce(${dossier.revision ?? null}::int, revision), fingerprint = ${saved.fingerprint},
               search = ${textArray(saved.search)}::text[], content = ${saved.content}, updated_at = now()
        where tenant = ${tenant} and code = ${saved.code}`,
  );
};

/** Names the exchange of the last accepted body; null: it was recorded without sending. */
export const nameExchange = async (
  executor: Executor,
  tenant: string,
  code: string,
  exchangeId: string | null,
): Promise<void> => {
  await executor.execute(
    sql`update dossiers set exchange_id = ${exchangeId}::bigint where tenant = ${tenant} and code = ${code}`,
  );
};

/** Notes that a platform holds the dossier already, so that its next put is an update. */
export const noteHolding = async (
  executor: Executor,
  tenant: string,
  platform: string,
  code: string,
): Promise<void> => {
  await executor.execute(
    sql`insert into holdings (tenant, platform, dossier_code) values (${tenant}, ${platform}, ${code}) on conflict do nothing`,
  );
};
