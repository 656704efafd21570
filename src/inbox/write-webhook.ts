import { MOST_WEBHOOKS } from "../../contracts/services/webhooks.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import { WEBHOOK_COLUMNS, type WebhookRow } from "./webhook-row.ts";

/** A webhook about to be made; address and secret sealed. */
export interface NewWebhook {
  readonly id: string;
  readonly client: string;
  readonly agency: string;
  readonly url: Uint8Array;
  readonly types: readonly string[] | null;
  readonly secret: Uint8Array;
}

/** For how long the secret before a rotation goes on signing. */
const BOTH_SIGN_HOURS = 24;

/**
 * What waits for a webhook and nobody holds at this moment. Waits for no lock: a settle locks entries before webhooks, and here
 * the webhook is locked already.
 */
const waitingFor = (tenant: string, id: string): SQL =>
  sql`select w.id from pending w
      where w.tenant = ${tenant} and w.platform = 'province' and split_part(w.stream, ':', 3) = ${id}
        and w.state in ('queued', 'waiting', 'failed') for update skip locked`;

/** Makes a webhook, unless its client has as many as it may have: null then. */
export const insertWebhook = async (
  executor: Executor,
  tenant: string,
  { id, client, agency, url, types, secret }: NewWebhook,
): Promise<WebhookRow | null> => {
  const [made] = await rows<WebhookRow>(
    executor,
    sql`insert into webhooks (tenant, id, client, agency, url, types, secret)
        select ${tenant}, ${id}, ${client}, ${agency}, ${url}, ${types === null ? null : textArray(types)}::text[], ${secret}
        where (select count(*) from webhooks where tenant = ${tenant} and client = ${client} and deleted_at is null) < ${MOST_WEBHOOKS}
        returning ${WEBHOOK_COLUMNS}`,
  );
  return made ?? null;
};

/** Puts a new secret before the present one; both sign for a day. The one before that is gone. */
export const rotateSecret = async (
  executor: Executor,
  tenant: string,
  id: string,
  secret: Uint8Array,
): Promise<WebhookRow | null> => {
  const [rotated] = await rows<WebhookRow>(
    executor,
    sql`update webhooks set previous_secret = secret, previous_until = now() + make_interval(hours => ${BOTH_SIGN_HOURS}),
               secret = ${secret}
        where tenant = ${tenant} and id = ${id} and deleted_at is null returning ${WEBHOOK_COLUMNS}`,
  );
  return rotated ?? null;
};

/**
 * Lets a disabled webhook begin anew: what was queued for it is due at once, what failed finally is queued again in its place.
 * One that is not disabled begins anew as well.
 */
export const enableWebhook = async (executor: Executor, tenant: string, id: string): Promise<WebhookRow | null> => {
  const [enabled] = await rows<WebhookRow>(
    executor,
    sql`update webhooks set disabled_at = null, disabled_because = null, failing_since = null, last_failed_at = null,
               failures = 0, held_until = null
        where tenant = ${tenant} and id = ${id} and deleted_at is null returning ${WEBHOOK_COLUMNS}`,
  );
  if (enabled === undefined) return null;
  await executor.execute(
    sql`with free as (${waitingFor(tenant, id)})
        update pending p set state = case p.state when 'failed' then 'queued' else p.state end, tries = 0, tried_since = null,
               next_at = now()
        from free where p.tenant = ${tenant} and p.id = free.id`,
  );
  return enabled;
};

/**
 * Deletes a webhook and cancels what was queued for it. What is being sent at this moment ends by itself.
 *
 * @param reason sealed: why they were cancelled.
 */
export const deleteWebhook = async (
  executor: Executor,
  tenant: string,
  id: string,
  reason: Uint8Array,
): Promise<WebhookRow | null> => {
  const [deleted] = await rows<WebhookRow>(
    executor,
    sql`update webhooks set deleted_at = now() where tenant = ${tenant} and id = ${id} and deleted_at is null
        returning ${WEBHOOK_COLUMNS}`,
  );
  if (deleted === undefined) return null;
  await executor.execute(
    sql`with gone as (
          delete from pending p using (${waitingFor(tenant, id)}) free where p.tenant = ${tenant} and p.id = free.id
          returning p.id, p.attempts, p.state as was, p.direction, p.platform, p.agency
        )
        insert into settled (tenant, id, was, state, attempts, reason, direction, platform, agency)
        select ${tenant}, id, was, 'cancelled', attempts, ${reason}, direction, platform, agency from gone`,
  );
  return deleted;
};
