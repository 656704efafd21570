import { expect, test } from "vitest";
import { createGatewayClient } from "../../mocks/demo/gateway-client.ts";

interface SeenCall {
  readonly path: string;
  readonly headers: Headers;
}

const GATEWAY = "http://gateway.test";
const token = (name: string) => Response.json({ access_token: name, token_type: "Bearer" });
const taken = (headers: Record<string, string> = {}) => Response.json({ dossierCode: "c" }, { status: 202, headers });
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ status, code, detail: "because" }, { status, headers });
const refusedConnection = () => {
  throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
};

/** A client before a gateway that answers from a list; the clock moves only while the client waits. */
const openClient = (answers: readonly (() => Response)[]) => {
  const seen: SeenCall[] = [];
  const waits: number[] = [];
  const troubles: string[] = [];
  let left = [...answers];
  let now = 0;
  const gateway = createGatewayClient(
    { gatewayUrl: GATEWAY, client: "c", secret: "s", simulatorUrl: "", pushKey: "k" },
    {
      fetch: (url, init) => {
        seen.push({ path: url.slice(GATEWAY.length), headers: new Headers(init.headers) });
        const [answer, ...rest] = left;
        if (rest.length > 0) left = rest;
        return new Promise((resolve) => resolve((answer ?? refusedConnection)()));
      },
      wait: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      elapsed: () => now,
      onTrouble: (cause) => troubles.push(cause),
    },
  );
  return { gateway, seen, waits, troubles };
};

const PUT = { method: "PUT", path: "/v1/dossiers/c", body: {}, idempotencyKey: "demo-c-1" };

test("a refused connection is tried again with the same key until the gateway is back", async () => {
  const { gateway, seen, troubles } = openClient([
    () => token("t"),
    refusedConnection,
    refusedConnection,
    () => taken({ "idempotency-replayed": "true" }),
  ]);
  expect(await gateway.call(PUT)).toEqual({ taken: true, replayed: true, body: { dossierCode: "c" } });
  const puts = seen.filter(({ path }) => path === PUT.path);
  expect(puts.map(({ headers }) => headers.get("idempotency-key"))).toEqual(["demo-c-1", "demo-c-1", "demo-c-1"]);
  expect(gateway.repeated).toBe(2);
  expect(troubles).toEqual(["ECONNREFUSED"]);
});

test("a busy gateway is waited for as long as it asks", async () => {
  const { gateway, waits } = openClient([
    () => token("t"),
    () => problem(503, "unavailable", { "retry-after": "7" }),
    () => problem(429, "rate_limited", { "retry-after": "3" }),
    () => taken(),
  ]);
  expect(await gateway.call(PUT)).toMatchObject({ taken: true, replayed: false });
  expect(waits).toEqual([7000, 3000]);
});

test("an expired token is renewed once, and the call made again with the new one", async () => {
  const { gateway, seen } = openClient([
    () => token("old"),
    () => problem(401, "unauthenticated"),
    () => token("new"),
    () => taken(),
  ]);
  expect(await gateway.call(PUT)).toMatchObject({ taken: true });
  const puts = seen.filter(({ path }) => path === PUT.path);
  expect(puts.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer old", "Bearer new"]);
});

test("a new token that is refused too ends the call", async () => {
  const { gateway } = openClient([
    () => token("a"),
    () => problem(401, "unauthenticated"),
    () => token("b"),
    () => problem(401, "unauthenticated"),
  ]);
  expect(await gateway.call(PUT)).toEqual({ taken: false, cause: "401 unauthenticated: because" });
});

test("a refusal is final and keeps its cause", async () => {
  const { gateway, seen } = openClient([() => token("t"), () => problem(409, "conflict")]);
  expect(await gateway.call(PUT)).toEqual({ taken: false, cause: "409 conflict: because" });
  expect(seen).toHaveLength(2);
});

test("a gateway that has no portal is not waited for", async () => {
  const { gateway, waits } = openClient([() => token("t"), () => problem(503, "not_configured")]);
  expect(await gateway.call(PUT)).toMatchObject({ taken: false });
  expect(waits).toEqual([]);
});

test("after two minutes without an answer the client gives up and says where it called", async () => {
  const { gateway, waits } = openClient([refusedConnection]);
  await expect(gateway.call(PUT)).rejects.toThrow(`no usable answer from ${GATEWAY} for 2 minutes (ECONNREFUSED)`);
  const waited = waits.reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBeGreaterThanOrEqual(120_000);
  expect(waited).toBeLessThan(125_000);
});

test("calls that begin together share one token", async () => {
  const { gateway, seen } = openClient([() => token("t"), () => taken()]);
  await Promise.all([gateway.call(PUT), gateway.call(PUT), gateway.call(PUT)]);
  expect(seen.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
});
