import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFetchTransport, type Fetch } from "../../src/runtime/fetch-transport.ts";
import { failureOf, transportSuite } from "./transport-suite.ts";

transportSuite("the transport over fetch", () => ({
  transport: createFetchTransport(fetch),
  close: () => Promise.resolve(),
}));

const call = (fetchOne: Fetch) =>
  createFetchTransport(fetchOne)(
    { method: "POST", url: "https://platform.test/g", headers: {}, body: "{}" },
    { signal: AbortSignal.timeout(5_000), maxAnswerBytes: 100 },
  );

describe("what a failed fetch says about sending", () => {
  const failing = (cause: unknown): Fetch => {
    return () => Promise.reject(new TypeError("fetch failed", { cause }));
  };
  const systemError = (syscall: string, code: string) => Object.assign(new Error(code), { syscall, code });

  test.each([
    ["an unknown host", systemError("getaddrinfo", "ENOTFOUND")],
    ["no route while connecting", systemError("connect", "EHOSTUNREACH")],
    ["a connect timeout", Object.assign(new Error("slow"), { code: "UND_ERR_CONNECT_TIMEOUT" })],
    ["an expired certificate", Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" })],
    [
      "every address refused",
      new AggregateError([systemError("connect", "ECONNREFUSED"), systemError("connect", "ENETUNREACH")]),
    ],
  ])("%s was not sent", async (_name, cause) => {
    expect(await failureOf(call(failing(cause)))).toEqual({ reason: "connect", sent: false });
  });

  test.each([
    ["a reset while reading", systemError("read", "ECONNRESET")],
    ["no route while writing", systemError("write", "EHOSTUNREACH")],
    ["an error without a name, as on Workers", undefined],
    ["a mixed failure", new AggregateError([systemError("connect", "ECONNREFUSED"), systemError("read", "EPIPE")])],
    ["an empty list of failures", new AggregateError([])],
  ])("%s counts as sent", async (_name, cause) => {
    expect(await failureOf(call(failing(cause)))).toEqual({ reason: "reset", sent: true });
  });
});

describe("under msw", () => {
  const network = setupServer(http.post("https://platform.test/g", () => HttpResponse.text("intercepted")));
  beforeAll(() => network.listen({ onUnhandledFrame: "error" }));
  afterAll(() => network.close());

  test("global fetch is intercepted", async () => {
    expect(await call((url, init) => fetch(url, init))).toMatchObject({ status: 200, body: "intercepted" });
  });
});
