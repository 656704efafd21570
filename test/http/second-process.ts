import { createApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { deploymentKeys } from "../../src/security/deployment-keys.ts";
import { assemble } from "../../src/wiring.ts";
import type { ApiScene } from "./api-scene.ts";

/**
 * The same deployment as another process (or the same one after a restart) has it: own pool, own memory, keys read
 * from the settings or the database again. It dispatches nothing.
 */
export const openSecondProcess = async ({ config, databaseUrl, deployment }: ApiScene) => {
  const database = openDatabase(databaseUrl, 4);
  const keys = await deploymentKeys(database.database, config.provinceCode, config);
  const surroundings = { now: () => new Date(), random: Math.random, elapsed: () => performance.now() };
  const second = assemble(config, keys, deployment.adapters, surroundings);
  const gateway = second.open(database.database, () => undefined);
  const app = createApp({
    open: () => gateway,
    log: createLog("silent", []),
    metrics: createMetrics(),
    elapsed: () => performance.now(),
    dossierCodePattern: config.dossierCodePattern,
    docs: null,
  });
  return { app, close: database.close };
};
