import { afterEach, describe, expect, test } from "vitest";
import type { Adapter } from "../../../contracts/adapter.ts";
import type { CatalogueReader } from "../../../contracts/catalogue.ts";
import { createNodeTransport } from "../../../src/runtime/node-transport.ts";
import { scriptedCall } from "../call-context.ts";
import { openProfile, type ProfileScene, UNKNOWN_PROCEDURE } from "./profile-scene.ts";

let scene: ProfileScene | undefined;
const { transport, close } = createNodeTransport({ connections: 2, connectTimeoutMs: 5000 });
afterEach(() => scene?.close());

type Reader =
  NonNullable<Adapter["catalogue"]> extends CatalogueReader<infer C, infer F> ? CatalogueReader<C, F> : never;

const open = async (...given: Parameters<typeof openProfile>): Promise<Reader> => {
  scene = await openProfile(...given);
  const { catalogue } = scene.adapter;
  if (catalogue === undefined) throw new Error("the profile has no catalogue");
  return catalogue;
};

describe.each(["mapi", "lgsp-facade"] as const)("the catalogue of the profile %s", (profile) => {
  test("is listed whole, and each procedure is read; an unknown one is null", async () => {
    const catalogue = await open(profile);
    const listed = await catalogue.list(scriptedCall(transport));
    expect(listed).toMatchObject({ ok: true });
    expect(listed.ok && listed.value.map(({ code }) => code)).toContain("2.000648");
    const read = await catalogue.read("2.000648", scriptedCall(transport));
    expect(read.ok && read.value?.channels.map(({ channel }) => channel)).toEqual(["counter", "online", "post"]);
    expect(await catalogue.read(UNKNOWN_PROCEDURE, scriptedCall(transport))).toEqual({ ok: true, value: null });
  });

  test("that lists nothing is no catalogue: it is asked for again", async () => {
    const catalogue = await open(profile);
    for (const { code } of [...(scene?.simulator.catalogue.list() ?? [])].map(({ MATTHC: code }) => ({ code }))) {
      scene?.simulator.catalogue.withdraw(code);
    }
    expect(await catalogue.list(scriptedCall(transport))).toMatchObject({
      ok: false,
      fault: { outcome: "transient", code: "upstream_malformed" },
    });
  });
});

test("mapi lists at the share endpoint and reads at the integration endpoint (national-portal section 1.1)", async () => {
  await open("mapi", { integrationPath: "/mapi/t", sharePath: "/mapi/c" });
  scene?.reopen({ NATIONAL_PORTAL_INTEGRATION_PATH: "/mapi/t", NATIONAL_PORTAL_SHARE_PATH: "/mapi/c" });
  const call = scriptedCall(transport);
  expect((await scene?.adapter.catalogue?.list(call))?.ok).toBe(true);
  expect((await scene?.adapter.catalogue?.read("2.000591", call))?.ok).toBe(true);
  expect(call.attempts.map(({ request }) => new URL(request.url).pathname)).toEqual([
    "/mapi/login",
    "/mapi/c",
    "/mapi/t",
  ]);
  expect(call.attempts.every(({ evidence }) => !evidence.includes("session-1"))).toBe(true);
});

test("the façade's list is below the address of its reads, also where that of LayThuTuc was given", async () => {
  await open("lgsp-facade");
  const call = scriptedCall(transport);
  await scene?.adapter.catalogue?.list(call);
  const [attempt] = call.attempts;
  expect(attempt?.request.url).toMatch(/\/LayDanhSachTTHC$/u);
  scene?.reopen({ NATIONAL_PORTAL_READ_URL: attempt?.request.url.replace("LayDanhSachTTHC", "LayThuTuc") });
  expect((await scene?.adapter.catalogue?.list(call))?.ok).toBe(true);
  expect((await scene?.adapter.catalogue?.read("2.000591", call))?.ok).toBe(true);
});

test("the connector has no catalogue that can be asked for", async () => {
  scene = await openProfile("connector-v1");
  expect(scene.adapter.catalogue).toBeUndefined();
  await close();
});
