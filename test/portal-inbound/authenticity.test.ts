import { afterEach, describe, expect, test } from "vitest";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import { isBelieved, type KnockingCall, lookFirst } from "../../src/portal-inbound/authenticity.ts";
import { createByteBudget } from "../../src/portal-inbound/byte-budget.ts";
import { readInboundSettings } from "../../src/portal-inbound/inbound-settings.ts";
import { isWithin, parseNetwork } from "../../src/portal-inbound/networks.ts";
import { createSettingsReader } from "../../src/settings-reader.ts";
import { type InboundScene, list, notice, openInboundScene, promotion, receipt } from "./inbound-scene.ts";

const KEY = "a-key-of-the-portal";
const PRINT = "ab".repeat(32);

const settingsOf = (given: Record<string, string>) => {
  const prefixed = Object.entries(given).map(([name, value]) => [`NATIONAL_PORTAL_INBOUND_${name}`, value]);
  const reader = createSettingsReader(Object.fromEntries(prefixed));
  return { settings: readInboundSettings(reader), faults: reader.faults };
};

const call = (
  headers: Record<string, string> = {},
  address: string | null = "10.1.2.3",
  certificate: string | null = null,
): KnockingCall => ({ peer: { address, certificate }, header: (name) => headers[name] });

describe("who is believed", () => {
  test("nobody, while nothing is configured", () => {
    const { settings } = settingsOf({});
    expect(lookFirst(call({ "x-api-key": "" }), settings)).toEqual({ kind: "refused", why: "nothing-configured" });
  });

  test("who shows one of the keys, in the header or later in the body", () => {
    const { settings } = settingsOf({ KEYS: `${KEY}, another-key-of-the-portal` });
    expect(lookFirst(call({ "x-api-key": KEY }), settings).kind).toBe("believed");
    expect(lookFirst(call({ "x-api-key": "another-key-of-the-portal" }), settings).kind).toBe("believed");
    expect(lookFirst(call({ "x-api-key": `${KEY}x` }), settings)).toEqual({ kind: "refused", why: "key" });
    expect(lookFirst(call(), settings).kind).toBe("key-in-body");
    expect([isBelieved(KEY, settings), isBelieved("", settings), isBelieved(undefined, settings)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("who comes from one of the networks, by the last hop that is no trusted proxy", () => {
    const { settings } = settingsOf({ NETWORKS: "203.0.113.0/24, 2001:db8::/32", PROXIES: "10.0.0.0/8" });
    const from = (forwarded: string | undefined, address = "10.1.2.3") =>
      lookFirst(call(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }, address), settings).kind;
    expect(from("203.0.113.9")).toBe("believed");
    expect(from("203.0.113.9, 10.9.9.9")).toBe("believed");
    expect(from("203.0.113.9, 198.51.100.7")).toBe("refused");
    expect(from(undefined)).toBe("refused");
    expect(from("203.0.113.9", "198.51.100.7")).toBe("refused");
    expect(from(undefined, "::ffff:203.0.113.9")).toBe("believed");
    expect(from(undefined, "2001:db8::1")).toBe("believed");
    expect(lookFirst(call({}, null), settings).kind).toBe("refused");
  });

  test("who shows one of the certificates, to us or to a proxy that we trust", () => {
    const { settings } = settingsOf({
      CLIENT_CERTS: PRINT.toUpperCase().replaceAll(/(..)(?=.)/gu, "$1:"),
      PROXIES: "10.0.0.0/8",
    });
    const header = { "x-client-cert-sha256": PRINT };
    expect(lookFirst(call(header), settings).kind).toBe("believed");
    expect(lookFirst(call(header, "198.51.100.7"), settings)).toEqual({ kind: "refused", why: "certificate" });
    expect(lookFirst(call({}, "198.51.100.7", PRINT), settings).kind).toBe("believed");
    expect(lookFirst(call(header, "10.1.2.3", "cd".repeat(32)), settings).kind).toBe("refused");
  });

  test("nobody who lacks any of the means that are configured", () => {
    const { settings } = settingsOf({ KEYS: KEY, NETWORKS: "10.0.0.0/8", CLIENT_CERTS: PRINT });
    const good = { "x-api-key": KEY };
    expect(lookFirst(call(good, "10.1.2.3", PRINT), settings).kind).toBe("believed");
    expect(lookFirst(call(good, "11.1.2.3", PRINT), settings).kind).toBe("refused");
    expect(lookFirst(call(good, "10.1.2.3", null), settings).kind).toBe("refused");
    expect(lookFirst(call({ "x-api-key": "wrong" }, "10.1.2.3", PRINT), settings).kind).toBe("refused");
  });

  test("settings that cannot be used are named, and no key is repeated", () => {
    const { faults } = settingsOf({ KEYS: "short", NETWORKS: "10.0.0.0/33", CLIENT_CERTS: "xx", CERT_HEADER: "a b" });
    expect(faults).toHaveLength(4);
    expect(faults.join()).not.toContain("short");
  });
});

test.for([
  ["10.1.0.0/16", "10.1.255.1", true],
  ["10.1.0.0/16", "10.2.0.1", false],
  ["10.1.2.3", "10.1.2.3", true],
  ["0.0.0.0/0", "198.51.100.1", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["fd00::/8", "fd12:3456::1", true],
  ["fd00::/8", "fe80::1%eth0", false],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["10.1.0.0/16", "not an address", false],
] as const)("network %s and address %s: %s", ([network, address, expected]) => {
  const parsed = parseNetwork(network);
  expect(parsed === null ? null : isWithin(address, [parsed])).toBe(expected);
});

test.for(["10.1.0.0/33", "10.1.0/16", "x", "::1::2", "1:2:3", "10.1.0.0/", ""])("%s is no network", (text) => {
  expect(parseNetwork(text)).toBeNull();
});

test("a budget gives room up to its size and takes each back once", () => {
  const budget = createByteBudget(100);
  const first = budget.take(80);
  expect(budget.take(30)).toBeNull();
  first?.();
  first?.();
  const whole = budget.take(1000);
  expect([whole === null, budget.take(1)]).toEqual([false, null]);
});

describe("over HTTP", () => {
  let scene: InboundScene;
  afterEach(() => scene.close());

  test("a missing or wrong key is 401 in the portal's shape on every address, and stores nothing", async () => {
    scene = await openInboundScene({ dispatch: false });
    const paths = [
      ["forward/addtthcKhuyenMai", promotion("G22.99-261120-300001")],
      ["forward/nhanhsdvcqg", receipt("G22.99-261120-300001", "QD", 5)],
      ["forward/nhantbthuedvcqg", notice([["G1", list("QD", "5")]])],
      ["search/call", { masohoso: "G1" }],
      ["dptracuuthanhtoanhs", { MaHoSo: "G1" }],
      ["forward/addtthcKhuyenMai", "cut off {"],
    ] as const;
    await scene.storesNothing(async () => {
      for (const [path, body] of paths) {
        for (const headers of [{}, { "x-api-key": "wrong" }]) {
          const answer = await scene.portal(path, body, headers);
          expect([path, answer.status, answer.body.error_code]).toEqual([path, 401, -1]);
        }
      }
    });
    const wrongInBody = { ...notice([["G1", list("QD", "5")]]), securityKey: "wrong" };
    expect((await scene.portal("forward/nhantbthuedvcqg", wrongInBody, {})).status).toBe(401);
    const inBody = { ...notice([["G1", list("QD", "5")]]), securityKey: DEMO_PORTAL_KEY };
    expect((await scene.portal("forward/nhantbthuedvcqg", inBody, {})).body.error_code).toBe(0);
    // The key is no part of what was told.
    expect(await scene.code("forward/nhantbthuedvcqg", notice([["G1", list("QD", "5")]]))).toBe(1);
  });

  test("without any means configured everybody gets 401", async () => {
    scene = await openInboundScene({ dispatch: false, settings: { NATIONAL_PORTAL_INBOUND_KEYS: " " } });
    const answer = await scene.portal("search/call", { masohoso: "G1" }, { "x-api-key": DEMO_PORTAL_KEY });
    expect(answer.status).toBe(401);
  });

  test("other methods are 405 and other addresses 404", async () => {
    scene = await openInboundScene({ dispatch: false });
    expect((await scene.send("/portal/search/call")).status).toBe(405);
    expect((await scene.portal("forward/khac", {})).status).toBe(404);
  });
});
