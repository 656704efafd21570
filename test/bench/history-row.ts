import { createSearchHashes } from "../../src/security/search-hashes.ts";
import { openBenchGateway } from "./bench-gateway.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import { PORTAL_MS } from "./delivery-row.ts";
import { type Comparison, type Prepared, quantile } from "./figures.ts";
import { fillHistory } from "./history-fill.ts";
import { inventedName } from "./names.ts";
import type { AcceptGatewayCommands } from "./processes/accept-gateway.ts";
import type { DispatchingGatewayCommands } from "./processes/dispatching-gateway.ts";
import type { PortalCommands } from "./processes/portal.ts";
import { dossierQueries, ledgerQueries, type SearchQuery } from "./search-queries.ts";

/** How much history, and what is delivered beside it. */
export interface HistoryRowSizes {
  readonly history: number;
  readonly entries: number;
  readonly concurrency: number;
  /** Calls of each kind of search in a round. */
  readonly searches: number;
}

const MONTHS = 6;
const ENTRIES_PER_DOSSIER = 10;
const FAILURES = 2000;
const NAMES = 1000;
/** Dossiers put through the API before the fill. */
const REAL_DOSSIERS = 20;
/** A search that is far too slow is not repeated for minutes. */
const MOST_MS = 15_000;

/** Search hashes of the invented names, under the keys of the database at `url`. */
const hashedNames = async (url: string): Promise<(readonly string[])[]> => {
  const { keys, database } = await openBenchGateway({
    databaseUrl: url,
    portalUrl: "http://127.0.0.1:9",
    concurrency: 1,
  });
  const { tokensOf } = createSearchHashes(keys.ledger);
  await database.close();
  return Array.from({ length: NAMES }, (_, n) => tokensOf({ applicantName: inventedName(n), identityValues: [] }));
};

/** Calls one kind of search again and again, one at a time; milliseconds until the whole answer is there. */
const timeSearch = async (
  { url, token }: { readonly url: string; readonly token: string },
  query: SearchQuery,
  times: number,
): Promise<number[]> => {
  const headers = { authorization: `Bearer ${token}` };
  const durations: number[] = [];
  const begun = performance.now();
  for (let i = 0; i < times; i++) {
    if (performance.now() - begun > MOST_MS) break;
    const sent = performance.now();
    const answer = await fetch(`${url}${query.path(i)}`, { headers });
    const text = await answer.text();
    durations.push(performance.now() - sent);
    if (answer.status !== 200) throw new Error(`${query.name}: ${answer.status} ${text}`);
  }
  return durations;
};

/** The slowest of several kinds of search, by its p95. */
const searchRow = (
  name: string,
  target: { readonly url: string; readonly token: string },
  queries: readonly SearchQuery[],
  times: number,
): Comparison => {
  const rounds: string[] = [];
  const measure = async (round: number): Promise<number> => {
    const p95s: { readonly name: string; readonly p95: number }[] = [];
    for (const query of queries) {
      p95s.push({ name: query.name, p95: quantile(await timeSearch(target, query, times), 0.95) });
    }
    const words = p95s.map((one) => `${one.name} ${one.p95.toFixed(0)}`);
    rounds.push(`p95 by kind, round ${round}, ms: ${words.join("; ")}`);
    return Math.max(...p95s.map(({ p95 }) => p95));
  };
  return {
    name,
    unit: "ms",
    ours: { name: "ours", measure },
    peers: [],
    bars: [{ below: 200 }],
    notes: () => [
      `p95 of the slowest kind, ${times} calls of each kind, fewer where they took more than ${MOST_MS / 1000} s; one at a time, over HTTP`,
      ...rounds,
    ],
  };
};

/** Delivery and search with millions of settled entries in the database. */
export const prepareHistory = async (server: BenchServer, sizes: HistoryRowSizes): Promise<Prepared> => {
  const { history, entries, concurrency, searches } = sizes;
  const dossiers = Math.floor(history / ENTRIES_PER_DOSSIER);
  const portal = startProcess<PortalCommands>("portal");
  const web = startProcess<AcceptGatewayCommands>("accept-gateway");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });

  /** A gateway on a database that has delivered something. */
  const openOn = async (databaseUrl: string) => {
    const gateway = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
    await gateway.call("open", { databaseUrl, portalUrl, concurrency });
    const drain = async (count: number): Promise<number> => {
      await gateway.call("enqueue", { count, streams: count });
      await server.analyze(databaseUrl);
      await server.checkpoint();
      return count / (await gateway.call("drain")).seconds;
    };
    return { drain, stop: () => gateway.stop() };
  };
  const fullUrl = await server.migrated("bench_history");
  await web.call("open", { databaseUrl: fullUrl, portalUrl });
  await web.call("putDossiers", { count: REAL_DOSSIERS });
  await web.call("close");
  const full = await openOn(fullUrl);
  const empty = await openOn(await server.migrated("bench_no_history"));
  const warmUp = Math.min(entries, 5000);
  await full.drain(warmUp);
  await empty.drain(warmUp);
  const names = await hashedNames(fullUrl);
  const filling = performance.now();
  const fill = { entries: history, months: MONTHS, dossiers, firstDossier: REAL_DOSSIERS, failures: FAILURES, names };
  await fillHistory(fullUrl, fill);
  const fillSeconds = (performance.now() - filling) / 1000;
  await server.analyze(fullUrl);
  const target = await web.call("open", { databaseUrl: fullUrl, portalUrl });

  const NO_HISTORY = "none settled";
  const delivery: Comparison = {
    name: `Delivery of ${entries} steps with ${history} settled entries`,
    unit: "entries/s",
    ours: { name: "ours", measure: () => full.drain(entries) },
    peers: [{ name: NO_HISTORY, measure: () => empty.drain(entries) }],
    bars: [{ peer: NO_HISTORY, atLeast: 0.95 }],
    notes: () => [
      `${history} entries of ${dossiers} dossiers over ${MONTHS} months, ${FAILURES} failed; filled in ${fillSeconds.toFixed(0)} s`,
      `the peer is the same program on a database that holds only what earlier rounds delivered; ${concurrency} calls in flight`,
    ],
  };
  return {
    comparisons: [
      delivery,
      searchRow(`Search of the ledger with ${history} entries`, target, ledgerQueries(new Date(), dossiers), searches),
      searchRow(`Search of ${dossiers} dossiers`, target, dossierQueries(dossiers), searches),
    ],
    stop: async () => {
      await Promise.all([portal.stop(), web.stop(), full.stop(), empty.stop()]);
    },
  };
};
