import { GatewayError } from "../../contracts/errors.ts";
import type { Acknowledgement, InboxItem, InboxPage } from "../../contracts/services/inbox.ts";
import { type Database, type Executor, isoMoment } from "../database/database.ts";
import type { Sealer } from "../security/sealing.ts";
import { acknowledgeEvent, hasEvent } from "./acknowledge-event.ts";
import { numberEvents } from "./number-events.ts";
import { type InboxRow, readInbox } from "./read-inbox.ts";
import { eventContext } from "./record-events.ts";

/** Who reads: a client, and the agency whose events it may see. */
export interface InboxReader {
  readonly client: string;
  /** Canonical agency code. */
  readonly agency: string;
}

/** What the province's software reads and acknowledges (api section 8). */
export interface InboxDesk {
  /** The next events after a position, in decimal digits; `next` is where to go on. */
  list(reader: InboxReader, page: { readonly after: string; readonly limit: number }): Promise<InboxPage>;
  /** Whether there is such an event for the reader. */
  has(reader: InboxReader, id: string): Promise<boolean>;
  /** In the caller's transaction. @throws GatewayError `not_found` */
  acknowledge(executor: Executor, reader: InboxReader, id: string): Promise<Acknowledgement>;
}

/** What the desk is made of. */
export interface InboxDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
}

/** The desk over one database. */
export const createInboxDesk = ({ database, tenant, sealer }: InboxDeskParts): InboxDesk => {
  // What cannot be opened any more (its key was taken out of LEDGER_KEYS) must not hide what comes after it.
  const open = (sealed: Uint8Array, id: string): InboxItem["data"] => {
    try {
      return JSON.parse(sealer.open(sealed, eventContext(tenant, id))) as InboxItem["data"];
    } catch {
      return null;
    }
  };
  const view = (row: InboxRow): InboxItem => ({
    id: row.id,
    type: row.type,
    occurredAt: isoMoment(row.occurred_at),
    subject: row.subject,
    agency: row.agency,
    data: open(row.data, row.id),
    position: row.position,
    ...(row.acknowledged_at !== null && { acknowledgedAt: isoMoment(row.acknowledged_at) }),
  });
  return {
    list: async ({ agency, client }, { after, limit }) => {
      await numberEvents(database, tenant);
      const found = await readInbox(database, tenant, { boundary: agency, client }, { after, limit });
      return { items: found.map(view), next: found.at(-1)?.position ?? after };
    },
    has: ({ agency }, id) => hasEvent(database, tenant, agency, id),
    acknowledge: async (executor, { agency, client }, id) => {
      if (!(await hasEvent(executor, tenant, agency, id))) throw new GatewayError("not_found");
      return { id, acknowledgedAt: isoMoment(await acknowledgeEvent(executor, tenant, client, id)) };
    },
  };
};
