import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { bundleWorker, type WorkerBundle } from "./worker-bundle.ts";
import { openWorker, sharedKeys, type WorkerScene, workerSettings } from "./worker-scene.ts";

let bundle: WorkerBundle;
/** The same gateway on Node, on the same database, with the same keys. */
let node: GatewayScene;
let worker: WorkerScene;

beforeAll(async () => {
  const keys = await sharedKeys();
  node = await openGatewayScene({ dispatch: false, settings: keys });
  bundle = await bundleWorker();
  const portal = Object.entries(node.config.settings).filter(([name]) => name.startsWith("NATIONAL_PORTAL_"));
  worker = await openWorker(bundle, node.databaseUrl, {
    ...(await workerSettings()),
    ...keys,
    NATIONAL_PORTAL_INBOUND_KEYS: DEMO_PORTAL_KEY,
    ...(Object.fromEntries(portal) as Record<string, string>),
  });
});
afterAll(async () => {
  await worker?.close();
  await node?.close();
  await bundle?.remove();
});
afterEach(() => node.portal.dial.clear());

const put = async (code: string, parts = {}) =>
  (await worker.request("PUT", `/v1/dossiers/${code}`, dossierBody(parts))).status;
const states = async (code: string) => {
  const ledger = await (await worker.request("GET", `/v1/ledger?dossierCode=${code}`)).json();
  return (ledger as { items: { operation: string; state: string }[] }).items.map((e) => `${e.operation} ${e.state}`);
};
/** Cron events until the entries are no longer on their way; a minute lies between two of them in truth. */
const cronUntilSettled = async (code: string) => {
  for (let round = 0; round < 50; round++) {
    await worker.cron();
    if (!(await states(code)).some((state) => /queued|waiting|sending/u.test(state))) return;
    await delay(20);
  }
};

test("a push with an attachment of 50 MB is recorded with its bytes, answered in the portal's shape, and told in the inbox", {
  timeout: 120_000,
}, async () => {
  const code = "G22.99-261120-5000";
  const large = Buffer.alloc(50_000_000, "%PDF-1.7 ");
  const notice = {
    MaHoSo: code,
    MaTTHC: "2.000033",
    NgayNopHoSo: "20261120080500",
    TenThuongNhan: "Công ty Ví Dụ",
    TenTepDonDangKy: "don.pdf",
    TepDonDangKy: large.toString("base64"),
  };
  const answer = await worker.fetch("/portal/forward/addtthcKhuyenMai", {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": DEMO_PORTAL_KEY },
    body: JSON.stringify(notice),
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { error_code: 0 }]);
  const inbox = (await (await worker.request("GET", "/v1/inbox?after=0&limit=200")).json()) as {
    items: { subject: string; type: string; data: { files: { n: number; size: number }[] } }[];
  };
  const event = inbox.items.find(({ subject }) => subject === code);
  expect(event).toMatchObject({ type: "dossier.received", data: { files: [{ size: 50_000_000 }] } });
});

test("a dossier and its step are accepted by the Worker, delivered by cron, and seen in the ledger", async () => {
  const code = "H04.15-261120-0001";
  expect(await put(code)).toBe(202);
  const event = await worker.request("POST", `/v1/dossiers/${code}/events`, eventBody("e1"));
  expect(event.status).toBe(202);
  expect(await states(code)).toEqual(["dossier.step queued", "dossier.put queued"]);
  expect(node.portal.state.dossiers.has(code)).toBe(false);
  expect((await worker.cron()).outcome).toBe("ok");
  const held = node.portal.state.dossiers.get(code);
  expect(held?.hoSo.ChuHoSo).toBe("Trần Thị Ví Dụ");
  expect(held?.steps.map(({ step }) => step.NoiDungXuLy)).toEqual(["Thẩm định hồ sơ e1"]);
  expect(await states(code)).toEqual(["dossier.step delivered", "dossier.put delivered"]);
});

test("steps of one dossier keep their order over several batches of one cron event", async () => {
  const code = "H04.15-261120-0002";
  await put(code);
  const events = Array.from({ length: 12 }, (_, n) => `o${n + 1}`);
  for (const id of events) await worker.request("POST", `/v1/dossiers/${code}/events`, eventBody(id));
  await worker.cron();
  const steps = node.portal.state.dossiers.get(code)?.steps.map(({ step }) => step.NoiDungXuLy);
  expect(steps).toEqual(events.map((id) => `Thẩm định hồ sơ ${id}`));
});

test("requests at the same moment are each served over a connection of their own", async () => {
  const codes = Array.from({ length: 20 }, (_, n) => `H04.15-261120-01${String(n).padStart(2, "0")}`);
  expect(new Set(await Promise.all(codes.map((code) => put(code))))).toEqual(new Set([202]));
  // Two cron events at once, as when one takes longer than a minute: each entry is still delivered once.
  const outcomes = await Promise.all([worker.cron(), worker.cron()]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
  expect(codes.filter((code) => !node.portal.state.dossiers.has(code))).toEqual([]);
  const sent = node.portal.calls.recent().filter((call) => call.service === "DongBoHoSoMC");
  expect(codes.filter((code) => sent.filter(({ subject }) => subject === code).length !== 1)).toEqual([]);
});

test("after an outage of the portal a later cron event delivers what waited", async () => {
  const code = "H04.15-261120-0003";
  await put(code);
  await node.served.refuse(true);
  try {
    expect((await worker.cron()).outcome).toBe("ok");
  } finally {
    await node.served.refuse(false);
  }
  expect(await states(code)).toEqual(["dossier.put waiting"]);
  await cronUntilSettled(code);
  expect(await states(code)).toEqual(["dossier.put delivered"]);
  const noted = worker.log().find((line) => line["msg"] === "not delivered");
  expect(noted).toMatchObject({ level: 40, platform: "national-portal", code: "upstream_unavailable" });
});

test("what Node accepted is drained by the Worker, and what the Worker accepted by Node", async () => {
  const [fromNode, fromWorker] = ["H04.15-261120-0004", "H04.15-261120-0005"];
  expect((await node.request("PUT", `/v1/dossiers/${fromNode}`, dossierBody())).status).toBe(202);
  await worker.cron();
  expect(node.portal.state.dossiers.has(fromNode)).toBe(true);
  expect(await put(fromWorker)).toBe(202);
  node.startDispatch();
  await node.drained();
  await node.stopDispatch();
  expect(node.portal.state.dossiers.has(fromWorker)).toBe(true);
});

test("what a dead process held is taken over by the next cron event once its lease is over", async () => {
  const code = "H04.15-261120-0008";
  await put(code);
  const held = (seconds: number) =>
    node.database.execute(sql`update pending set state = 'sending', owner = 'dead', fence = fence + 1,
      lease_until = now() + make_interval(secs => ${seconds}) where state <> 'failed'`);
  await held(60);
  await worker.cron();
  expect(await states(code)).toEqual(["dossier.put sending"]);
  await held(-1);
  await cronUntilSettled(code);
  expect(await states(code)).toEqual(["dossier.put delivered"]);
  expect(worker.log()).toContainEqual(
    expect.objectContaining({ msg: "took over entries of a dead process", count: 1 }),
  );
});

test("Node and the Worker take each other's tokens and publish the same keys", async () => {
  const list = "/v1/ledger?limit=1";
  expect((await worker.request("GET", list, undefined, await node.token())).status).toBe(200);
  const token = await worker.fetchToken("health");
  const authorization = `Bearer ${token}`;
  expect((await node.app.request(list, { headers: { authorization } })).status).toBe(200);
  const keys = "/.well-known/jwks.json";
  expect(await (await worker.fetch(keys)).json()).toEqual(await (await node.app.request(keys)).json());
});

test("a token for one agency does not reach another's dossier on the Worker either", async () => {
  const code = "H04.15-261120-0006";
  await put(code);
  const foreign = await worker.request("GET", `/v1/dossiers/${code}`, undefined, await worker.fetchToken("health"));
  expect(foreign.status).toBe(404);
  expect((await worker.fetch(`/v1/dossiers/${code}`)).status).toBe(401);
});

test("bad input is answered with a problem document that names the field", async () => {
  const answer = await worker.request("PUT", "/v1/dossiers/H04.15-261120-0007", dossierBody({ channel: "pigeon" }));
  expect(answer.status).toBe(400);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/u);
  expect(await answer.json()).toMatchObject({ code: "invalid_request", errors: [{ field: "channel" }] });
  const broken = await worker.request("PUT", "/v1/dossiers/H04.15-261120-0007", "{");
  expect(await broken.json()).toMatchObject({ code: "invalid_request", errors: [{ code: "malformed_json" }] });
});

test("the Worker says that it lives and is ready, shows its figures and describes itself as Node does", async () => {
  expect(await (await worker.fetch("/healthz")).json()).toEqual({ status: "live" });
  expect(await (await worker.fetch("/readyz")).json()).toEqual({ status: "ready" });
  const figures = await (await worker.fetch("/metrics")).text();
  expect(figures).toMatch(/^gateway_exchanges_total\{platform="national-portal",state="delivered"\} [1-9]/mu);
  expect(figures).toMatch(
    /^gateway_http_request_seconds_count\{method="PUT",route="\/v1\/dossiers\/\{code\}",status="202"\} [1-9]/mu,
  );
  const docs = await worker.fetch("/docs", { redirect: "manual" });
  expect([docs.status, docs.headers.get("location")]).toEqual([302, "/openapi.json"]);
  const description = "/openapi.json";
  expect(await (await worker.fetch(description)).json()).toEqual(await (await node.app.request(description)).json());
});

test("the first cron event of an hour forgets keys past their life", async () => {
  const key = (name: string, days: number) =>
    node.database.execute(sql`insert into idempotency_keys (tenant, client, key, fingerprint, created_at)
      values ('H04', 'province', ${name}, 'f', now() - make_interval(days => ${days}))`);
  await key("old", 31);
  await key("young", 29);
  const kept = async () =>
    (await rows<{ key: string }>(node.database, sql`select key from idempotency_keys order by key`)).map((r) => r.key);
  await worker.cron(new Date("2026-11-20T09:59:00Z"));
  expect(await kept()).toEqual(["old", "young"]);
  await worker.cron(new Date("2026-11-20T10:00:00Z"));
  expect(await kept()).toEqual(["young"]);
});

test("the log is one JSON object a line and holds no token, secret or name of a person", () => {
  const lines = worker.log();
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 30, service: "lien-thong-gateway", msg: "served", route: "/v1/dossiers/{code}" }),
  );
  const text = JSON.stringify(lines);
  expect(text).not.toMatch(/Trần Thị|001199000001|Bearer|province-secret|eyJ/u);
});
