import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import { type ServedSimulator, serve } from "../../mocks/server.ts";
import { CODE, CREDENTIALS, HEADERS, hoSo, openScene, type Scene } from "./national-portal-scene.ts";

let served: ServedSimulator;
let scene: Scene;

beforeAll(async () => {
  scene = openScene();
  served = await serve(scene.portal.app);
});
afterEach(async () => {
  scene.portal.dial.clear();
  scene.portal.clear();
  await served.refuse(false);
});
afterAll(async () => {
  await served.close();
});

const post = (path: string, body: unknown, to = served.url): Promise<Response> =>
  fetch(`${to}${path}`, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });

const create = async (to = served.url): Promise<Response> => {
  const { session } = (await (await post("/mapi/login", CREDENTIALS, to)).json()) as { session: string };
  const body = { session, madonvi: "000.00.00.H04", service: "DongBoHoSoMC", isUpdating: "False", data: [hoSo()] };
  return post("/mapi/g", body, to);
};

/** The system's code of what broke a fetch. */
const causeOf = async (failing: Promise<unknown>): Promise<string> => {
  const error = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TypeError);
  return ((error as TypeError).cause as { code: string }).code;
};

test("a dossier is synced over real HTTP", async () => {
  const response = await create();
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await response.json()).toEqual({ error_code: "0", message: "Đồng bộ hồ sơ thành công" });
  expect(scene.portal.state.dossiers.get(CODE)?.hoSo).toEqual(hoSo());
});

test.each([
  [false, "before"],
  [true, "after"],
])("a closed connection (taken: %s) breaks the caller's request %s the effect", async (taken) => {
  scene.portal.dial.set({ fault: "close", taken, service: "DongBoHoSoMC" });
  expect(await causeOf(create())).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/u);
  expect(scene.portal.state.dossiers.has(CODE)).toBe(taken);
});

test("other calls are served while one connection is destroyed", async () => {
  scene.portal.dial.set({ fault: "close", service: "DongBoHoSoMC", times: 1 });
  const outcomes = await Promise.allSettled([create(), post("/mapi/login", CREDENTIALS)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});

test("refused connections end when the simulator comes back on the same port, with all it held", async () => {
  await create();
  await served.refuse(true);
  await served.refuse(true);
  await expect(once(connect(served.port, "127.0.0.1"), "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(post("/mapi/login", CREDENTIALS)).rejects.toThrow(TypeError);
  await served.refuse(false);
  expect(((await (await create()).json()) as { error_code: string }).error_code).toBe("-3");
});

test.each<[FaultRule, (response: Response, text: string) => void]>([
  [{ fault: "http-status", status: 500 }, (response) => expect(response.status).toBe(500)],
  [{ fault: "html" }, (_, text) => expect(text).toContain("<html>")],
  [{ fault: "empty" }, (_, text) => expect(text).toBe("")],
  [{ fault: "truncated" }, (_, text) => expect(() => JSON.parse(text)).toThrow(SyntaxError)],
  [{ fault: "oversized" }, (_, text) => expect(text).toHaveLength(10 * 1024 * 1024)],
  [{ fault: "session-expired", status: 401 }, (response) => expect(response.status).toBe(401)],
])("the fault %o is seen over real HTTP", async (rule, see) => {
  scene.portal.dial.set({ service: "DongBoHoSoMC", ...rule });
  const response = await create();
  see(response, await response.text());
});

test("two hundred calls go over kept connections and each is answered", async () => {
  const { session } = (await (await post("/mapi/login", CREDENTIALS)).json()) as { session: string };
  const look = (n: number) =>
    post("/mapi/g", { session, madonvi: "000.00.00.H04", service: "TraCuuHoSo", mahoso: `H04-261120-${1000 + n}` });
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, n) => (await look(n)).json()));
  expect(answers).toEqual(Array.from({ length: 200 }, () => ({ error_code: "0", message: "", result: [] })));
});
