import { afterAll, beforeAll, test } from "vitest";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
const path = `/v1/dossiers/${codeOf(1)}`;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  await scene.call("PUT", path, dossierBody());
});
afterAll(() => scene.close());

const QUERIES: [string, string][] = [
  ["/v1/dossiers?colour=red", "colour unknown_parameter"],
  [`${path}?colour=red`, "colour unknown_parameter"],
  ["/v1/dossiers/counts?limit=5", "limit unknown_parameter"],
  ["/v1/dossiers?limit=0", "limit out_of_range"],
  ["/v1/dossiers?limit=201", "limit out_of_range"],
  ["/v1/dossiers?limit=ten", "limit invalid_format"],
  ["/v1/dossiers?limit=1&limit=2", "limit too_many"],
  ["/v1/dossiers?status=done", "status[0] not_allowed"],
  ["/v1/dossiers?status=accepted,done", "status[1] not_allowed"],
  ["/v1/dossiers?origin=province,", "origin[1] not_allowed"],
  ["/v1/dossiers?q=", "q too_short"],
  [`/v1/dossiers?q=${"x".repeat(201)}`, "q too_long"],
  ["/v1/dossiers?q=a%00b", "q control_character"],
  ["/v1/dossiers?unit=a%00b", "unit[0] control_character"],
  ["/v1/dossiers?receivedFrom=2026-11-20T00:00:00", "receivedFrom offset_required"],
  ["/v1/dossiers?receivedTo=2026-02-30", "receivedTo invalid_date"],
  ["/v1/dossiers?receivedTo=yesterday", "receivedTo invalid_instant"],
  ["/v1/dossiers/counts?by=colour", "by[0] not_allowed"],
  ["/v1/dossiers?cursor=garbage", "cursor invalid_cursor"],
  [`/v1/dossiers?cursor=${btoa('{"receivedAt":"infinity","code":"x"}')}`, "cursor invalid_cursor"],
  [`/v1/dossiers?cursor=${btoa('{"receivedAt":"2026-02-30 00:00:00+00","code":"x"}')}`, "cursor invalid_cursor"],
  [`/v1/ledger?cursor=${btoa('{"acceptedAt":"now","id":"1"}')}`, "cursor invalid_cursor"],
  [`/v1/ledger?cursor=${btoa('{"acceptedAt":"2026-01-01 00:00:00+00","id":"1 or 1=1"}')}`, "cursor invalid_cursor"],
  ["/v1/ledger?state=stuck", "state[0] not_allowed"],
  ["/v1/ledger?platform=facebook", "platform[0] not_allowed"],
  ["/v1/ledger?operation=dossier.eat", "operation[0] not_allowed"],
  ["/v1/ledger?direction=up", "direction[0] not_allowed"],
  ["/v1/ledger?errorCode=oops", "errorCode[0] not_allowed"],
  ["/v1/ledger?subject=%00", "subject[0] control_character"],
  ["/v1/ledger?from=2026-11-20T00:00:00", "from offset_required"],
  ["/v1/ledger/summary?platform=national-portal", "platform unknown_parameter"],
  ["/v1/ledger/1?full=true", "full unknown_parameter"],
];

test.for(QUERIES)("GET %s is refused: %s", async ([target, fault]) => {
  await scene.refuses("GET", target, undefined, [fault]);
});

test("unknown query parameters of unsafe calls are refused too", async () => {
  await scene.refuses("PUT", `${path}?force=true`, dossierBody(), ["force unknown_parameter"]);
  await scene.refuses("PUT", `${path}?known=yes`, dossierBody(), ["known not_allowed"]);
  await scene.refuses("POST", `${path}/events?dry=1`, eventBody("e"), ["dry unknown_parameter"]);
  await scene.refuses("POST", "/v1/ledger/1/retry?now=1", undefined, ["now unknown_parameter"]);
  await scene.refuses("POST", "/v1/ledger/1/cancel?x=1", { reason: "thử" }, ["x unknown_parameter"]);
});

test("an Idempotency-Key that is empty, over-long, or not visible ASCII is refused before the work", async () => {
  for (const key of ["", "a".repeat(256), "two words", "tiếng", "tab\tbed"]) {
    const headers = { "idempotency-key": Buffer.from(key, "utf8").toString("latin1") };
    await scene.refuses("PUT", path, dossierBody({ summary: "mới" }), ["Idempotency-Key invalid_format"], { headers });
  }
});

test("cancelling without a reason is refused", async () => {
  await scene.refuses("POST", "/v1/ledger/1/cancel", {}, ["reason required"]);
  await scene.refuses("POST", "/v1/ledger/1/cancel", { reason: "" }, ["reason too_short"]);
  await scene.refuses("POST", "/v1/ledger/1/cancel", { reason: "x", force: true }, ["force unknown_field"]);
});
