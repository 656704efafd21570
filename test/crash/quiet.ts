import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import type { InsistentClient } from "./insistent-client.ts";

/** How long everything may take to come to rest: a lease that has just been taken, and what waits behind it. */
const REST_MS = 90_000;
const LOOK_MS = 50;

interface Unrest {
  /** Entries that move by themselves. */
  readonly moving: number;
  readonly failed: readonly string[];
  readonly replays: number;
}

const readUnrest = async (sql: Sql): Promise<Unrest> => {
  const [row] = await sql<Unrest[]>`
    select (select count(*)::int from pending p where state <> 'failed' and not exists (
              select 1 from pending f where f.tenant = p.tenant and f.stream = p.stream and f.state = 'failed' and f.position < p.position)
           ) as moving,
           coalesce((select jsonb_agg(id::text order by id) from pending where state = 'failed'), '[]'::jsonb) as failed,
           (select count(*)::int from replays where state = 'running') as replays`;
  return row ?? { moving: 1, failed: [], replays: 0 };
};

/**
 * Waits until nothing is left to be done: what failed is tried again once, in calm, and cancelled when it fails again, as an operator
 * would.
 *
 * @returns how many entries were given up.
 */
export const comeToRest = async (sql: Sql, client: InsistentClient, newKey: () => string): Promise<number> => {
  const tried = new Set<string>();
  let cancelled = 0;
  const act = async (id: string): Promise<void> => {
    const again = !tried.has(id);
    tried.add(id);
    const body = { reason: "Thất bại hai lần" };
    const path = `/v1/ledger/${id}/${again ? "retry" : "cancel"}`;
    const { status } = await client.call({ method: "POST", path, key: newKey(), ...(!again && { body }) });
    if (!again && status === 200) cancelled++;
  };
  for (const end = Date.now() + REST_MS; ; await delay(LOOK_MS)) {
    const { moving, failed, replays } = await readUnrest(sql);
    if (moving + failed.length + replays === 0) return cancelled;
    if (Date.now() > end) throw new Error(`no rest: ${JSON.stringify({ moving, failed, replays })}`);
    if (moving === 0) for (const id of failed) await act(id);
  }
};
