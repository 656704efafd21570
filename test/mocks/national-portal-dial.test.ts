import { expect, test } from "vitest";
import { createDial } from "../../mocks/national-portal/dial.ts";
import { FAULTS, type FaultRule, readFaultRules } from "../../mocks/national-portal/faults.ts";
import { CODE, CREDENTIALS, hoSo, openScene, type Scene, tienDo } from "./national-portal-scene.ts";

/** Creates the dossier of the scene; the answer as it came. */
const createRaw = async ({ request, login }: Scene): Promise<Response> => {
  const session = await login();
  const body = { session, madonvi: "000.00.00.H04", service: "DongBoHoSoMC", isUpdating: "False", data: [hoSo()] };
  return request("/mapi/g", body);
};

/** The scene's portal with rules that spare the login. */
const spoiled = (rule: FaultRule): Scene => {
  const scene = openScene();
  scene.portal.dial.set({ service: "DongBoHoSoMC", ...rule });
  return scene;
};

const holds = ({ portal }: Scene): boolean => portal.state.dossiers.has(CODE);

test("latency is waited for after the effect, or before it when the rule says so", async () => {
  const heldWhenWaiting: boolean[] = [];
  const scene: Scene = openScene({ wait: async () => void heldWhenWaiting.push(holds(scene)) });
  scene.portal.dial.set({ fault: "latency", ms: 200, service: "DongBoHoSoMC" });
  await createRaw(scene);
  scene.portal.clear();
  scene.portal.dial.set({ fault: "latency", ms: 200, service: "DongBoHoSoMC", taken: false });
  await createRaw(scene);
  expect(heldWhenWaiting).toEqual([true, false]);
  expect(holds(scene)).toBe(true);
});

test("latency is as long as the rule says", async () => {
  const { portal, waits, request } = openScene();
  portal.dial.set({ fault: "latency", ms: 20 });
  await request("/mapi/login", CREDENTIALS);
  expect(waits).toEqual([20]);
});

test("an HTTP status answers the next two calls without effect and then no more", async () => {
  const scene = spoiled({ fault: "http-status", status: 500, times: 2 });
  expect((await createRaw(scene)).status).toBe(500);
  expect((await createRaw(scene)).status).toBe(500);
  expect(holds(scene)).toBe(false);
  expect((await createRaw(scene)).status).toBe(200);
  expect(scene.portal.dial.rules).toEqual([]);
  expect(scene.portal.calls.count("fault:http-status", "DongBoHoSoMC")).toBe(2);
});

test("an overloaded portal can say when to come again", async () => {
  const response = await createRaw(spoiled({ fault: "http-status", status: 429, retryAfterSeconds: 7 }));
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
});

test("a share of the calls fails, evenly and the same in every run", () => {
  const dial = createDial();
  dial.set({ fault: "http-status", status: 500, share: 0.3 });
  const fired = Array.from({ length: 20 }, () => dial.interfere("TraCuuHoSo").spoil !== undefined);
  expect(fired.filter(Boolean)).toHaveLength(6);
  expect(fired.slice(0, 10)).toEqual(fired.slice(10));
});

test("HTTP 200 carries a readable error that no rule of the portal made", async () => {
  const scene = spoiled({ fault: "error-body", code: "99", message: "Lỗi CSDL" });
  const response = await createRaw(scene);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ error_code: "99", message: "Lỗi CSDL" });
  expect(holds(scene)).toBe(false);
});

test("an HTML page, an empty answer and a truncated one cannot be read as JSON", async () => {
  const html = await createRaw(spoiled({ fault: "html", status: 502 }));
  expect(html.status).toBe(502);
  expect(html.headers.get("content-type")).toContain("text/html");
  expect(await html.text()).toMatch(/^<!doctype html>/u);
  expect(await (await createRaw(spoiled({ fault: "empty" }))).text()).toBe("");
  const scene = spoiled({ fault: "truncated" });
  const truncated = await (await createRaw(scene)).text();
  expect(truncated).toMatch(/^\{"error_code":"0"/u);
  expect(() => JSON.parse(truncated)).toThrow(SyntaxError);
  expect(holds(scene)).toBe(true);
});

test("an oversized answer has ten mebibytes, or as many bytes as asked for, and is still JSON", async () => {
  const ten = await createRaw(spoiled({ fault: "oversized" }));
  expect((await ten.arrayBuffer()).byteLength).toBe(10 * 1024 * 1024);
  const small = await (await createRaw(spoiled({ fault: "oversized", bytes: 5000 }))).text();
  expect(small).toHaveLength(5000);
  expect(JSON.parse(small)).toMatchObject({ error_code: "0" });
});

test("sessions expire all at once: the call is refused, and so is every other session", async () => {
  const { portal, call } = openScene();
  await call("TraCuuHoSo", { mahoso: CODE });
  portal.dial.set({ fault: "session-expired", times: 1 });
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await call("TraCuuHoSo", { mahoso: CODE });
    expect(status).toBe(200);
    expect(body["error_code"]).toBe("-1");
    expect(body["message"]).toContain("phiên");
  }
  expect(portal.sessions.size).toBe(0);
});

test.each([401, 403])("a dead session can be told by HTTP %i, and a login is never taken for one", async (status) => {
  const { portal, request, login, call } = openScene();
  await login();
  portal.dial.set({ fault: "session-expired", status });
  expect((await request("/mapi/login", CREDENTIALS)).status).toBe(200);
  expect((await call("TraCuuHoSo", { mahoso: CODE })).status).toBe(status);
});

test("a connection closes before the effect, or after it", async () => {
  const before = spoiled({ fault: "close" });
  expect((await createRaw(before)).type).toBe("error");
  expect(holds(before)).toBe(false);
  const after = spoiled({ fault: "close", taken: true });
  expect((await createRaw(after)).type).toBe("error");
  expect(holds(after)).toBe(true);
  expect(after.portal.calls.recent().at(-1)).toMatchObject({ outcome: "ok", fault: "close" });
});

test("any fault can come after the effect", async () => {
  const scene = spoiled({ fault: "http-status", status: 500, taken: true });
  expect((await createRaw(scene)).status).toBe(500);
  expect(holds(scene)).toBe(true);
});

test.each([
  ["text", "0"],
  ["number", 0],
  ["two-zeros", "00"],
] as const)("success is written as %s", async (form, code) => {
  const { portal, create } = openScene();
  portal.dial.set({ fault: "error-code", form });
  expect((await create(hoSo())).body["error_code"]).toBe(code);
});

test("a refusal too is written as a number where that form is set", async () => {
  const { portal, create } = openScene();
  portal.dial.set({ fault: "error-code", form: "number" });
  await create(hoSo());
  expect((await create(hoSo())).body["error_code"]).toBe(-3);
});

test("keys come in upper or lower case, down to the rows", async () => {
  const { portal, call } = openScene();
  await call("TraCuuHoSo", { mahoso: CODE });
  portal.dial.set({ fault: "key-case", form: "upper" });
  const upper = (await call("LayThuTuc", { maTTHC: "2.000591" })).body;
  expect(Object.keys(upper)).toEqual(["ERROR_CODE", "MESSAGE", "RESULT"]);
  portal.dial.set({ fault: "key-case", form: "lower" });
  const lower = (await call("LayThuTuc", { maTTHC: "2.000591" })).body;
  expect(lower["result"]).toMatchObject([{ matthc: "2.000591", linhvucthuchien: [{ malinhvuc: "G02-AT01" }] }]);
});

test.each(["0", "3"])("an existing dossier is told with code %s and nothing changes", async (code) => {
  const { portal, create } = openScene();
  await create(hoSo());
  portal.dial.set({ fault: "exists-code", code });
  const { body } = await create(hoSo({ GhiChu: "khác" }));
  expect(body).toEqual({ error_code: code, message: `Hồ sơ ${CODE} đã tồn tại` });
  expect(portal.state.dossiers.get(CODE)).toMatchObject({ updates: 0, hoSo: { GhiChu: "" } });
});

test("the catalogue is down while writes work", async () => {
  const { portal, request, login, create, step } = openScene();
  portal.dial.set({ service: "LayThuTuc", fault: "http-status", status: 503 });
  const body = { session: await login(), madonvi: "000.00.00.H04", service: "LayThuTuc", maTTHC: "2.000591" };
  expect((await request("/mapi/g", body)).status).toBe(503);
  expect((await create(hoSo())).body["error_code"]).toBe("0");
  expect((await step(tienDo())).body["error_code"]).toBe("0");
});

test("of two rules about the same aspect the first acts; rules about different aspects act together", async () => {
  const { portal, waits, create } = openScene();
  portal.dial.set([
    { fault: "latency", ms: 1 },
    { fault: "error-code", form: "two-zeros" },
    { fault: "latency", ms: 2, service: "DongBoHoSoMC" },
    { fault: "error-code", form: "number" },
  ]);
  expect((await create(hoSo())).body["error_code"]).toBe("00");
  expect(waits).toEqual([1, 1]);
});

test("the dial is read, set, added to and cleared by HTTP", async () => {
  const { portal } = openScene();
  const send = (path: string, method: string, body?: unknown) =>
    portal.app.request(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  await send("/__simulator/dial", "POST", { fault: "empty" });
  await send("/__simulator/dial", "POST", [{ fault: "html", times: 3 }]);
  const added = await send("/__simulator/dial/rules", "POST", { fault: "latency", ms: 5 });
  const rules = [
    { rule: { fault: "html", times: 3 }, fired: 0, left: 3 },
    { rule: { fault: "latency", ms: 5 }, fired: 0 },
  ];
  expect(await added.json()).toEqual({ rules });
  expect(await (await send("/__simulator/dial", "GET")).json()).toEqual({ rules });
  expect((await send("/__simulator/dial", "DELETE")).status).toBe(204);
  expect(portal.dial.rules).toEqual([]);
});

test("a rule that makes no sense is refused with every fault named, and the rules in force stay", async () => {
  const { portal } = openScene();
  portal.dial.set({ fault: "empty" });
  const response = await portal.app.request("/__simulator/dial", {
    method: "POST",
    body: JSON.stringify([
      { fault: "latency", share: 2 },
      { fault: "close", ms: 1, taken: "yes", times: 0 },
      { fault: "?" },
    ]),
  });
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: string };
  for (const named of ["[0].ms: required", "[0].share", "[1].ms: unknown", "[1].taken", "[1].times", "[2].fault"])
    expect(error).toContain(named);
  expect(portal.dial.rules).toHaveLength(1);
  expect((await portal.app.request("/__simulator/dial", { method: "POST", body: "{" })).status).toBe(400);
});

test("every fault of the dial can be set with what it needs alone", () => {
  const samples: Record<string, unknown> = { ms: 1, status: 500, form: undefined, code: "0" };
  for (const [fault, { needs = {} }] of Object.entries(FAULTS)) {
    const settings = Object.entries(needs).map(([name, setting]) => [
      name,
      typeof setting === "string" ? samples[name] : setting[0],
    ]);
    const rule = { fault, ...Object.fromEntries(settings) };
    expect(readFaultRules(rule)).toEqual([rule]);
  }
});
