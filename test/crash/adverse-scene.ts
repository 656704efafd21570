import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { expect } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/database/database.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { type NodeDispatch, openDatabase, startDispatch } from "../../src/runtime/node-gateway.ts";
import { assemble } from "../../src/wiring.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";

/** How a gateway in bad times is set up. */
export interface AdverseOptions {
  /** Another database than the scene's. */
  readonly url?: string;
  readonly connections?: number;
  /** What stands between the gateway and its database. */
  readonly between?: (database: Database) => Database;
}

/** An entry that is not settled. */
interface Unsettled {
  readonly state: string;
  readonly tries: number;
  readonly attempts: number;
}

/** Counts what the database refused. */
const counting = (database: Database, refused: () => void): Database => {
  const count = (error: unknown): never => {
    refused();
    throw error;
  };
  return {
    execute: (query) => Promise.resolve(database.execute(query)).catch(count),
    transaction: (work) => database.transaction(work).catch(count),
  };
};

/**
 * A whole gateway, application and dispatch, over a database that something is going to befall; the dispatch is started by the test. A
 * connection of the test's own looks at the tables.
 */
export const openAdverseScene = async ({ url, connections = 6, between = (same) => same }: AdverseOptions = {}) => {
  const scene: ApiScene = await openApiScene({ dispatch: false });
  const address = url ?? scene.databaseUrl;
  const pool = openDatabase(address, connections);
  const look: Sql = connect(address, { max: 1 });
  let refused = 0;
  const database = counting(between(pool.database), () => refused++);
  const surroundings = { now: () => new Date(), random: Math.random, elapsed: () => performance.now() };
  const deployment = assemble(scene.config, scene.keys, scene.deployment.adapters, surroundings);
  const [log, metrics] = [createLog("silent", []), createMetrics()];
  let dispatch: NodeDispatch | undefined;
  const gateway = deployment.open(database, (platform) => dispatch?.wake(platform));
  const app = createApp({ open: () => gateway, log, metrics, elapsed: () => performance.now(), docs: null });

  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${await scene.token()}`, "content-type": "application/json" };
    return scene.send(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }, app);
  };
  const put = (number: number) => ask("PUT", `/v1/dossiers/${codeOf(number)}`, dossierBody());
  const unsettled = (): Promise<Unsettled[]> =>
    look<Unsettled[]>`select state, tries, attempts from pending order by id`;

  return {
    databaseUrl: address,
    portal: scene.portal,
    look,
    ask,
    put,
    unsettled,
    startDispatch: (): void => {
      dispatch = startDispatch({ config: scene.config, deployment, database: { ...pool, database }, log, metrics });
    },
    /** Waits until the database refused so many more statements of the gateway. */
    refusals: async (more: number): Promise<void> => {
      const goal = refused + more;
      await expect.poll(() => refused, { timeout: 20_000, interval: 10 }).toBeGreaterThanOrEqual(goal);
    },
    /** The process lives and says that it cannot serve. */
    expectNotReady: async (): Promise<void> => {
      const ready = await ask("GET", "/readyz");
      expect(ready.status).toBe(503);
      expect(Number(ready.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await ask("GET", "/healthz")).status).toBe(200);
    },
    /** A call that writes is refused, with a time to come back. */
    expectRefused: async (number: number): Promise<void> => {
      const answer = await put(number);
      expect([answer.status, answer.body.code, answer.body.retry]).toEqual([503, "unavailable", "later"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    },
    /** Everything goes on by itself: ready, accepting, and all that was accepted is delivered at its first attempt, once. */
    expectRecovered: async (accepted: number, next: number): Promise<void> => {
      const ready = async () => (await ask("GET", "/readyz")).status;
      await expect.poll(ready, { timeout: 20_000, interval: 50 }).toBe(200);
      let status = 503;
      for (let tries = 0; status === 503 && tries < 100; tries++) {
        ({ status } = await put(next));
        if (status === 503) await delay(50);
      }
      expect(status).toBe(202);
      await expect.poll(unsettled, { timeout: 20_000, interval: 50 }).toEqual([]);
      const sent = await look`select entry_id, outcome from attempts where kind = 'send'`;
      expect(sent.map(({ outcome }) => outcome)).toEqual(Array.from({ length: accepted + 1 }, () => "delivered"));
      expect(new Set(sent.map(({ entry_id: id }) => id)).size).toBe(accepted + 1);
      expect(scene.portal.state.counts).toMatchObject({ dossiers: accepted + 1, updates: 0 });
    },
    close: async (): Promise<void> => {
      await dispatch?.stop(1000);
      await look.end({ timeout: 1 });
      await pool.close();
      await scene.close();
    },
  };
};
