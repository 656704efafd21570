import type { PlatformId } from "../../../contracts/adapter.ts";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import type { Dossier, DossierStatus } from "../../../contracts/services/dossier.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { putAsStatus } from "../../dossiers/dossier-message.ts";
import { appendEntry } from "../../ledger/append-entry.ts";
import type { Actor } from "../../ledger/ledger-desk.ts";
import { dossierContext } from "../../ledger/open-message.ts";
import type { Sealer } from "../../security/sealing.ts";

/** What became of the wish to send a dossier again. `busy`: somebody works at it; `in-flight`: exchanges of it are not settled. */
export type Repaired =
  | { readonly kind: "made"; readonly exchange: string }
  | { readonly kind: "busy" | "in-flight" | "gone" };

interface Row {
  portal_code: string | null;
  status: DossierStatus;
  agency: string;
  content: Uint8Array;
  in_flight: boolean;
}

interface Repair {
  readonly platform: PlatformId;
  readonly code: string;
  readonly actor: Actor;
}

const streamOf = ({ platform, code }: Repair): string => `${platform}:dossier:${code}`;

/** Locks the dossier's row, which fixes the order of its stream, without waiting for whoever has it. */
const lockNow = async (executor: Executor, tenant: string, code: string): Promise<"locked" | "busy" | "gone"> => {
  const locked = await rows(
    executor,
    sql`select 1 from dossiers where tenant = ${tenant} and code = ${code} for update skip locked`,
  );
  if (locked.length > 0) return "locked";
  const found = await rows(executor, sql`select 1 from dossiers where tenant = ${tenant} and code = ${code}`);
  return found.length > 0 ? "busy" : "gone";
};

const readLocked = async (executor: Executor, tenant: string, repair: Repair): Promise<Row | undefined> => {
  const [row] = await rows<Row>(
    executor,
    sql`select portal_code, status, agency, content,
               exists (select 1 from pending p where p.tenant = ${tenant} and p.stream = ${streamOf(repair)}) as in_flight
        from dossiers where tenant = ${tenant} and code = ${repair.code}`,
  );
  return row;
};

/** The dossier as it is now: as put last, in the status that its last step gave it; a portal-born one by its status alone. */
const carriedNow = (sealer: Sealer, context: string, { portal_code, status, content }: Row) => {
  const put = JSON.parse(sealer.open(content, context)) as Dossier;
  const dossier: Dossier = { ...put, status };
  if (portal_code !== null) {
    const change = putAsStatus(portal_code, dossier);
    return { operation: "dossier.status", payload: sealer.seal(JSON.stringify(change), context) } as const;
  }
  const payload = put.status === status ? content : sealer.seal(JSON.stringify(dossier), context);
  return { operation: "dossier.put", payload } as const;
};

/** Its files that could not be opened are looked at anew, however lately they were. */
const lookAgain = async (executor: Executor, tenant: string, code: string): Promise<void> => {
  await executor.execute(
    sql`update relayed_files set check_due_at = now()
        where tenant = ${tenant} and dossier_code = ${code} and reachable = false and revoked_at is null`,
  );
};

/** Sends a dossier as it is now by a new exchange at the end of its stream, behind what callers send. */
export const repairDossier = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  repair: Repair,
): Promise<Repaired> => {
  const { platform, code, actor } = repair;
  const lock = await lockNow(executor, tenant, code);
  if (lock !== "locked") return { kind: lock };
  const row = await readLocked(executor, tenant, repair);
  if (row === undefined) return { kind: "gone" };
  if (row.in_flight) return { kind: "in-flight" };
  const entry = {
    platform,
    stream: streamOf(repair),
    subject: code,
    dossierCode: code,
    client: actor.actor,
    agency: row.agency,
    priority: PRIORITIES.bulk,
    correlationId: actor.correlationId,
    ...carriedNow(sealer, dossierContext(tenant, code), row),
  };
  const exchange = await appendEntry(executor, tenant, entry, null);
  // An equal PUT names the exchange that carries the dossier now.
  await executor.execute(
    sql`update dossiers set exchange_id = ${exchange}::bigint where tenant = ${tenant} and code = ${code}`,
  );
  await lookAgain(executor, tenant, code);
  return { kind: "made", exchange };
};
