import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiScene, faultsOf, openApiScene } from "../http/api-scene.ts";
import { codeOf, reconcileCalls, type Started } from "./reconcile-scene.ts";

let scene: ApiScene;
const { upload, start } = reconcileCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const PATH = "/v1/reconciliations";

test("a platform that there is none of, and fields that are none, are refused by name", async () => {
  await scene.refuses("POST", PATH, { platform: "moon" }, ["platform not_allowed"]);
  await scene.refuses("POST", PATH, {}, ["platform required"]);
  await scene.refuses("POST", PATH, { platform: "national-portal", everything: true }, ["everything unknown_field"]);
  await scene.refuses("POST", PATH, { platform: "national-portal", list: "x" }, ["list invalid_format"]);
  await scene.refuses("POST", PATH, { platform: "national-portal", list: "99" }, ["list not_allowed"]);
});

test("a platform without connection is 503, one that cannot be compared is refused", async () => {
  const answer = await scene.call("POST", PATH, { platform: "population" });
  expect([answer.status, answer.body.code]).toEqual([503, "not_configured"]);
  await scene.refuses("POST", PATH, { platform: "province" }, ["platform not_allowed"]);
});

test("a filter that says nothing is refused; one that is left out means everything", async () => {
  await scene.refuses("POST", PATH, { platform: "national-portal", filter: {} }, ["filter required"]);
  await scene.refuses("POST", PATH, { platform: "national-portal", filter: { status: [] } }, [
    "filter.status too_short",
  ]);
  await scene.refuses("POST", PATH, { platform: "national-portal", filter: { status: ["lost"] } }, [
    "filter.status[0] not_allowed",
  ]);
  await scene.refuses("POST", PATH, { platform: "national-portal", filter: { receivedFrom: "yesterday" } }, [
    "filter.receivedFrom invalid_instant",
  ]);
  await scene.refuses("POST", "/v1/discrepancies/repairs", { filter: {} }, ["filter required"]);
  await scene.refuses("POST", "/v1/discrepancies/repairs", {}, ["filter required"]);
});

test("of two runs at once the second is a conflict, whoever starts it", async () => {
  const id = await start();
  const again = await scene.call("POST", PATH, { platform: "national-portal" });
  expect([again.status, again.body.code]).toEqual([409, "conflict"]);
  const other = await scene.call("POST", PATH, { platform: "national-portal" }, { client: "health" });
  expect(other.status).toBe(409);
  expect((await scene.call("POST", `${PATH}/${id}/stop`)).status).toBe(200);
  const headers = { "idempotency-key": "run-2" };
  const first = await scene.call<Started>("POST", PATH, { platform: "national-portal" }, { headers });
  const replayed = await scene.call<Started>("POST", PATH, { platform: "national-portal" }, { headers });
  expect([replayed.status, replayed.body.id]).toEqual([202, first.body.id]);
  expect((await scene.call("POST", `${PATH}/${first.body.id}/stop`)).status).toBe(200);
});

test("two calls at the same moment make one run", async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => scene.call("POST", PATH, { platform: "national-portal" })));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
});

test("what is not there is not found", async () => {
  for (const path of [`${PATH}/999`, `${PATH}/x`, "/v1/discrepancies/999", "/v1/discrepancies/-1"]) {
    expect([path, (await scene.call("GET", path)).status]).toEqual([path, 404]);
  }
  for (const path of [`${PATH}/999/stop`, "/v1/discrepancies/999/repair"]) {
    expect([path, (await scene.call("POST", path)).status]).toEqual([path, 404]);
  }
  expect((await scene.call("POST", "/v1/discrepancies/999/dismiss", { reason: "x" })).status).toBe(404);
});

test("looking takes reports:read, starting and mending ledger:operate", async () => {
  const client = "reader";
  expect((await scene.call("GET", PATH, undefined, { client })).status).toBe(403);
  expect((await scene.call("GET", "/v1/discrepancies", undefined, { client })).status).toBe(403);
  expect((await scene.call("POST", PATH, { platform: "national-portal" }, { client })).status).toBe(403);
  expect((await scene.call("GET", PATH, undefined, { token: null })).status).toBe(401);
});

test("a query that is none is refused by name", async () => {
  const answer = await scene.call("GET", "/v1/discrepancies?kind=odd&state=open,lost&cursor=x&colour=red");
  expect(answer.status).toBe(400);
  expect(faultsOf(answer.body)).toEqual([
    "colour unknown_parameter",
    "cursor invalid_cursor",
    "kind[0] not_allowed",
    "state[1] not_allowed",
  ]);
});

const refusedLines = async (text: string, type?: string): Promise<string[]> => {
  const answer = await upload(text, "", type);
  expect([answer.status, text.slice(0, 40)]).toEqual([400, text.slice(0, 40)]);
  return faultsOf(answer.body as never);
};

test("a broken list is refused with its lines, and cannot be used", async () => {
  const good = JSON.stringify({ code: codeOf(1), status: "4" });
  expect(await refusedLines("")).toEqual([" too_short"]);
  expect(await refusedLines("\n\n")).toEqual([" too_short"]);
  expect(await refusedLines(`${good}\n{"code":`)).toEqual(["lines[2] malformed_json"]);
  expect(await refusedLines(`${good}\n[1]`)).toEqual(["lines[2] wrong_type"]);
  expect(await refusedLines(`{"status":"4"}\n{"code":""}\n{"code":7}`)).toEqual([
    "lines[1].code required",
    "lines[2].code too_short",
    "lines[3].code wrong_type",
  ]);
  expect(await refusedLines(`{"code":"a","name":"Trần"}`)).toEqual(["lines[1].name unknown_field"]);
  expect(await refusedLines(`${good}\n${good}`)).toEqual(["lines[2].code duplicate_code"]);
  expect(await refusedLines(`{"code":"a\u0000"}`.replace("\u0000", "\\u0000"))).toEqual([
    "lines[1].code control_character",
  ]);
  expect(await refusedLines(`{"code":"${"x".repeat(5000)}"}`)).toEqual(["lines[1] too_long"]);
  const faults = await refusedLines(Array.from({ length: 100 }, () => "{").join("\n"));
  expect(faults.length).toBe(20);
});

test("a broken CSV is refused with its lines", async () => {
  const csv = "text/csv";
  expect(await refusedLines("mã,trạng thái\na,4", csv)).toEqual(["lines[1].code required"]);
  expect(await refusedLines("code,colour\na,4", csv)).toEqual(["lines[1].code unknown_field"]);
  expect(await refusedLines("code,status\na,4,5", csv)).toEqual(["lines[2] malformed_csv"]);
  expect(await refusedLines('code,status\n"a,4', csv)).toEqual(["lines[2] malformed_csv"]);
  expect(await refusedLines("code,status\n,4", csv)).toEqual(["lines[2].code required"]);
});

test("a list needs its media type, its time, and a time that has passed", async () => {
  expect((await upload("x", "", "text/plain")).status).toBe(415);
  const send = (query: string) =>
    scene.call("POST", `/v1/reconciliation-lists${query}`, '{"code":"a"}', {
      headers: { "content-type": "application/x-ndjson" },
    });
  expect(faultsOf((await send("?platform=national-portal")).body)).toEqual(["asOf required"]);
  expect(faultsOf((await send("?platform=national-portal&asOf=2999-01-01T00:00:00Z")).body)).toEqual([
    "asOf out_of_range",
  ]);
  expect(faultsOf((await send("?platform=national-portal&asOf=2026-01-01T00:00:00Z&whole=maybe")).body)).toEqual([
    "whole not_allowed",
  ]);
});
