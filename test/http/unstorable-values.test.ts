import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, faultsOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
const path = `/v1/dossiers/${codeOf(1)}`;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

test.for([
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+07:00",
  "1949-12-31T23:59:59Z",
  "9999-12-31T23:59:59Z",
  "2026-11-20T09:15:00+23:00",
  "2026-11-20T09:15:00-16:00",
])("the time %s, which no calendar of ours holds, is refused and the field named", async (moment) => {
  for (const field of ["receivedAt", "dueAt"]) {
    const answer = await scene.storesNothing(() => scene.call("PUT", path, dossierBody({ [field]: moment })));
    expect([answer.status, faultsOf(answer.body)]).toEqual([400, [`${field} invalid_instant`]]);
  }
  const from = await scene.call("GET", `/v1/ledger?from=${encodeURIComponent(moment)}`);
  expect([from.status, faultsOf(from.body)]).toEqual([400, ["from invalid_instant"]]);
});

test("a revision beyond 2^31-1 is taken or refused, never a fault of ours", async () => {
  const answer = await scene.call("PUT", path, dossierBody({ revision: 3_000_000_000 }));
  expect([answer.status, faultsOf(answer.body)]).toEqual([400, ["revision out_of_range"]]);
});
