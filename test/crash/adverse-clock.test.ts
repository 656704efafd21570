import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";

const DAY_MS = 86_400_000;
/** Beyond the age limit of 15 days, and far before anything was accepted. */
const JUMPS = [20 * DAY_MS, -20 * DAY_MS, 3_600_000, -3_600_000, 0];

let scene: GatewayScene;
let look: ReturnType<typeof connect>;
let offset = 0;

beforeAll(async () => {
  scene = await openGatewayScene({ dispatch: false, now: () => new Date(Date.now() + offset) });
  look = connect(scene.databaseUrl, { max: 1 });
});
afterAll(async () => {
  await look.end({ timeout: 1 });
  await scene.close();
});

const acceptDossier = async (number: number, steps: number): Promise<void> => {
  const path = `/v1/dossiers/${codeOf(number)}`;
  expect((await scene.request("PUT", path, dossierBody())).status).toBe(202);
  for (let n = 1; n <= steps; n++) {
    expect((await scene.request("POST", `${path}/events`, eventBody(`e${n}`))).status).toBe(202);
  }
};

const readAttempts = () =>
  look<
    { outcome: string; duration: number }[]
  >`select outcome, duration_ms as duration from attempts where kind = 'send'`;

test("a process clock that jumps by weeks, both ways, in mid traffic ends no attempt, no lease and no entry", async () => {
  offset = 0;
  for (let number = 1; number <= 6; number++) await acceptDossier(number, 4);
  scene.portal.dial.set({ fault: "latency", ms: 30 });
  scene.startDispatch();
  for (const jump of JUMPS) {
    const seen = scene.portal.calls.total;
    offset = jump;
    await expect.poll(() => scene.portal.calls.total, { timeout: 10_000, interval: 2 }).toBeGreaterThan(seen + 3);
  }
  await scene.drained();
  const attempts = await readAttempts();
  expect(attempts.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 30 }, () => "delivered"));
  expect(attempts.filter(({ duration }) => duration < 0)).toEqual([]);
  expect(scene.portal.state.counts).toMatchObject({ dossiers: 6, steps: 24, repeatedSteps: 0, updates: 0 });
  expect(scene.portal.overlaps.count).toBe(0);
});

test("an entry that waits for its next try is neither aged, nor due earlier or later, by what the process takes for the time", async () => {
  offset = 0;
  scene.portal.dial.set({ fault: "http-status", status: 503, retryAfterSeconds: 2 });
  await acceptDossier(7, 0);
  const waiting = () =>
    look<{ state: string; wait: number; attempts: number }[]>`
      select state, extract(epoch from next_at - now())::float8 as wait, attempts from pending`;
  await expect.poll(async () => (await waiting())[0]?.state, { timeout: 10_000, interval: 5 }).toBe("waiting");
  offset = 20 * DAY_MS;
  const [first] = await waiting();
  expect(first?.wait).toBeGreaterThan(0.5);
  expect(first?.wait).toBeLessThanOrEqual(4);
  // It is tried again when the database says so, refused again, and waits once more: 15 days have not passed.
  await expect.poll(async () => (await waiting())[0]?.attempts, { timeout: 10_000, interval: 5 }).toBeGreaterThan(1);
  expect((await waiting())[0]?.state).not.toBe("failed");
  offset = -20 * DAY_MS;
  scene.portal.dial.clear();
  const begun = performance.now();
  await scene.drained();
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(scene.portal.state.dossiers.has(codeOf(7))).toBe(true);
});

test("a token is over when the process's clock says so, and good again once the clock is right", async () => {
  offset = 0;
  await scene.token();
  for (const [jump, status] of [
    [0, 200],
    [DAY_MS, 401],
    [0, 200],
  ] as const) {
    offset = jump;
    expect((await scene.request("GET", "/v1/ledger")).status).toBe(status);
  }
});
