import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import type { ImportStarted, ImportView } from "../../contracts/services/imports.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { startGateway, tokenOf } from "../processes/gateway-child.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { PORTAL_MS } from "./delivery-row.ts";
import { type Comparison, median, type Prepared } from "./figures.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import type { AcceptGatewayCommands } from "./processes/accept-gateway.ts";
import type { LoadGeneratorCommands } from "./processes/load-generator.ts";
import type { PortalCommands } from "./processes/portal.ts";
import { dossierBody, dossierCode } from "./workload.ts";

/** How much is back-loaded beside how much traffic of desks. */
export interface BackLoadSizes {
  readonly imported: number;
  /** Lines in a second at most (`ratePerSecond`). */
  readonly ratePerSecond: number;
  /** Dossiers that desks work at, and their steps in a second. */
  readonly dossiers: number;
  readonly deskRate: number;
  /** One stretch of desk traffic. */
  readonly seconds: number;
}

const WITHOUT = "without the import";
/** Calls to the portal in flight: it takes more than the import and the desks bring. */
const CONCURRENCY = 32;
/** Codes of imported dossiers begin here, far from those of the desks. */
const FIRST_IMPORTED = 1_000_000;
const LINES_AT_ONCE = 500;

/** The file in pieces, as a sender would read it from its own database. */
const fileOf = (count: number, from: number): ReadableStream<Uint8Array> => {
  let next = 0;
  return new ReadableStream({
    pull: (controller) => {
      const lines = Array.from({ length: Math.min(LINES_AT_ONCE, count - next) }, () => {
        const n = from + next++;
        return `${JSON.stringify({ code: dossierCode(n), ...dossierBody(n) })}\n`;
      });
      if (lines.length === 0) controller.close();
      else controller.enqueue(Buffer.from(lines.join("")));
    },
  });
};

const startImport = async (url: string, token: string, sizes: BackLoadSizes, round: number): Promise<string> => {
  const from = FIRST_IMPORTED + round * sizes.imported;
  const answer = await fetch(`${url}/v1/imports?ratePerSecond=${sizes.ratePerSecond}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: fileOf(sizes.imported, from),
    duplex: "half",
  } as RequestInit);
  if (answer.status !== 202) throw new Error(`the import was answered ${answer.status} ${await answer.text()}`);
  const { id, lines } = (await answer.json()) as ImportStarted;
  if (lines !== sizes.imported) throw new Error(`${lines} of ${sizes.imported} lines were stored`);
  return id;
};

const readImport = async (url: string, token: string, id: string): Promise<ImportView> => {
  const answer = await fetch(`${url}/v1/imports/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as ImportView;
};

/** From accepted to settled, in milliseconds: the 95th of a hundred steps of desks accepted since then. */
const deliveryOf = async (sql: Sql, since: Date): Promise<number> => {
  const [row] = await sql<{ p95: number }[]>`
    select (percentile_cont(0.95) within group (order by extract(epoch from s.settled_at - e.accepted_at)) * 1000)::float8 as p95
    from entries e join settled s on s.tenant = e.tenant and s.id = e.id
    where e.priority = 0 and e.accepted_at >= ${since} and s.state = 'delivered'`;
  return row?.p95 ?? Number.NaN;
};

const settleDesks = async (sql: Sql): Promise<void> => {
  for (;;) {
    const [row] = await sql<{ left: number }[]>`select count(*)::int as left from pending where priority = 0`;
    if (row?.left === 0) return;
    await delay(50);
  }
};

/** How long desks wait for acceptance and delivery while a year's dossiers are back-loaded through the same gateway. */
export const prepareBackLoad = async (server: BenchServer, sizes: BackLoadSizes): Promise<Prepared> => {
  const { dossiers, deskRate, seconds, imported } = sizes;
  const portal = startProcess<PortalCommands>("portal");
  const putter = startProcess<AcceptGatewayCommands>("accept-gateway");
  const generator = startProcess<LoadGeneratorCommands>("load-generator");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });
  const databaseUrl = await server.migrated("bench_back_load");
  await putter.call("open", { databaseUrl, portalUrl });
  await putter.call("putDossiers", { count: dossiers });
  await putter.call("close");
  await server.analyze(databaseUrl);
  const gateway = await startGateway(gatewaySettings({ databaseUrl, portalUrl, concurrency: CONCURRENCY }));
  const token = await tokenOf(gateway.url);
  const sql = connect(databaseUrl, { max: 1, applicationName: "bench" });
  const rounds: string[] = [];
  let stretch = 0;

  /** Desk traffic for a stretch: milliseconds to the 202, p95. */
  const desks = async (): Promise<number> => {
    const load = { url: gateway.url, token, dossiers, seconds, rate: deskRate, query: "?priority=desk" };
    const { p95, refused } = await generator.call("steady", { ...load, label: `back-load-${++stretch}` });
    if (refused > 0) throw new Error(`${refused} steps of desks were refused`);
    return p95;
  };

  const measured = async (name: string, traffic: () => Promise<number>): Promise<number> => {
    const since = (await sql<{ now: Date }[]>`select now()`)[0]?.now ?? new Date();
    const accept = await traffic();
    await settleDesks(sql);
    const delivery = await deliveryOf(sql, since);
    rounds.push(`${name}: accept p95 ${accept.toFixed(1)} ms, delivery p95 ${delivery.toFixed(1)} ms`);
    return accept + delivery;
  };

  const beside = async (round: number): Promise<number> => {
    const begun = performance.now();
    const id = await startImport(gateway.url, token, sizes, round);
    const uploaded = performance.now();
    const figure = await measured(`round ${round}, with the import`, async () => {
      const each: number[] = [];
      do each.push(await desks());
      while ((await readImport(gateway.url, token, id)).state === "running");
      return median(each);
    });
    const { state, accepted, refused } = await readImport(gateway.url, token, id);
    if (state !== "finished" || accepted !== imported)
      throw new Error(`${state}: ${accepted} accepted, ${refused} refused`);
    const took = [(uploaded - begun) / 1000, (performance.now() - uploaded) / 1000].map((s) => s.toFixed(0));
    rounds.push(`round ${round}: ${imported} lines stored in ${took[0]} s, taken in ${took[1]} s`);
    return figure;
  };

  const comparison: Comparison = {
    name: `${imported.toLocaleString("en")} dossiers back-loaded: p95 of a desk's accept and delivery`,
    unit: "ms",
    ours: { name: "ours", measure: beside },
    peers: [{ name: WITHOUT, measure: (round) => measured(`round ${round}, without`, desks) }],
    bars: [{ peer: WITHOUT, atMost: 2 }],
    mostRounds: 2,
    notes: () => [
      `${deskRate} steps/s of desks (priority desk) through one gateway that imports ${sizes.ratePerSecond} lines/s at most; the portal answers after ${PORTAL_MS} ms, ${CONCURRENCY} calls in flight; accept: the middle of the stretches of ${seconds} s that it took`,
      ...rounds,
    ],
  };
  return {
    comparisons: [comparison],
    stop: async () => {
      await sql.end();
      await gateway.stop();
      await Promise.all([portal, putter, generator].map((process) => process.stop()));
    },
  };
};
