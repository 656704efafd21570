import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PLATFORMS } from "../../contracts/adapter.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import { type PlatformLine, platformListSchema } from "../../contracts/services/platforms.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

const PORTAL = "/v1/platforms/national-portal";
const CODE = "H04.15-261120-0001";

let scene: GatewayScene;

const openScene = async (settings: Record<string, string> = {}) => {
  scene = await openGatewayScene({ settings });
};
beforeEach(() => openScene());
afterEach(() => scene.close());

const lines = async (): Promise<PlatformLine[]> =>
  platformListSchema.parse(await (await scene.request("GET", "/v1/platforms")).json()).items;
const portal = async () => (await lines()).find(({ id }) => id === "national-portal");
const put = (code = CODE) => scene.request("PUT", `/v1/dossiers/${code}`, dossierBody());
const entries = async () => ((await (await scene.request("GET", "/v1/ledger")).json()) as { items: EntryView[] }).items;
const acts = () =>
  rows<{ action: string; actor: string; subject: string; detail: unknown }>(
    scene.database,
    sql`select action, actor, subject, detail from audit where action not like 'ledger%' order by id`,
  );
const noticed = () => scene.database.execute(sql`select pg_sleep(0.1)`);

test("every platform has its line; what is not configured says so", async () => {
  const found = await lines();
  expect(found.map(({ id }) => id)).toEqual(PLATFORMS);
  expect(found.filter(({ state }) => state === "up").map(({ id }) => id)).toEqual([
    "national-portal",
    // Always there: it has no address of its own.
    "province",
  ]);
  expect(found.find(({ id }) => id === "vnpay")).toEqual({
    id: "vnpay",
    state: "not-configured",
    breaker: "closed",
    backlog: 0,
  });
});

test("a paused platform's entries are held without an attempt, and go when it is resumed", async () => {
  const paused = await scene.request("POST", `${PORTAL}/pause`, { reason: "Bảo trì đường truyền" });
  expect([paused.status, await paused.json()]).toMatchObject([200, { state: "paused", since: expect.any(String) }]);
  // A dispatcher may believe what it read for a quarter of a second.
  for (let wait = 0; wait < 4; wait += 1) await noticed();
  await put();
  for (let wait = 0; wait < 3; wait += 1) await noticed();
  expect(await entries()).toMatchObject([{ state: "queued", attempts: 0, held: "paused" }]);
  expect(await portal()).toMatchObject({ state: "paused", backlog: 1, oldestWaitingSeconds: 0 });
  expect(await (await scene.request("POST", `${PORTAL}/resume`)).json()).toMatchObject({ state: "up" });
  await scene.drained();
  expect(await entries()).toMatchObject([{ state: "delivered" }]);
  await vi.waitFor(async () =>
    expect(await portal()).toMatchObject({ lastGoodCallAt: expect.any(String), backlog: 0 }),
  );
});

test("pausing a paused platform changes nothing and is not audited again; likewise resuming", async () => {
  const first = (await (await scene.request("POST", `${PORTAL}/pause`, { reason: "one" })).json()) as PlatformLine;
  const again = await scene.request("POST", `${PORTAL}/pause`, { reason: "two" });
  expect([again.status, await again.json()]).toMatchObject([200, { state: "paused", since: first.since }]);
  for (const _ of ["resumed", "resumed already"]) {
    expect((await scene.request("POST", `${PORTAL}/resume`)).status).toBe(200);
  }
  expect(await acts()).toEqual([
    { action: "platform.pause", actor: "province", subject: "national-portal", detail: { reason: "one" } },
    { action: "platform.resume", actor: "province", subject: "national-portal", detail: {} },
  ]);
});

test("a pause needs no reason and no body", async () => {
  const answer = await scene.request("POST", `${PORTAL}/pause`);
  expect([answer.status, await answer.json()]).toMatchObject([200, { state: "paused" }]);
  expect((await scene.request("POST", `${PORTAL}/pause`, { why: "?" })).status).toBe(400);
});

test("a pause under an Idempotency-Key is done once, also when it was resumed since", async () => {
  const headers = { "idempotency-key": "pause-1" };
  const first = await (await scene.request("POST", `${PORTAL}/pause`, {}, { headers })).text();
  await scene.request("POST", `${PORTAL}/resume`);
  const again = await scene.request("POST", `${PORTAL}/pause`, {}, { headers });
  expect([again.headers.get("idempotency-replayed"), await again.text()]).toEqual(["true", first]);
  expect((await portal())?.state).toBe("up");
});

test("an unknown platform is not found, and a client without the scope may neither read nor operate", async () => {
  expect((await scene.request("POST", "/v1/platforms/portal/pause", {})).status).toBe(404);
  expect((await scene.request("GET", "/v1/platforms/portal/windows")).status).toBe(404);
  const reader = { client: "reader" };
  expect((await scene.request("GET", "/v1/platforms", undefined, reader)).status).toBe(403);
  expect((await scene.request("POST", `${PORTAL}/pause`, {}, reader)).status).toBe(403);
  expect((await scene.request("PUT", "/v1/calendar", { days: [] }, reader)).status).toBe(403);
  expect((await scene.request("DELETE", `${PORTAL}/pause`)).status).toBe(405);
});

test("windows are read as they were put, hold while they last, and an empty list lifts them", async () => {
  const now = Date.now();
  const present = { from: new Date(now - 60_000).toISOString(), to: new Date(now + 3_600_000).toISOString() };
  // Three days from now: a weekly window that never covers the moment of the test.
  const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "Asia/Ho_Chi_Minh" })
    .format(now + 3 * 86_400_000)
    .toLowerCase();
  const windows = [{ weekday, from: "22:00", to: "02:00" }, present];
  const stored = await scene.request("PUT", `${PORTAL}/windows`, { windows });
  expect([stored.status, await stored.json()]).toEqual([200, { windows }]);
  expect(await (await scene.request("GET", `${PORTAL}/windows`)).json()).toEqual({ windows });
  expect(await portal()).toMatchObject({ state: "window", since: present.from, nextWindow: present });
  for (let wait = 0; wait < 4; wait += 1) await noticed();
  await put();
  for (let wait = 0; wait < 3; wait += 1) await noticed();
  expect(await entries()).toMatchObject([{ state: "queued", attempts: 0, held: "window" }]);
  await scene.request("PUT", `${PORTAL}/windows`, { windows: [] });
  await scene.drained();
  expect((await portal())?.nextWindow).toBeUndefined();
});

test("a window that ends before it starts is refused, naming the field", async () => {
  const windows = [{ from: "2026-12-25T04:00:00+07:00", to: "2026-12-24T22:00:00+07:00" }];
  const answer = await scene.request("PUT", `${PORTAL}/windows`, { windows });
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { code: "invalid_request", errors: [{ field: "windows[0].to", code: "out_of_range" }] },
  ]);
});

test("the windows of the setting hold until others are put", async () => {
  await scene.close();
  await openScene({ NATIONAL_PORTAL_WINDOWS: "sunday 22:00-02:00" });
  const windows = [{ weekday: "sunday", from: "22:00", to: "02:00" }];
  expect(await (await scene.request("GET", `${PORTAL}/windows`)).json()).toEqual({ windows });
  await scene.request("PUT", `${PORTAL}/windows`, { windows: [] });
  expect(await (await scene.request("GET", `${PORTAL}/windows`)).json()).toEqual({ windows: [] });
});

test("when the day's quota is used up entries are held until tomorrow", async () => {
  await scene.close();
  await openScene({ NATIONAL_PORTAL_DAILY_QUOTA: "10", NATIONAL_PORTAL_CONCURRENCY: "1" });
  for (let n = 1; n <= 12; n += 1) await put(`H04.15-261120-${String(n).padStart(4, "0")}`);
  await vi.waitFor(async () => expect(await portal()).toMatchObject({ state: "degraded", quotaLeft: 0 }), 5000);
  await vi.waitFor(async () => {
    const waiting = (await entries()).filter(({ state }) => state !== "delivered");
    expect(waiting.length).toBeGreaterThanOrEqual(2);
    expect(waiting.every(({ held }) => held === "quota")).toBe(true);
  }, 5000);
  expect(scene.portal.calls.total).toBeLessThanOrEqual(10);
  await scene.database.execute(sql`update platform_budgets set day = day - 1`);
  await scene.drained();
});

test("the calendar holds what was put, replaces it as a whole, and invents nothing but the fixed holidays", async () => {
  const fixed = ["01-01", "04-30", "05-01", "09-02"];
  const read = async () => (await scene.request("GET", "/v1/calendar")).json();
  expect(await read()).toMatchObject({ days: [], fixed: fixed.map((monthDay) => ({ monthDay })) });
  const days = [
    { date: "2027-02-06", kind: "tet", name: "Mồng Một Tết" },
    { date: "2026-08-22", kind: "working", name: "Làm bù" },
  ];
  expect((await scene.request("PUT", "/v1/calendar", { days })).status).toBe(200);
  expect(await read()).toMatchObject({ days: [days[1], days[0]] });
  await scene.request("PUT", "/v1/calendar", { days: [days[0]] });
  expect(await read()).toMatchObject({ days: [days[0]] });
  const twice = await scene.request("PUT", "/v1/calendar", { days: [days[0], days[0]] });
  expect([twice.status, await twice.json()]).toMatchObject([400, { errors: [{ field: "days[1].date" }] }]);
  expect((await scene.request("PUT", "/v1/calendar", { days: [{ ...days[0], date: "2027-02-30" }] })).status).toBe(400);
  expect((await acts()).map(({ action }) => action)).toEqual(["calendar.replace", "calendar.replace"]);
});
