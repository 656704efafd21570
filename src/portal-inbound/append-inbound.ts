import type { Fault, PlatformId } from "../../contracts/adapter.ts";
import { PRIORITIES } from "../../contracts/ledger.ts";
import type { InboundOperation } from "../../contracts/portal-inbound.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What came, as the ledger has it. */
export interface NewInbound {
  readonly platform: PlatformId;
  readonly operation: InboundOperation;
  readonly subject: string;
  /** Null: it is about several dossiers, or nobody can tell about which. */
  readonly dossierCode: string | null;
  /** Canonical code of the owner. */
  readonly agency: string;
  readonly correlationId: string;
  /** Sealed: what is said of the body; the body itself is kept in pieces. */
  readonly payload: Uint8Array;
}

/** Why it is parked; `message` and `shape` as the dispatcher records them of a failed exchange. */
export interface ParkedBecause {
  readonly code: Fault["code"];
  readonly message: Uint8Array;
  readonly shape: string;
}

/** A stream of its own, never that of a dossier's exchanges: nothing waits behind what was parked. */
const streamOf = ({ platform, subject }: NewInbound): string => `${platform}:in:${subject}`;

const accepted = (tenant: string, entry: NewInbound) => sql`
  insert into entries (tenant, direction, platform, operation, stream, subject, dossier_code, client, agency, priority,
                       correlation_id, payload)
  values (${tenant}, 'in', ${entry.platform}, ${entry.operation}, ${streamOf(entry)}, ${entry.subject}, ${entry.dossierCode},
          ${entry.platform}, ${entry.agency}, ${PRIORITIES.normal}, ${entry.correlationId}, ${entry.payload})
  returning id, direction, platform, operation, stream, priority, agency`;

const idOf = (found: readonly { id: string }[]): string => {
  const [row] = found;
  if (row === undefined) throw new Error("append returned no row");
  return row.id;
};

/** Records what came and was handed to the inbox in this transaction. @returns the entry's id */
export const appendDelivered = async (executor: Executor, tenant: string, entry: NewInbound): Promise<string> =>
  idOf(
    await rows<{ id: string }>(
      executor,
      sql`with accepted as (${accepted(tenant, entry)})
          insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
          select ${tenant}, id, 'sending', 'delivered', 0, direction, platform, agency from accepted returning id`,
    ),
  );

/** Records what came and cannot be handed on: it is at rest until a person acts. @returns the entry's id */
export const appendParked = async (
  executor: Executor,
  tenant: string,
  entry: NewInbound,
  because: ParkedBecause,
): Promise<string> =>
  idOf(
    await rows<{ id: string }>(
      executor,
      sql`with accepted as (${accepted(tenant, entry)})
          insert into pending (tenant, id, direction, platform, operation, stream, position, priority, agency, state,
                               error_code, error_message, shape)
          select ${tenant}, id, direction, platform, operation, stream, id, priority, agency, 'failed',
                 ${because.code}, ${because.message}, ${because.shape} from accepted returning id`,
    ),
  );

/** Settles what was parked as delivered: it was read after all. @returns whether it was still parked */
export const settleParked = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const settled = await rows(
    executor,
    sql`with gone as (
          delete from pending where tenant = ${tenant} and id = ${id}::bigint and direction = 'in' and state = 'failed'
          returning id, attempts, direction, platform, agency
        )
        insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
        select ${tenant}, id, 'sending', 'delivered', attempts, direction, platform, agency from gone returning id`,
  );
  return settled.length > 0;
};
