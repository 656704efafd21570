import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { connect } from "../../src/runtime/database-connection.ts";
import { type GatewayChild, startGateway } from "../processes/gateway-child.ts";
import { judgeArrival } from "./arrival.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { PORTAL_MS } from "./delivery-row.ts";
import type { Prepared } from "./figures.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import type { DispatchingGatewayCommands } from "./processes/dispatching-gateway.ts";
import type { PortalCommands } from "./processes/portal.ts";

/** How much is under way when one of two gateways is killed. */
export interface TakeOverSizes {
  readonly entries: number;
  readonly streams: number;
  /** Calls in flight of each gateway. */
  readonly concurrency: number;
}

/** How long all of it may take before it has failed. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 50;
/** After the kill the survivor goes on: what is still as it was after this long, was the dead one's. */
const ORPHANED_MS = 1000;

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + PATIENCE_MS; !(await holds()); await delay(LOOK_MS)) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
  }
};

const countOf = async (query: Promise<readonly { readonly count: number }[]>): Promise<number> =>
  (await query)[0]?.count ?? Number.NaN;

/** Kills one gateway with SIGKILL; seconds until the other has taken over everything that the dead one held. */
const killAndWatch = async (sql: Sql, victim: GatewayChild) => {
  await victim.kill();
  const killed = performance.now();
  const held = await sql<{ id: string; fence: number }[]>`select id::text, fence from pending where state = 'sending'`;
  const stillHeld = () =>
    countOf(sql<{ count: number }[]>`
      select count(*)::int as count from jsonb_to_recordset(${JSON.stringify(held)}::text::jsonb) as h(id bigint, fence int)
      join pending p on p.id = h.id and p.fence = h.fence and p.state = 'sending'`);
  await delay(ORPHANED_MS);
  const orphaned = await stillHeld();
  if (orphaned === 0) throw new Error("the kill hit nothing under way");
  await until("everything is taken over", async () => (await stillHeld()) === 0);
  return { seconds: (performance.now() - killed) / 1000, orphaned };
};

/** How soon a gateway takes over what another held that was killed, and what the portal saw of it. */
export const prepareTakeOver = async (server: BenchServer, sizes: TakeOverSizes): Promise<Prepared> => {
  const { entries, streams, concurrency } = sizes;
  const portal = startProcess<PortalCommands>("portal");
  const writer = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS, isLogging: true });
  const rounds: string[] = [];

  const measure = async (round: number): Promise<number> => {
    const databaseUrl = await server.migrated(`bench_take_over_${round}`);
    await writer.call("open", { databaseUrl, portalUrl, concurrency });
    const settings = gatewaySettings({ databaseUrl, portalUrl, concurrency });
    const [victim, survivor] = await Promise.all([startGateway(settings), startGateway(settings)]);
    const sql = connect(databaseUrl, { max: 1, applicationName: "bench" });
    try {
      await portal.call("log");
      await portal.call("taken");
      await writer.call("enqueue", { count: entries, streams });
      let taken = 0;
      await until("a quarter arrives", async () => {
        taken += await portal.call("taken");
        return taken >= entries / 4;
      });
      const { seconds, orphaned } = await killAndWatch(sql, victim);
      await until("all is settled", async () => {
        return (await countOf(sql<{ count: number }[]>`select count(*)::int as count from pending`)) === 0;
      });
      const numbers = (await portal.call("log")).map((id) => Number(id.replace("bench-", "")));
      const { lost, repeated, disordered } = judgeArrival(numbers, entries, streams);
      const settled = await countOf(
        sql<{ count: number }[]>`select count(*)::int as count from settled where state = 'delivered'`,
      );
      const counted = await countOf(
        sql<{ count: number }[]>`select count(*)::int as count from settled where attempts > 1`,
      );
      if (lost > 0 || disordered > 0 || settled !== entries || repeated > counted) {
        throw new Error(
          `${lost} lost, ${disordered} dossiers out of order, ${settled} of ${entries} delivered, ${repeated} sent twice, ${counted} counted`,
        );
      }
      rounds.push(
        `round ${round}: ${orphaned} entries held by the dead process, ${repeated} arrived twice, ${counted} recorded as tried more than once, 0 lost, order kept`,
      );
      return seconds;
    } finally {
      await sql.end();
      await survivor.stop();
    }
  };
  return {
    comparisons: [
      {
        name: "Take-over after kill -9 of one of two gateways",
        unit: "s",
        ours: { name: "ours", measure },
        peers: [],
        bars: [{ below: 15 }],
        mostRounds: 3,
        notes: () => [
          `from the kill until nothing of the dead process is left; ${entries} steps of ${streams} dossiers, ${concurrency} calls in flight in each`,
          ...rounds,
        ],
      },
    ],
    stop: async () => {
      await Promise.all([portal.stop(), writer.stop()]);
    },
  };
};
