import { GatewayError } from "../../../contracts/errors.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { IdempotencyKey, KeptAnswer } from "../../ledger/idempotency.ts";

/** What taking a key gave: it is ours, it has an answer, or it served another request. */
export type TakenKey = "ours" | { readonly kept: KeptAnswer } | { readonly refused: GatewayError };

interface Kept {
  client: string;
  key: string;
  fingerprint: string;
  status: number;
  body: string;
}

/** Names a key within a group. */
export const keyName = ({ client, key }: { readonly client: string; readonly key: string }): string =>
  `${client}\n${key}`;

const asParameter = (keys: readonly IdempotencyKey[]): string =>
  JSON.stringify(keys.map(({ client, key, fingerprint }) => ({ client, key, fingerprint })));

const readKept = async (executor: Executor, tenant: string, keys: readonly IdempotencyKey[]): Promise<Kept[]> =>
  keys.length === 0
    ? []
    : rows<Kept>(
        executor,
        sql`select k.client, k.key, k.fingerprint, k.status, k.body
            from jsonb_to_recordset(${asParameter(keys)}::jsonb) as asked(client text, key text)
            join lateral (select * from idempotency_keys k
              where k.tenant = ${tenant} and k.client = asked.client and k.key = asked.key offset 0) k on true`,
      );

const outcome = (key: IdempotencyKey, kept: Kept | undefined): TakenKey => {
  if (kept === undefined) return { refused: new GatewayError("unavailable", { retryAfterSeconds: 1 }) };
  if (!key.matches(kept.fingerprint)) return { refused: new GatewayError("idempotency_key_reused") };
  return { kept: { status: kept.status, body: key.open(kept.body) } };
};

/**
 * Takes the keys of a group in one statement. Where another call holds one, the insert waits for that call's commit, and the
 * next statement sees its answer.
 */
export const takeKeys = async (
  executor: Executor,
  tenant: string,
  keys: readonly IdempotencyKey[],
): Promise<ReadonlyMap<string, TakenKey>> => {
  if (keys.length === 0) return new Map();
  const fresh = await rows<{ client: string; key: string }>(
    executor,
    sql`insert into idempotency_keys (tenant, client, key, fingerprint)
        select ${tenant}, client, key, fingerprint
        from jsonb_to_recordset(${asParameter(keys)}::jsonb) as asked(client text, key text, fingerprint text)
        order by client, key
        on conflict do nothing returning client, key`,
  );
  const ours = new Set(fresh.map(keyName));
  const others = keys.filter((key) => !ours.has(keyName(key)));
  const kept = new Map((await readKept(executor, tenant, others)).map((row) => [keyName(row), row] as const));
  return new Map(
    keys.map((key) => [keyName(key), ours.has(keyName(key)) ? "ours" : outcome(key, kept.get(keyName(key)))]),
  );
};
