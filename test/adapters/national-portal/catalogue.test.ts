import { describe, expect, test } from "vitest";
import { cacheKey, PROCEDURE_LIFE_SECONDS, STALE_PAUSE_MS } from "../../../adapters/national-portal/catalogue.ts";
import { type HttpRequest, type PlatformCache, TransportError } from "../../../contracts/adapter.ts";
import { answering, handClock, json, memoryCache, type Reply, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { done, dossier, loggedIn, procedure, putMessage } from "./samples.ts";

const bodyOf = (request: HttpRequest) => JSON.parse(request.body ?? "{}");
const isAsked = (request: HttpRequest) => bodyOf(request).service === "LayThuTuc";
const sentDossier = (request: HttpRequest | undefined) => (request === undefined ? {} : bodyOf(request).data[0]);

/** A portal whose catalogue answers by a function; one adapter, one cache, one clock for all its calls. */
const withCatalogue = (reply: (n: number) => Reply | Promise<Reply>, cacheOf = memoryCache) => {
  let asked = 0;
  const { transport, requests } = answering((request): Reply | Promise<Reply> => {
    if (request.url.includes("/mapi/login")) return json(loggedIn);
    if (!isAsked(request)) return json(done);
    asked += 1;
    return reply(asked);
  });
  const clock = handClock();
  const cache: PlatformCache = cacheOf(clock.now);
  const portal = openPortal();
  const put = (message = putMessage()) => portal.perform(message, scriptedCall(transport, { clock, cache }));
  return { put, clock, cache, requests, asked: () => asked };
};

const oneDay = PROCEDURE_LIFE_SECONDS * 1000;

describe("the procedure of a dossier", () => {
  test("is asked for with the code as the province gave it, and its names go out with the dossier", async () => {
    const { put, requests } = withCatalogue(() => json(procedure));
    expect(await put()).toEqual({ delivered: true });
    expect(requests.filter(isAsked).map((request) => bodyOf(request).maTTHC)).toEqual(["1.000001.H99"]);
    expect(sentDossier(requests.at(-1))).toMatchObject({
      MaTTHC: "1.000001.H99",
      TenTTHC: "Cấp bản sao thử nghiệm",
      MaLinhVuc: "G15-HT01",
      TenLinhVuc: "Hộ tịch",
    });
  });

  test("is asked for once by many who wait", async () => {
    const { put, asked } = withCatalogue(() => json(procedure));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => put()));
    expect(outcomes.every((outcome) => outcome.delivered)).toBe(true);
    expect(asked()).toBe(1);
  });

  test("is kept for 24 hours in the shared cache", async () => {
    const { put, clock, cache, asked } = withCatalogue(() => json(procedure));
    await put();
    expect(await cache.get(cacheKey("1.000001.H99"))).toEqual({
      value: { name: "Cấp bản sao thử nghiệm", fieldCode: "G15-HT01", fieldName: "Hộ tịch" },
      ageSeconds: 0,
    });
    clock.advance(oneDay - 1);
    await put();
    expect(asked()).toBe(1);
    clock.advance(1);
    await put();
    expect(asked()).toBe(2);
  });

  test.each([
    ["refuses", json({ error_code: "9", message: "Lỗi" })],
    ["is down", new TransportError("connect", false)],
    ["answers HTML", { body: "<html>" }],
    ["is busy", { status: 503 }],
  ])("is served from a stale copy while the catalogue %s, and asked for again after a pause", async (_, broken) => {
    const { put, clock, asked } = withCatalogue((n) => (n === 1 ? json(procedure) : broken));
    await put();
    clock.advance(oneDay);
    expect(await put()).toEqual({ delivered: true });
    clock.advance(STALE_PAUSE_MS - 1);
    expect(await put()).toEqual({ delivered: true });
    expect(asked()).toBe(2);
    clock.advance(1);
    expect(await put()).toEqual({ delivered: true });
    expect(asked()).toBe(3);
  });

  test.each([
    ["cannot be reached", new TransportError("connect", false), "upstream_unavailable"],
    ["times out", new TransportError("timeout", true), "upstream_timeout"],
    ["answers HTML", { body: "<html>" }, "upstream_malformed"],
    ["names no procedure", json({ error_code: "0", result: [{ MATTHC: "1.000001.H99" }] }), "upstream_malformed"],
  ])("without a copy is a transient fault when the catalogue %s, and no dossier is sent", async (_, broken, fault) => {
    const { put, requests } = withCatalogue(() => broken);
    expect(await put()).toMatchObject({ delivered: false, fault: { outcome: "transient", code: fault } });
    expect(requests.filter((request) => bodyOf(request).service === "DongBoHoSoMC")).toEqual([]);
  });

  test.each([
    ["an empty list", { error_code: "0", result: [] }],
    ["nothing", { error_code: "0", result: null }],
    [
      "other procedures",
      {
        error_code: "0",
        result: [
          { MATTHC: "9.1", TENTTHC: "a" },
          { MATTHC: "9.2", TENTTHC: "b" },
        ],
      },
    ],
  ])("that the portal answers with %s is refused by name, and asked for again next time", async (_, nothing) => {
    const { put, asked } = withCatalogue((n) => json(n === 1 ? nothing : procedure));
    expect(await put()).toEqual({
      delivered: false,
      fault: {
        outcome: "refused",
        code: "upstream_rejected",
        message: "The national portal knows no procedure 1.000001.H99 (LayThuTuc answered with no row)",
      },
    });
    expect(await put()).toEqual({ delivered: true });
    expect(asked()).toBe(2);
  });

  test("is read with keys in any case at every level, and chosen by its code among several rows", async () => {
    const { put, requests } = withCatalogue(() =>
      json({
        Error_Code: "00",
        Result: [
          { maTthc: "1.000009", tentthc: "Thủ tục khác" },
          { maTthc: "1.000001.h99", TenTthc: "Đúng", LinhVucThucHien: [{ malinhvuc: "LV", TenLinhVuc: "Tên" }] },
        ],
      }),
    );
    await put();
    expect(sentDossier(requests.at(-1))).toMatchObject({ TenTTHC: "Đúng", MaLinhVuc: "LV", TenLinhVuc: "Tên" });
  });

  test("without a field goes out with an empty one", async () => {
    const { put, requests } = withCatalogue(() =>
      json({ error_code: "0", result: [{ MATTHC: "1.000001", TENTTHC: "T", LINHVUCTHUCHIEN: [] }] }),
    );
    await put();
    expect(sentDossier(requests.at(-1))).toMatchObject({ TenTTHC: "T", MaLinhVuc: "", TenLinhVuc: "" });
  });

  test("that is unreadable in the cache is asked for anew", async () => {
    const { put, cache, asked } = withCatalogue(() => json(procedure));
    await cache.put(cacheKey(dossier.procedureCode), { name: 7 });
    expect(await put()).toEqual({ delivered: true });
    expect(asked()).toBe(1);
  });
});
