import { GatewayError } from "../../contracts/errors.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** How long keys live, whatever ledger retention does (api section 1). */
export const KEY_LIFETIME_DAYS = 30;

/** A caller's key with the digest of what it was used for. */
export interface IdempotencyKey {
  readonly client: string;
  readonly key: string;
  /** Keyed digest of method, path and JSON value. */
  readonly fingerprint: string;
  /** Compares a stored digest with this request, also when it was made under an older key. */
  readonly matches: (stored: string) => boolean;
  /** Seals the answer that is kept: it may repeat what its own table holds sealed. */
  readonly seal: (body: string) => string;
  readonly open: (kept: string) => string;
}

/** An answer as it is kept and given again byte for byte. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Takes the key for this transaction. While another call holds it, the insert waits for that call's commit.
 *
 * @returns the first answer, or null when this call is the first.
 * @throws GatewayError `idempotency_key_reused` when the key served another request.
 */
export const takeKey = async (
  executor: Executor,
  tenant: string,
  { client, key, fingerprint, matches, open }: IdempotencyKey,
): Promise<KeptAnswer | null> => {
  const taken = await rows<{ key: string }>(
    executor,
    sql`insert into idempotency_keys (tenant, client, key, fingerprint) values (${tenant}, ${client}, ${key}, ${fingerprint})
        on conflict do nothing returning key`,
  );
  if (taken.length > 0) return null;
  const [kept] = await rows<{ fingerprint: string; status: number; body: string }>(
    executor,
    sql`select fingerprint, status, body from idempotency_keys
        where tenant = ${tenant} and client = ${client} and key = ${key}`,
  );
  if (kept === undefined) throw new GatewayError("unavailable", { retryAfterSeconds: 1 });
  if (!matches(kept.fingerprint)) throw new GatewayError("idempotency_key_reused");
  return { status: kept.status, body: open(kept.body) };
};

/** Keeps the answer in the same transaction as the work. */
export const keepAnswer = async (
  executor: Executor,
  tenant: string,
  { client, key, seal }: IdempotencyKey,
  answer: KeptAnswer,
): Promise<void> => {
  await executor.execute(
    sql`update idempotency_keys set status = ${answer.status}, body = ${seal(answer.body)}
        where tenant = ${tenant} and client = ${client} and key = ${key}`,
  );
};

/** Forgets keys past their life. */
export const purgeKeys = async (executor: Executor): Promise<void> => {
  await executor.execute(
    sql`delete from idempotency_keys where created_at < now() - make_interval(days => ${KEY_LIFETIME_DAYS})`,
  );
};
