import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, faultsOf, openApiScene } from "./api-scene.ts";
import { dossierCalls } from "./dossier-calls.ts";

let scene: ApiScene;
const { nextCode, put, entries } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const step = (code: string, eventId: string, query = "") =>
  scene.call("POST", `/v1/dossiers/${code}/events${query}`, eventBody(eventId));
const priorities = async (code: string): Promise<number[]> => (await entries(code)).map(({ priority }) => priority);

test("a dossier is synced at the priority its caller names, by default a normal one", async () => {
  const given = {
    "": 1,
    "?priority=desk": 0,
    "?priority=normal": 1,
    "?priority=bulk": 2,
    "?known=false&priority=desk": 0,
  };
  for (const [query, priority] of Object.entries(given)) {
    const code = nextCode();
    expect((await put(code, {}, query)).status).toBe(202);
    expect(await priorities(code), query).toEqual([priority]);
  }
});

test("an urgent step lifts what waits before it for the same dossier, and no other dossier", async () => {
  const [code, other] = [nextCode(), nextCode()];
  await put(code, {}, "?priority=bulk");
  await put(other, {}, "?priority=bulk");
  expect((await step(code, "urgent", "?priority=desk")).status).toBe(202);
  expect(await priorities(code)).toEqual([0, 0]);
  expect(await priorities(other)).toEqual([2]);
});

test("the same body with a better priority is the same exchange, more urgent; a worse one changes nothing", async () => {
  const code = nextCode();
  const first = await put(code, {}, "?priority=bulk");
  const again = await put(code, {}, "?priority=desk");
  expect(again.body.exchanges).toEqual(first.body.exchanges);
  expect(await priorities(code)).toEqual([0]);
  expect((await put(code, {}, "?priority=bulk")).body.exchanges).toEqual(first.body.exchanges);
  expect(await priorities(code)).toEqual([0]);
});

test("an update that takes the place of an urgent one is as urgent", async () => {
  const code = nextCode();
  await put(code, {}, "?priority=desk");
  await put(code, { note: "khác" }, "?priority=bulk");
  const waiting = (await entries(code)).filter(({ state }) => state === "queued");
  expect(waiting.map(({ priority }) => priority)).toEqual([0]);
});

test("the same event with a better priority is the same step, more urgent", async () => {
  const code = nextCode();
  await put(code, {}, "?priority=bulk");
  const first = await step(code, "same", "?priority=bulk");
  expect(await step(code, "same", "?priority=normal")).toMatchObject({ status: 202, body: first.body });
  expect(await priorities(code)).toEqual([1, 1]);
});

test("an unknown priority is refused by name, and nothing is stored", async () => {
  const code = nextCode();
  for (const wrong of ["urgent", "0", "DESK", ""]) {
    const refused = await scene.call("PUT", `/v1/dossiers/${code}?priority=${wrong}`, dossierBody());
    expect([refused.status, faultsOf(refused.body)], wrong).toEqual([400, ["priority not_allowed"]]);
  }
  const twice = await scene.call("PUT", `/v1/dossiers/${code}?priority=desk&priority=bulk`, dossierBody());
  expect([twice.status, faultsOf(twice.body)]).toEqual([400, ["priority too_many"]]);
  expect((await scene.call("GET", `/v1/dossiers/${code}`)).status).toBe(404);
  await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${code}`, dossierBody());
  expect(faultsOf((await step(code, "e", "?priority=soon")).body)).toEqual(["priority not_allowed"]);
  expect(await priorities(code)).toEqual([1]);
});

test("the description names the priorities of both routes", async () => {
  const { paths } = (await (await scene.app.request("/openapi.json")).json()) as {
    paths: Record<string, Record<string, { parameters: { name?: string; schema: { enum?: string[] } }[] }>>;
  };
  for (const [path, method] of [
    ["/v1/dossiers/{code}", "put"],
    ["/v1/dossiers/{code}/events", "post"],
  ] as const) {
    const parameter = paths[path]?.[method]?.parameters.find(({ name }) => name === "priority");
    expect(parameter?.schema.enum).toEqual(["desk", "normal", "bulk"]);
  }
});
