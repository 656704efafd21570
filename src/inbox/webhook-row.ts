import type { Boundary } from "../../contracts/ledger.ts";
import type { EventType } from "../../contracts/services/inbox.ts";
import type { WebhookView } from "../../contracts/services/webhooks.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";

/** One webhook as the table has it. */
export interface WebhookRow {
  id: string;
  client: string;
  agency: string;
  url: Uint8Array;
  types: EventType[] | null;
  created_at: string;
  last_delivered_at: string | null;
  failing_since: string | null;
  disabled_at: string | null;
  disabled_because: "gone" | "dead" | null;
  previous_until: string | null;
}

/** The columns of `WebhookRow`. */
export const WEBHOOK_COLUMNS: SQL = sql.raw(
  `id, client, agency, url, to_jsonb(types) as types, created_at, last_delivered_at, failing_since, disabled_at, disabled_because,
   case when previous_until > now() then previous_until end as previous_until`,
);

/** Webhooks within the boundary, oldest first; of one id, or all. */
export const readWebhooks = (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id?: string,
): Promise<WebhookRow[]> =>
  rows<WebhookRow>(
    executor,
    sql`select ${WEBHOOK_COLUMNS} from webhooks w
        where w.tenant = ${tenant} and w.deleted_at is null and ${within(sql`w.agency`, boundary)}
          and ${id === undefined ? sql`true` : sql`w.id = ${id}`}
        order by w.created_at, w.id`,
  );

const stateOf = ({ disabled_at, failing_since }: WebhookRow): WebhookView["state"] => {
  if (disabled_at !== null) return "disabled";
  return failing_since === null ? "active" : "failing";
};

/** A row as its owners see it. */
export const webhookView = (row: WebhookRow, open: (sealed: Uint8Array) => string): WebhookView => ({
  id: row.id,
  url: open(row.url),
  ...(row.types !== null && { types: row.types }),
  client: row.client,
  agency: row.agency,
  state: stateOf(row),
  createdAt: isoMoment(row.created_at),
  ...(row.last_delivered_at !== null && { lastDeliveredAt: isoMoment(row.last_delivered_at) }),
  ...(row.failing_since !== null && { failingSince: isoMoment(row.failing_since) }),
  ...(row.disabled_at !== null && { disabledAt: isoMoment(row.disabled_at) }),
  ...(row.disabled_because !== null && { disabledBecause: row.disabled_because }),
  ...(row.previous_until !== null && { previousSecretUntil: isoMoment(row.previous_until) }),
});
