import { http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CODE, CREDENTIALS, HEADERS, hoSo, openScene } from "./national-portal-scene.ts";

const { portal } = openScene();
const server = setupServer(http.all("http://portal.invalid/*", ({ request }) => portal.app.fetch(request)));

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  portal.dial.clear();
  portal.clear();
});
afterAll(() => server.close());

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`http://portal.invalid${path}`, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });

const create = async (): Promise<Response> => {
  const { session } = (await (await post("/mapi/login", CREDENTIALS)).json()) as { session: string };
  const body = { session, madonvi: "000.00.00.H04", service: "DongBoHoSoMC", isUpdating: "False", data: [hoSo()] };
  return post("/mapi/g", body);
};

test("the same app answers as an msw handler", async () => {
  expect(await (await create()).json()).toEqual({ error_code: "0", message: "Đồng bộ hồ sơ thành công" });
});

test.each([false, true])("a closed connection (taken: %s) is a network error under msw", async (taken) => {
  portal.dial.set({ fault: "close", taken, service: "DongBoHoSoMC" });
  await expect(create()).rejects.toThrow(TypeError);
  expect(portal.state.dossiers.has(CODE)).toBe(taken);
});
