import { afterAll, beforeAll, expect, test } from "vitest";
import { ERROR_CODES, ERRORS, GatewayError } from "../../contracts/errors.ts";
import type { Gateway } from "../../src/gateway.ts";
import { faultOf } from "../../src/http/fault-of.ts";
import { preferredLanguage } from "../../src/http/language.ts";
import { problemOf, problemSchema } from "../../src/http/problem.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
const path = `/v1/dossiers/${codeOf(1)}`;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  await scene.call("PUT", path, dossierBody());
});
afterAll(() => scene.close());

test.for(ERROR_CODES)("a problem of code %s says what the table says, in both languages", (code) => {
  const vietnamese = problemOf(new GatewayError(code), "vi", "c-1");
  const english = problemOf(new GatewayError(code), "en", "c-1");
  expect(problemSchema.parse(vietnamese)).toEqual(vietnamese);
  expect(vietnamese).toEqual({
    type: `urn:lien-thong-gateway:problem:${code}`,
    title: ERRORS[code].title.vi,
    status: ERRORS[code].status,
    code,
    detail: ERRORS[code].remedy.vi,
    correlationId: "c-1",
    retry: ERRORS[code].retry,
  });
  expect(english).toMatchObject({ title: ERRORS[code].title.en, detail: ERRORS[code].remedy.en });
});

test("the advice to retry is never for every 4xx but 429, and says which key for what may have taken effect", () => {
  const advice = Object.groupBy(ERROR_CODES, (code) => ERRORS[code].retry);
  expect(advice.never?.every((code) => ERRORS[code].status < 500)).toBe(true);
  expect(advice.later?.toSorted()).toEqual([
    "not_configured",
    "overloaded",
    "rate_limited",
    "unavailable",
    "upstream_unavailable",
  ]);
  expect(advice["same-key"]?.toSorted()).toEqual(["internal", "upstream_malformed", "upstream_timeout"]);
});

test("the status of every code is that of the contract", () => {
  expect(Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code].status]))).toEqual({
    invalid_request: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    method_not_allowed: 405,
    conflict: 409,
    gone: 410,
    payload_too_large: 413,
    unsupported_media_type: 415,
    idempotency_key_reused: 422,
    lifecycle_refused: 422,
    upstream_rejected: 422,
    rate_limited: 429,
    internal: 500,
    upstream_malformed: 502,
    overloaded: 503,
    unavailable: 503,
    upstream_unavailable: 503,
    not_configured: 503,
    upstream_timeout: 504,
  });
});

test("an unknown path is not found and a wrong method is named with those that are right, both before any token", async () => {
  const unknown = await scene.call("GET", "/v1/nothing", undefined, { token: null });
  expect([unknown.status, unknown.body.code]).toEqual([404, "not_found"]);
  for (const method of ["DELETE", "PATCH", "POST"]) {
    const wrong = await scene.call(method, path, undefined, { token: null });
    expect([wrong.status, wrong.body.code]).toEqual([405, "method_not_allowed"]);
    expect(wrong.headers.get("allow")?.split(", ").toSorted()).toEqual(["GET", "HEAD", "PUT"]);
  }
  expect((await scene.call("GET", "/oauth/token", undefined, { token: null })).status).toBe(405);
});

test("problems are Vietnamese unless English is preferred; codes stay", async () => {
  const bad = dossierBody({ status: "nowhere" });
  const ask = (language: string) => scene.call("PUT", path, bad, { headers: { "accept-language": language } });
  const vietnamese = await scene.call("PUT", path, bad);
  const english = await ask("en-GB, vi;q=0.5");
  expect(vietnamese.body.title).toBe("Yêu cầu không hợp lệ");
  expect(vietnamese.headers.get("content-language")).toBe("vi");
  expect(vietnamese.body.errors?.[0]?.message).toBe("Giá trị không nằm trong danh sách cho phép.");
  expect(english.body.title).toBe("The request is not valid");
  expect(english.headers.get("content-language")).toBe("en");
  expect(english.body.errors?.[0]?.message).toBe("The value is not one of those allowed.");
  expect(english.body.errors?.[0]?.code).toBe(vietnamese.body.errors?.[0]?.code);
  expect((await ask("en;q=0.3, vi;q=0.8")).body.title).toBe("Yêu cầu không hợp lệ");
  expect((await ask("fr, de")).body.title).toBe("Yêu cầu không hợp lệ");
});

test.for([
  ["", "vi"],
  ["*", "vi"],
  ["en", "en"],
  ["EN-us", "en"],
  ["vi,en", "vi"],
  ["en;q=0.9,vi;q=0.9", "vi"],
  ["fr,en;q=0.4", "en"],
  ["en;q=nonsense", "vi"],
  ["en;q=0", "vi"],
] as const)("the language for Accept-Language %j is %s", ([header, language]) => {
  expect(preferredLanguage(header)).toBe(language);
});

test("a harmless correlation id comes back in header and problem; any other is replaced by a new one", async () => {
  const ask = async (id: string) =>
    scene.call("GET", "/v1/nothing", undefined, { headers: { "x-correlation-id": id } });
  for (const id of ["abc-1", "a".repeat(128), "Root=1-2/3:4_5+6.7"]) {
    const { headers, body } = await ask(id);
    expect([headers.get("x-correlation-id"), body.correlationId]).toEqual([id, id]);
  }
  const made = new Set<string>();
  for (const id of ["a".repeat(129), "two words", 'quote"', "<script>", "tiếng"]) {
    const header = Buffer.from(id, "utf8").toString("latin1");
    const given = (await ask(header)).headers.get("x-correlation-id") ?? "";
    expect(given).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
    made.add(given);
  }
  expect(made.size).toBe(5);
});

test("good answers carry the correlation id too, and no cache keeps them", async () => {
  const { headers } = await scene.call("GET", path, undefined, { headers: { "x-correlation-id": "good-1" } });
  expect(headers.get("x-correlation-id")).toBe("good-1");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("what nobody foresaw is internal: the answer says to repeat with the same key and shows nothing of the inside", async () => {
  const { gateway } = scene;
  const tokensOf = (): never => {
    throw new TypeError("Cannot read properties of Trần Thị Ví Dụ");
  };
  const broken = { ...gateway.dossiers, hashes: { ...gateway.dossiers.hashes, tokensOf } };
  const fault = faultOf(new TypeError("Trần Thị Ví Dụ"));
  expect(problemOf(fault, "en", "c")).toMatchObject({ code: "internal", status: 500, retry: "same-key" });
  expect(JSON.stringify(problemOf(fault, "en", "c"))).not.toContain("Ví Dụ");
  const mutable = gateway as { dossiers: Gateway["dossiers"] };
  const whole = mutable.dossiers;
  mutable.dossiers = broken;
  try {
    const answer = await scene.call("PUT", path, dossierBody({ summary: "another" }));
    expect([answer.status, answer.body.code, answer.body.retry]).toEqual([500, "internal", "same-key"]);
    expect(answer.text).not.toMatch(/Cannot read|Ví Dụ/u);
  } finally {
    mutable.dossiers = whole;
  }
});

test("a refused call says never, and one with several faults names them all", async () => {
  const { body } = await scene.call(
    "POST",
    `${path}/events`,
    eventBody("e", { status: "x", occurredAt: "y", content: "" }),
  );
  expect(body.retry).toBe("never");
  expect(body.errors?.map(({ field }) => field).toSorted()).toEqual(["content", "occurredAt", "status"]);
});
