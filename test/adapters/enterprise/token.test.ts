import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answering, json, memoryCache } from "../call-context.ts";
import { asking, openAdapter, openProfile, type ProfileScene } from "./profile-scene.ts";

const KNOWN = "9900000016";
const found = { ok: true, value: { code: KNOWN } };

let scene: ProfileScene;
beforeEach(async () => {
  scene = await openProfile("dkkd-v1");
});
afterEach(() => scene.close());

const tokensFetched = () => scene.registers.calls["token"] ?? 0;

describe("the token", () => {
  test("is fetched once for many callers at once, and used by all", async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => scene.find(KNOWN)));
    for (const each of many) expect(each).toMatchObject(found);
    expect(tokensFetched()).toBe(1);
    expect(scene.registers.calls["detail-v1"]).toBe(20);
  });

  test("is used until a minute before its end", async () => {
    await scene.find(KNOWN);
    scene.clock.advance(3_539_000);
    await scene.find(KNOWN);
    expect(tokensFetched()).toBe(1);
    scene.clock.advance(2000);
    expect(await scene.find(KNOWN)).toMatchObject(found);
    expect(tokensFetched()).toBe(2);
  });

  test("that dies in mid-run is renewed once for all, and every call repeated once", async () => {
    await scene.find(KNOWN);
    scene.registers.expireTokens();
    const many = await Promise.all(Array.from({ length: 10 }, () => scene.find(KNOWN)));
    for (const each of many) expect(each).toMatchObject(found);
    expect(tokensFetched()).toBe(2);
    expect(scene.registers.calls["detail-v1"]).toBe(21);
  });

  test("that is refused again after its renewal is given up, without a third try", async () => {
    scene.registers.dial.set({ operation: "detail-v1", fault: "gateway", code: 900901 });
    expect(await scene.find(KNOWN)).toMatchObject({
      ok: false,
      fault: { outcome: "transient", code: "upstream_unavailable", platformCode: "900901" },
    });
    expect(scene.asked().records.map(({ kind }) => kind)).toEqual(["login", "read", "login", "read"]);
    scene.registers.dial.clear();
    expect(await scene.find(KNOWN)).toMatchObject(found);
  });

  test("is shared with another process through the cache, where nobody can read it", async () => {
    await scene.find(KNOWN);
    const other = openAdapter(scene.settings);
    expect(await asking(scene.transport, scene).find(other, KNOWN)).toMatchObject(found);
    expect(tokensFetched()).toBe(1);
    const key = `token ${scene.settings["ENTERPRISE_CLIENT_ID"]} ${scene.settings["ENTERPRISE_TOKEN_URL"]}`;
    const kept = await scene.cache.get(key);
    expect(kept).not.toBeNull();
    expect(JSON.stringify(kept)).not.toContain("token-1");
  });

  test("of the cache that is found dead is not taken from there again", async () => {
    await scene.find(KNOWN);
    scene.registers.expireTokens();
    const other = openAdapter(scene.settings);
    expect(await asking(scene.transport, scene).find(other, KNOWN)).toMatchObject(found);
    expect(tokensFetched()).toBe(2);
    expect(await scene.find(KNOWN)).toMatchObject(found);
    // The first process found its own dead, and the new one in the cache.
    expect(tokensFetched()).toBe(2);
  });

  test("of another secret in the cache is not used", async () => {
    await scene.find(KNOWN);
    const other = openAdapter({ ...scene.settings, ENTERPRISE_CLIENT_SECRET: "khong-phai" });
    expect(await asking(scene.transport, scene).find(other, KNOWN)).toMatchObject({
      ok: false,
      fault: { outcome: "refused", platformCode: "invalid_client" },
    });
  });

  test("is nowhere in what is kept, nor is the secret", async () => {
    await scene.find(KNOWN);
    const kept = JSON.stringify(scene.asked().records);
    expect(kept).not.toMatch(/token-1|mock-enterprise-secret|Bearer|Basic/u);
  });

  test.each([
    ["HTML", "upstream_malformed", { fault: "html" }],
    ["half a JSON", "upstream_malformed", { fault: "truncated" }],
    ["HTTP 503", "upstream_unavailable", { fault: "http-status", status: 503 }],
    ["a closed connection", "upstream_unavailable", { fault: "close" }],
  ] as const)("endpoint that answers %s makes no look-up read as not found", async (_, code, rule) => {
    scene.registers.dial.set({ operation: "token", ...rule });
    expect(await scene.find("0100109106")).toMatchObject({ ok: false, fault: { outcome: "transient", code } });
    scene.registers.dial.clear();
    expect(await scene.find(KNOWN)).toMatchObject(found);
  });
});

describe("answers of the token endpoint", () => {
  const settings = {
    ENTERPRISE_URL: "https://dkkd.example.vn/api",
    ENTERPRISE_CLIENT_ID: "client",
    ENTERPRISE_CLIENT_SECRET: "invented",
  };
  const withToken = (token: unknown) => {
    const platform = answering(({ method }) => (method === "POST" ? json(token) : json({ Status: "0", Data: null })));
    const call = asking(platform.transport, { clock: scene.clock, cache: memoryCache(scene.clock.now) });
    return { ...platform, adapter: openAdapter(settings), call };
  };

  test("are asked for beside the operations where no address is set", async () => {
    const { adapter, call, requests } = withToken({ access_token: "t", expires_in: "3600" });
    expect(await call.find(adapter, KNOWN)).toEqual({ ok: true, value: null });
    expect(requests.map(({ url }) => url)).toEqual([
      "https://dkkd.example.vn/token",
      "https://dkkd.example.vn/api/chiTietDoanhNghiep?msdn=9900000016",
    ]);
    expect(requests[0]?.headers).toMatchObject({ authorization: `Basic ${btoa("client:invented")}` });
    expect(requests[0]?.body).toBe("grant_type=client_credentials");
  });

  test.each([
    {},
    { access_token: "" },
    { access_token: true },
    { access_token: "two\r\nx-injected: 1" },
    { access_token: "x".repeat(9000) },
    [],
    null,
  ])("%j is no token, and goes into no header", async (token) => {
    const { adapter, call, requests } = withToken(token);
    expect(await call.find(adapter, KNOWN)).toMatchObject({ ok: false, fault: { code: "upstream_malformed" } });
    expect(requests).toHaveLength(1);
  });

  test.each([0, 30, -5, 1e20, "soon", null])(
    "a life of %j makes no endless fetching and no endless use",
    async (life) => {
      const { adapter, call, requests } = withToken({ access_token: "t", expires_in: life });
      await call.find(adapter, KNOWN);
      scene.clock.advance(90_000_000);
      await call.find(adapter, KNOWN);
      expect(requests.filter(({ method }) => method === "POST")).toHaveLength(2);
    },
  );
});
