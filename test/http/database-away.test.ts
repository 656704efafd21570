import { chmod, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierDetail } from "../../contracts/services/dossier-views.ts";
import { createApp } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { ensureDatabase } from "../../src/runtime/ensure-database.ts";
import { openDatabase } from "../../src/runtime/node-gateway.ts";
import { migrateDatabase } from "../../src/runtime/node-migrate.ts";
import { assemble } from "../../src/wiring.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { scratchFolder } from "../scratch-folder.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
let folder: string;
let server: EmbeddedPostgres;
let second: ReturnType<typeof openOn>;
let token: string;

const path = `/v1/dossiers/${codeOf(1)}`;
const CALLS: [string, string, object?][] = [
  ["GET", "/readyz"],
  ["GET", "/v1/dossiers"],
  ["GET", "/v1/dossiers/counts"],
  ["GET", path],
  ["PUT", path, dossierBody()],
  ["PUT", `${path}?known=true`, dossierBody()],
  ["POST", `${path}/events`, eventBody("e1")],
  ["GET", "/v1/ledger"],
  ["GET", "/v1/ledger/summary"],
  ["GET", "/v1/ledger/1"],
  ["POST", "/v1/ledger/1/retry"],
  ["POST", "/v1/ledger/1/cancel", { reason: "x" }],
];

/** The deployment of the scene on another database: same keys, same clients. */
const openOn = (url: string) => {
  const database = openDatabase(url, 4);
  const { config, keys, deployment } = scene;
  const surroundings = { now: () => new Date(), random: Math.random, elapsed: () => performance.now() };
  const gateway = assemble(config, keys, deployment.adapters, surroundings).open(database.database, () => undefined);
  const app = createApp({
    open: () => gateway,
    log: createLog("silent", []),
    metrics: createMetrics(),
    elapsed: () => performance.now(),
    docs: null,
  });
  return { app, close: database.close };
};

const startServer = (port?: number) => {
  const flags = ["fsync=off", "full_page_writes=off"].flatMap((setting) => ["-c", setting]);
  return startEmbeddedPostgres({ dataDir: join(folder, "postgres"), flags, ...(port && { port }) });
};

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  token = await scene.token();
  folder = await scratchFolder("ltg-away-");
  await chmod(folder, 0o711);
  server = await startServer();
  await ensureDatabase(server.url("postgres"), "away");
  await migrateDatabase(server.url("away"));
  second = openOn(server.url("away"));
});
afterAll(async () => {
  await second.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await scene.close();
});

const ask = (method: string, target: string, body?: unknown, { app } = second) =>
  scene.send(
    target,
    {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    app,
  );

/** A server that refuses connections: nothing listens on the port of a server that was closed. */
const closedAddress = async (): Promise<string> => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return `postgresql://nobody@127.0.0.1:${port}/nothing`;
};

test.for(CALLS)("without a database %s %s answers 503 with a time to come back", async ([method, target, body]) => {
  const away = openOn(await closedAddress());
  const answer = await ask(method, target, body, away);
  expect([answer.status, answer.body.code, answer.body.retry]).toEqual([503, "unavailable", "later"]);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  await away.close();
});

test("without a database the process lives and shows its figures", async () => {
  const away = openOn(await closedAddress());
  expect((await ask("GET", "/healthz", undefined, away)).status).toBe(200);
  expect((await ask("GET", "/metrics", undefined, away)).status).toBe(200);
  await away.close();
});

test("when the database goes and comes back, calls are refused meanwhile and served again, and nothing is lost", async () => {
  expect((await ask("PUT", path, dossierBody())).status).toBe(202);
  const { port } = server;
  await server.stop();
  const refused = await ask("PUT", path, dossierBody({ note: "trong lúc mất" }));
  expect([refused.status, refused.body.code]).toEqual([503, "unavailable"]);

  server = await startServer(port);
  let status = 503;
  for (const end = Date.now() + 15_000; status === 503 && Date.now() < end; ) {
    ({ status } = await ask("GET", "/readyz"));
  }
  expect(status).toBe(200);
  const read = await scene.send<DossierDetail>(path, { headers: { authorization: `Bearer ${token}` } }, second.app);
  expect([read.status, read.body.dossier.note]).toEqual([200, undefined]);
  expect((await ask("PUT", path, dossierBody({ note: "sau" }))).status).toBe(202);
});

test("a caller without a good token hears so, whether the database is there or not", async () => {
  const away = openOn(await closedAddress());
  const answer = await scene.send("/v1/dossiers", { headers: { authorization: "Bearer no" } }, away.app);
  expect(answer.status).toBe(401);
  const credentials = { client_id: "reader", client_secret: "reader-secret" };
  const form = new URLSearchParams({ grant_type: "client_credentials", ...credentials });
  expect((await scene.send("/oauth/token", { method: "POST", body: form }, away.app)).status).toBe(200);
  await away.close();
});

test("through a long outage every call answers within two seconds that the database is away", async () => {
  const away = openOn(await closedAddress());
  for (let round = 0; round < 3; round++) {
    const begun = performance.now();
    const answers = await Promise.all(CALLS.map(([method, target, body]) => ask(method, target, body, away)));
    expect(answers.map(({ body }) => body.code)).toEqual(CALLS.map(() => "unavailable"));
    expect(performance.now() - begun).toBeLessThan(2000);
  }
  await away.close();
});
