import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PushReport } from "../../mocks/national-portal/push-run.ts";
import { sql } from "../../src/database/sql.ts";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import { type HttpServer, listen } from "../../src/runtime/node-http-server.ts";
import { type InboundScene, openInboundScene } from "./inbound-scene.ts";

const SEED = 20_261_120;
const DOSSIERS = 200;

let scene: InboundScene;
let server: HttpServer;

beforeAll(async () => {
  scene = await openInboundScene();
  server = await listen(scene.app.fetch, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close(1000);
  await scene.close();
});

/** What an event was pushed as, in the simulator's words. */
const markOf = ({
  type,
  subject,
  data,
}: {
  type: string;
  subject: string;
  data: Record<string, unknown> | null;
}): string => {
  if (type === "dossier.amended") return `amendment ${subject}`;
  if (type === "dossier.received") return `promotion ${subject}`;
  if (type === "tax-notice.received") return `notice ${subject}`;
  const { amount } = (data?.["receipt"] ?? {}) as { amount?: number };
  return `receipt ${subject} ${amount}`;
};

test(`a thousand pushes, repeated, reordered and spoilt (seed ${SEED}), while the dispatcher is restarted: the inbox has each once, in the order of its dossier`, {
  timeout: 300_000,
}, async () => {
  let running = true;
  const restarting = (async () => {
    while (running) {
      await delay(100);
      await scene.stopDispatch();
      scene.startDispatch();
    }
  })();
  const plan = { gateway: server.url, key: DEMO_PORTAL_KEY, seed: SEED, dossiers: DOSSIERS };
  const shares = { duplicates: 0.3, reordered: 0.3, faults: 0.15 };
  const answer = await fetch(`${scene.served.url}/__simulator/pushes`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...plan, ...shares }),
  });
  running = false;
  await restarting;
  const report = (await answer.json()) as PushReport;
  expect(report.notTaken).toEqual([]);
  expect(report.calls).toBeGreaterThan(1000);
  for (const ending of ["0", "1", "-1", "http 401"])
    expect([ending, report.answers[ending]]).not.toEqual([ending, undefined]);

  const events = await scene.events();
  const bySubject = Object.groupBy(events, ({ subject }) => subject);
  const told = Object.fromEntries(Object.entries(bySubject).map(([code, some = []]) => [code, some.map(markOf)]));
  expect(told).toEqual(report.order);
  expect(events).toHaveLength(5 * DOSSIERS);

  const sums = await scene.sums();
  expect([sums?.delivered, sums?.pending]).toEqual([5 * DOSSIERS, 0]);
  expect(sums?.accepted).toBe(5 * DOSSIERS + (sums?.failed ?? 0));
  // Every notice and every receipt was joined, whichever came first.
  const last = events.filter(({ type }) => type.startsWith("tax-")).toReversed();
  expect(Object.keys(report.lookedUp)).toHaveLength(DOSSIERS);
  for (const [code, lookedUp] of Object.entries(report.lookedUp)) {
    expect([code, lookedUp]).toEqual([code, { status: "1", owes: 0 }]);
    const newest = last.find(({ subject }) => subject === code)?.data?.["balance"];
    expect([code, newest]).toMatchObject([code, { due: 3e9, paid: 3e9, settled: true, unmatched: 0 }]);
  }
  // Each body is there, and nothing went out to the portal for any of it.
  const [kept] = (await scene.database.execute(
    sql`select count(*)::int as bodies from inbound_pieces where name like 'body_%' and n = 0`,
  )) as readonly Record<string, unknown>[];
  expect(kept?.["bodies"]).toBe(sums?.accepted);
  expect(scene.simulator.calls.total).toBe(0);
});

test("a plan that makes no sense is refused by the simulator", async () => {
  const answer = await fetch(`${scene.served.url}/__simulator/pushes`, { method: "POST", body: '{"seed": "x"}' });
  expect(answer.status).toBe(400);
});
