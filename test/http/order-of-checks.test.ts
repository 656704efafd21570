import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, type CallOptions, codeOf, openApiScene } from "./api-scene.ts";
import { countRows } from "./tables.ts";

let scene: ApiScene;
/** Of the department of industry; the department of health may not reach it. */
const theirs = `/v1/dossiers/${codeOf(1)}`;
const KEY = { "idempotency-key": "used" };

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  await scene.call("PUT", theirs, dossierBody({ revision: 5 }), { client: "industry" });
  await scene.call("POST", `${theirs}/events`, eventBody("e1"), { client: "industry" });
  for (const client of ["industry", "health"]) {
    const own = `/v1/dossiers/${codeOf(client === "industry" ? 8 : 9)}`;
    expect((await scene.call("PUT", own, dossierBody(), { client, headers: KEY })).status).toBe(202);
  }
});
afterAll(() => scene.close());

const statusOf = async (method: string, path: string, body: unknown, options: CallOptions): Promise<number> =>
  (await scene.storesNothing(() => scene.call(method, path, body, options))).status;

const huge = "x".repeat(2 * 1024 * 1024);
const plain = { "content-type": "text/plain" };

test("a PUT with every fault is refused for the first of them in the order of the contract", async () => {
  const steps: [number, unknown, CallOptions][] = [
    [401, huge, { token: null, headers: { ...KEY, ...plain } }],
    [403, huge, { client: "reader", headers: { ...KEY, ...plain } }],
    [413, huge, { client: "health", headers: { ...KEY, ...plain } }],
    [415, "{", { client: "health", headers: { ...KEY, ...plain } }],
    [400, "{", { client: "health", headers: KEY }],
    [400, dossierBody({ status: "x", revision: 1 }), { client: "health", headers: KEY }],
    [403, dossierBody({ revision: 1 }), { client: "health", headers: KEY }],
    [422, dossierBody({ revision: 1 }), { client: "industry", headers: KEY }],
    [409, dossierBody({ revision: 1 }), { client: "industry" }],
  ];
  for (const [status, body, options] of steps) expect(await statusOf("PUT", theirs, body, options)).toBe(status);
});

test("a step with every fault is refused for the first of them in the order of the contract", async () => {
  const path = `${theirs}/events`;
  const other = eventBody("e1", { content: "khác" });
  const steps: [number, unknown, CallOptions][] = [
    [401, huge, { token: null, headers: { ...KEY, ...plain } }],
    [403, huge, { client: "reader", headers: { ...KEY, ...plain } }],
    [413, huge, { client: "health", headers: { ...KEY, ...plain } }],
    [415, "{", { client: "health", headers: { ...KEY, ...plain } }],
    [400, "{", { client: "health", headers: KEY }],
    [404, other, { client: "health", headers: KEY }],
    [422, other, { client: "industry", headers: KEY }],
    [409, other, { client: "industry" }],
  ];
  for (const [status, body, options] of steps) expect(await statusOf("POST", path, body, options)).toBe(status);
});

test("an act on an entry is refused for the first fault in the order of the contract", async () => {
  const list = await scene.call<{ items: { id: string }[] }>("GET", `/v1/ledger?dossierCode=${codeOf(1)}`);
  const id = list.body.items[0]?.id;
  const cancel = { reason: "nhầm" };
  expect((await scene.call("POST", `/v1/ledger/${id}/cancel`, cancel, { client: "industry" })).status).toBe(200);
  const steps: [number, unknown, CallOptions][] = [
    [401, "{", { token: null, headers: KEY }],
    [403, "{", { client: "reader", headers: KEY }],
    [415, "{", { client: "health", headers: { ...KEY, ...plain } }],
    [400, {}, { client: "health", headers: KEY }],
    [404, cancel, { client: "health", headers: KEY }],
    [422, cancel, { client: "industry", headers: KEY }],
  ];
  for (const [status, body, options] of steps) {
    expect(await statusOf("POST", `/v1/ledger/${id}/cancel`, body, options)).toBe(status);
  }
  // That somebody tried is kept, and nothing else is.
  const before = await countRows(scene.database);
  expect((await scene.call("POST", `/v1/ledger/${id}/cancel`, cancel, { client: "industry" })).status).toBe(409);
  const audited = (before["public.audit"] ?? 0) + 1;
  expect(await countRows(scene.database)).toEqual({ ...before, "public.audit": audited });
  const acts = await scene.call<{ items: unknown[] }>("GET", `/v1/audit?action=ledger.cancel.refused&subject=${id}`);
  expect(acts.body.items).toMatchObject([{ actor: "industry", detail: { code: "conflict" } }]);
  expect(await statusOf("POST", "/v1/ledger/999999/retry", undefined, { headers: KEY })).toBe(404);
});

test("an unknown path and a wrong method come before the token", async () => {
  expect(await statusOf("PUT", "/v1/dossier", huge, { token: null })).toBe(404);
  expect(await statusOf("DELETE", theirs, undefined, { token: null })).toBe(405);
});
