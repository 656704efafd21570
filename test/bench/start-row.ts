import { startGateway } from "../processes/gateway-child.ts";
import type { BenchServer } from "./bench-server.ts";
import type { Prepared } from "./figures.ts";
import { gatewaySettings } from "./gateway-settings.ts";

/** Nobody listens there: a start does not call the platforms. */
const NO_PORTAL = "http://127.0.0.1:9";

/** From starting the process to the first 200 of `/readyz`, the database there and migrated. */
export const prepareStart = async (server: BenchServer): Promise<Prepared> => {
  const databaseUrl = await server.migrated("bench_start");
  const settings = gatewaySettings({ databaseUrl, portalUrl: NO_PORTAL, concurrency: 8 });
  const measure = async (): Promise<number> => {
    const begun = performance.now();
    const gateway = await startGateway(settings);
    try {
      const answer = await fetch(`${gateway.url}/readyz`);
      if (answer.status !== 200) throw new Error(`/readyz answers ${answer.status}`);
      return (performance.now() - begun) / 1000;
    } finally {
      await gateway.stop();
    }
  };
  // The first start makes the keys of `npm start`, and fills the machine's file cache.
  await measure();
  return {
    comparisons: [
      {
        name: "Start to ready, database there",
        unit: "s",
        ours: { name: "ours", measure },
        peers: [],
        bars: [{ below: 1.5 }],
        notes: () => ["`node src/node.ts start` with DATABASE_URL, no simulators, until `/readyz` answers 200"],
      },
    ],
    stop: async () => undefined,
  };
};
