import type { Prepared } from "./accept-row.ts";
import type { BenchServer } from "./bench-server.ts";
import { startProcess } from "./commands.ts";
import type { BareLoopCommands } from "./processes/bare-loop.ts";
import type { DispatchingGatewayCommands } from "./processes/dispatching-gateway.ts";
import type { PortalCommands } from "./processes/portal.ts";

/** How much is delivered, and how. */
export interface DeliverySizes {
  readonly entries: number;
  readonly streams: number;
  /** Calls in flight, for everyone. */
  readonly concurrency: number;
  /** Delivered once before the rounds, by everyone, so that no round pays for compiling. */
  readonly warmUpEntries: number;
}

const PORTAL_MS = 20;

/** Delivery to a portal that answers in 20 ms, beside a bare loop that makes the same calls. */
export const prepareDelivery = async (server: BenchServer, sizes: DeliverySizes): Promise<Prepared> => {
  const { entries, streams, concurrency, warmUpEntries } = sizes;
  const portal = startProcess<PortalCommands>("portal");
  const gateway = startProcess<DispatchingGatewayCommands>("dispatching-gateway");
  const loop = startProcess<BareLoopCommands>("bare-loop");
  const { url: portalUrl } = await portal.call("open", { delayMs: PORTAL_MS });
  const databaseUrl = await server.migrated(`bench_delivery_${streams}`);
  await gateway.call("open", { databaseUrl, portalUrl, concurrency });

  const checkTaken = async (count: number): Promise<void> => {
    const taken = await portal.call("taken");
    if (taken !== count) throw new Error(`the portal took ${taken} messages, not ${count}`);
  };
  const drain = async (count: number): Promise<number> => {
    await gateway.call("enqueue", { count, streams });
    await server.analyze(databaseUrl);
    await server.checkpoint();
    const { seconds } = await gateway.call("drain");
    await checkTaken(count);
    return count / seconds;
  };
  const callAll = async (count: number): Promise<number> => {
    const { seconds } = await loop.call("run", { portalUrl, count, streams, concurrency });
    await checkTaken(count);
    return count / seconds;
  };
  await drain(warmUpEntries);
  await callAll(warmUpEntries);

  return {
    comparison: {
      name: `Delivery of ${entries} steps of ${streams} dossiers`,
      unit: "entries/s",
      ours: { name: "ours", measure: () => drain(entries) },
      peers: [{ name: "bare loop", measure: () => callAll(entries) }],
      notes: () => [
        `the portal answers after ${PORTAL_MS} ms, ${concurrency} calls in flight; ours ends with the last settle's commit`,
        "the bare loop makes the same calls over the same transport: no ledger, no order, no evidence",
      ],
    },
    stop: async () => {
      await Promise.all([portal.stop(), gateway.stop(), loop.stop()]);
    },
  };
};
