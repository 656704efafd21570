import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

let scene: GatewayScene;

beforeEach(async () => {
  scene = await openGatewayScene({ settings: { NATIONAL_PORTAL_BREAKER_RESET_MS: "60000" } });
});
afterEach(() => scene.close());

const portalLine = async (): Promise<PlatformLine | undefined> => {
  const { items } = (await (await scene.request("GET", "/v1/platforms")).json()) as { items: PlatformLine[] };
  return items.find(({ id }) => id === "national-portal");
};

const entries = async (): Promise<EntryView[]> =>
  ((await (await scene.request("GET", "/v1/ledger?limit=200")).json()) as { items: EntryView[] }).items;

const attempts = async (): Promise<number> => {
  const [row] = await rows<{ count: number }>(scene.database, sql`select count(*)::int as count from attempts`);
  return row?.count ?? 0;
};

const timeHasPassed = () =>
  scene.database.execute(sql`update platform_states set opened_at = opened_at - interval '60 seconds'`);

test("the portal goes away: nothing is sent or lost while the breaker is open, and all arrives in order after it", async () => {
  await scene.served.refuse(true);
  const codes = Array.from({ length: 25 }, (_, n) => `H04.15-261120-${String(n + 1).padStart(4, "0")}`);
  for (const code of codes) {
    expect((await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody())).status).toBe(202);
    for (const step of ["e1", "e2"]) {
      expect((await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(step))).status).toBe(202);
    }
  }
  await vi.waitFor(async () => expect(await portalLine()).toMatchObject({ state: "down", breaker: "open" }), {
    timeout: 10_000,
  });
  // What was in flight when it opened is settled first.
  await vi.waitFor(async () => expect((await entries()).filter(({ state }) => state === "sending")).toEqual([]), {
    timeout: 5000,
  });
  const spent = await attempts();
  for (let look = 0; look < 8; look += 1) {
    await delay(50);
    expect(await attempts()).toBe(spent);
  }
  const waiting = await entries();
  expect(waiting).toHaveLength(75);
  expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(["queued", "waiting"]));
  expect(new Set(waiting.map(({ held }) => held))).toEqual(new Set(["breaker"]));
  expect((await portalLine())?.backlog).toBe(75);

  // A try while the portal is still away spends one attempt of one entry, and opens it anew.
  await timeHasPassed();
  await vi.waitFor(async () => expect(await portalLine()).toMatchObject({ breaker: "open" }), { timeout: 5000 });
  expect(await attempts()).toBeLessThanOrEqual(spent + 1);

  await scene.served.refuse(false);
  await timeHasPassed();
  await scene.drained();
  expect(await portalLine()).toMatchObject({ state: "up", breaker: "closed", backlog: 0 });
  expect((await entries()).map(({ state, held }) => ({ state, held }))).toEqual(
    Array.from({ length: 75 }, () => ({ state: "delivered", held: undefined })),
  );
  for (const code of codes) {
    const steps = scene.portal.state.dossiers.get(code)?.steps.map((step) => step.step.NoiDungXuLy);
    expect(steps).toEqual(["Thẩm định hồ sơ e1", "Thẩm định hồ sơ e2"]);
  }
});

test("refusals by the portal leave the breaker closed, however many they are", async () => {
  scene.portal.dial.set({ service: "DongBoHoSoMC", fault: "error-body", code: "9", message: "Dữ liệu không hợp lệ" });
  for (let n = 1; n <= 25; n += 1) {
    await scene.request("PUT", `/v1/dossiers/H04.15-261120-${String(n).padStart(4, "0")}`, dossierBody());
  }
  await scene.drained();
  expect(await portalLine()).toMatchObject({ state: "up", breaker: "closed" });
});
