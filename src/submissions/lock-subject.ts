import type { EntryState } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What was accepted last of one kind. */
export interface AcceptedBefore {
  readonly fingerprint: string;
  readonly exchangeId: string;
  /** Null: retention dropped its entry. */
  readonly state: EntryState | null;
}

/** A locked subject. */
export interface LockedSubject {
  /** Canonical code of the owner. */
  readonly agency: string;
  /** Null: nothing of this kind was accepted before. */
  readonly before: AcceptedBefore | null;
}

interface Row {
  agency: string;
  fingerprint: string | null;
  exchange_id: string | null;
  state: EntryState | null;
}

/**
 * Locks a subject for this transaction, made on the spot if there is none: the order of its stream is the order of these locks.
 * A transaction that is given up leaves nothing of it behind.
 *
 * @param agency who owns it if it is new.
 */
export const lockSubject = async (
  executor: Executor,
  tenant: string,
  { subject, operation, agency }: { readonly subject: string; readonly operation: string; readonly agency: string },
): Promise<LockedSubject> => {
  await executor.execute(
    sql`insert into portal_submissions (tenant, subject, agency) values (${tenant}, ${subject}, ${agency})
        on conflict do nothing`,
  );
  await executor.execute(
    sql`select 1 from portal_submissions where tenant = ${tenant} and subject = ${subject} for update`,
  );
  // A statement of its own: it sees what the one that held the lock before has committed.
  const [row] = await rows<Row>(
    executor,
    sql`select v.agency, v.accepted -> ${operation}::text ->> 'fingerprint' as fingerprint,
               v.accepted -> ${operation}::text ->> 'exchangeId' as exchange_id, coalesce(s.state, p.state) as state
        from portal_submissions v
        left join pending p on p.tenant = v.tenant and p.id = (v.accepted -> ${operation}::text ->> 'exchangeId')::bigint
        left join settled s on s.tenant = v.tenant and s.id = (v.accepted -> ${operation}::text ->> 'exchangeId')::bigint
        where v.tenant = ${tenant} and v.subject = ${subject}`,
  );
  if (row === undefined) throw new Error("a locked subject is gone");
  const { fingerprint, exchange_id: exchangeId, state } = row;
  return {
    agency: row.agency,
    before: fingerprint === null || exchangeId === null ? null : { fingerprint, exchangeId, state },
  };
};

/** Remembers what was accepted last of a kind. The caller holds the lock. */
export const noteAccepted = async (
  executor: Executor,
  tenant: string,
  { subject, operation }: { readonly subject: string; readonly operation: string },
  accepted: Pick<AcceptedBefore, "fingerprint" | "exchangeId">,
): Promise<void> => {
  await executor.execute(
    sql`update portal_submissions set accepted = accepted || jsonb_build_object(${operation}::text, ${JSON.stringify(accepted)}::text::jsonb)
        where tenant = ${tenant} and subject = ${subject}`,
  );
};
