import { subscribe } from "node:diagnostics_channel";
import { flushCompileCache } from "node:module";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import { createLog, faultFields } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { createAdapters, platformIds } from "../../src/platform-adapters.ts";
import { openDatabase, startDispatch } from "../../src/runtime/node-gateway.ts";
import { listen } from "../../src/runtime/node-http-server.ts";
import { migrateDatabase } from "../../src/runtime/node-migrate.ts";
import { openWakeLine } from "../../src/runtime/node-wake-line.ts";
import { deploymentKeys } from "../../src/security/deployment-keys.ts";
import { assemble } from "../../src/wiring.ts";
import { createFailPoints, type Notice, type Order } from "./fail-points.ts";
import { withFailPoints } from "./with-fail-points.ts";

// A process of the gateway as src/node.ts puts it together, that dies where the process that started it says.

const tell = (notice: Notice): void => void process.send?.(notice);
const points = createFailPoints(() => process.kill(process.pid, "SIGKILL"));
process.on("message", (order) => points.take(order as Order));
process.on("disconnect", () => process.exit(1));
// The request is in the kernel's hands then, and nothing of the answer was read.
subscribe("undici:request:bodySent", () => points.reached("send.before-answer"));

const config = await parseConfig(process.env, platformIds, { settings: demoSettings() });
const url = config.databaseUrl;
if (url === undefined) throw new Error("DATABASE_URL is missing");
await migrateDatabase(url);
const database = openDatabase(url);
const keys = await deploymentKeys(database.database, config.provinceCode, config);
const elapsed = () => performance.now();
const surroundings = { now: () => new Date(), random: Math.random, elapsed };
const assembled = assemble(config, keys, createAdapters(config.settings), surroundings);
const deployment = withFailPoints(assembled, points.reached, (owner) => tell({ kind: "leases", owner }));
const log = createLog(config.logLevel, []);
const metrics = createMetrics();
const dispatch = startDispatch({ config, deployment, database, log, metrics });
const line = openWakeLine(url, dispatch.wake, (error) => log.warn(faultFields(error), "the wake line failed"));
const gateway = deployment.open(database.database, (platform) => {
  dispatch.wake(platform);
  line.ring(platform);
});
const app = createApp({ open: () => gateway, log, metrics, elapsed, docs: null });
const server = await listen(app.fetch, config);
tell({ kind: "ready", url: server.url });
// A process writes it when it ends, and this one is always killed.
flushCompileCache();
