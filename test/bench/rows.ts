import { prepareAccept } from "./accept-row.ts";
import { prepareBackLoad } from "./back-load-row.ts";
import type { BenchServer } from "./bench-server.ts";
import { prepareBundle } from "./bundle-row.ts";
import { prepareDelivery } from "./delivery-row.ts";
import type { Prepared } from "./figures.ts";
import { prepareHistory } from "./history-row.ts";
import { prepareLookUp } from "./look-up-row.ts";
import { prepareMemory } from "./memory-row.ts";
import { prepareOpenTransaction } from "./open-transaction-row.ts";
import { prepareStart } from "./start-row.ts";
import { prepareTakeOver } from "./take-over-row.ts";

/** Prepares one or more rows on the server of the run. */
type Preparation = (server: BenchServer) => Promise<Prepared>;

/** Every preparation by its key, in the order of the table. `quick`: small counts, which show that it runs, not how fast. */
export const preparations = (quick: boolean): Readonly<Record<string, Preparation>> => {
  const accept = {
    connections: 32,
    seconds: quick ? 1 : 4,
    warmUpSeconds: quick ? 1 : 5,
    dossiers: quick ? 200 : 2000,
  };
  const entries = quick ? 1000 : 20_000;
  const jobs = quick
    ? { graphileDefault: 500, fetch: 500, work: 400, dbos: 200 }
    : { graphileDefault: 5000, fetch: 8000, work: 2000, dbos: 1000 };
  const delivery = { entries, concurrency: 200, warmUpEntries: quick ? 500 : 5000, jobs };
  return {
    accept: (server) => prepareAccept(server, accept),
    delivery: (server) => prepareDelivery(server, { ...delivery, streams: entries }),
    "delivery-in-order": (server) => prepareDelivery(server, { ...delivery, streams: entries / 10 }),
    history: (server) =>
      prepareHistory(server, {
        history: quick ? 200_000 : 5_000_000,
        entries,
        concurrency: 200,
        searches: quick ? 10 : 40,
      }),
    "open-transaction": (server) =>
      prepareOpenTransaction(server, {
        seconds: quick ? 20 : 120,
        windowSeconds: quick ? 4 : 20,
        concurrency: 200,
        backlog: quick ? 2000 : 5000,
      }),
    "take-over": (server) =>
      prepareTakeOver(server, { entries: quick ? 4000 : 20_000, streams: quick ? 400 : 2000, concurrency: 100 }),
    memory: (server) =>
      prepareMemory(server, { seconds: quick ? 5 : 60, rate: quick ? 200 : 430, dossiers: quick ? 200 : 2000 }),
    "look-up": (server) =>
      prepareLookUp(server, { connections: 32, seconds: quick ? 1 : 4, warmUpSeconds: quick ? 1 : 5 }),
    "back-load": (server) =>
      prepareBackLoad(server, {
        imported: quick ? 3000 : 100_000,
        ratePerSecond: 200,
        dossiers: quick ? 200 : 2000,
        deskRate: 50,
        seconds: quick ? 4 : 20,
      }),
    start: prepareStart,
    bundle: prepareBundle,
  };
};
