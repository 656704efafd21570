import type { WebhookEndpoint } from "../../contracts/adapter.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Sealer } from "../security/sealing.ts";

/** Binds a webhook's sealed address and secrets to it. */
export const webhookContext = (tenant: string, id: string): string => `webhook:${tenant}:${id}`;

/** Where a webhook is delivered to now and with which secrets, the newest first; null when it was deleted. */
export const findEndpoint = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  id: string,
): Promise<WebhookEndpoint | null> => {
  const [row] = await rows<{ url: Uint8Array; secret: Uint8Array; previous: Uint8Array | null }>(
    executor,
    sql`select url, secret, case when previous_until > now() then previous_secret end as previous from webhooks
        where tenant = ${tenant} and id = ${id} and deleted_at is null`,
  );
  if (row === undefined) return null;
  const open = (sealed: Uint8Array) => sealer.open(sealed, webhookContext(tenant, id));
  const secrets = [row.secret, ...(row.previous === null ? [] : [row.previous])].map(open);
  return { url: open(row.url), secrets };
};

/** The webhooks that are disabled: each of them is worth an alarm. */
export const readDisabled = async (executor: Executor, tenant: string): Promise<string[]> => {
  const found = await rows<{ id: string }>(
    executor,
    sql`select id from webhooks where tenant = ${tenant} and disabled_at is not null and deleted_at is null order by id`,
  );
  return found.map(({ id }) => id);
};
