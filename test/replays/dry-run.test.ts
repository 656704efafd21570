import { afterAll, beforeAll, expect, test } from "vitest";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { ReplayDryRun } from "../../contracts/services/replays.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { changesOf, codeOf, get, post, putDossiers, refuseDossiers } from "./replay-scene.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene();
});
afterAll(() => scene.close());

const dryRun = (request: object, options = {}) =>
  post<ReplayDryRun>(scene, "/v1/ledger/replays", request, 200, options);
const accepted = async () => (await get<{ items: unknown[] }>(scene, "/v1/ledger/summary")).items;

test("a dry run counts, compares field by field, and sends nothing", async () => {
  const [code] = await putDossiers(scene, 1);
  // Known to the portal already: recorded without sending, so that only the dossier as it is differs.
  const changed = { summary: "Nội dung mới của Lê Văn Mẫu", dueAt: "2026-12-05T17:00:00+07:00" };
  await scene.request("PUT", `/v1/dossiers/${code}?known=true`, dossierBody(changed));
  const before = await accepted();
  const calls = scene.portal.calls.total;
  const run = await dryRun({ filter: { dossierCode: [code] } });
  expect(run).toMatchObject({ count: 1, byOperation: { "dossier.put": 1 }, leftOut: 0 });
  expect(changesOf(run.examples[0]?.difference)).toEqual([
    "isUpdating: False -> True",
    "data[0].TrichYeuHoSo: ••• -> •••",
    "data[0].NgayHenTra: 20261130170000 -> 20261205170000",
  ]);
  expect(JSON.stringify(run)).not.toContain("Mẫu");
  expect(await accepted()).toEqual(before);
  expect(scene.portal.calls.total).toBe(calls);
});

test("today's mapping counts: what would be refused now says so", async () => {
  const strict = await openGatewayScene({ settings: { NATIONAL_PORTAL_STATUS_MAP: '{"withdrawn":null}' } });
  try {
    await putDossiers(strict, 1);
    await strict.request("PUT", `/v1/dossiers/${codeOf(1)}?known=true`, dossierBody({ status: "withdrawn" }));
    const run = await post<ReplayDryRun>(strict, "/v1/ledger/replays", { filter: { state: "delivered" } }, 200);
    expect(run.count).toBe(1);
    expect(run.examples[0]?.problem).toContain("withdrawn");
  } finally {
    await strict.close();
  }
});

test("several delivered updates of one dossier would be sent once", async () => {
  const [code] = await putDossiers(scene, 1, {}, 20);
  await putDossiers(scene, 1, { summary: "Lần hai" }, 20);
  const run = await dryRun({ filter: { dossierCode: code } });
  expect(run.count).toBe(1);
  expect(run.examples).toHaveLength(1);
});

test("delivered steps stay out unless repeats are allowed, with a reason", async () => {
  const [code] = await putDossiers(scene, 1, {}, 30);
  await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody("s1"));
  await scene.drained();
  const filter = { dossierCode: code, operation: "dossier.step" };
  expect(await dryRun({ filter })).toMatchObject({ count: 0, byOperation: {}, leftOut: 1, examples: [] });
  const refused = await scene.request("POST", "/v1/ledger/replays", { filter, allowRepeats: true });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ errors: [{ field: "reason", code: "required" }] });
  const allowed = await dryRun({ filter, allowRepeats: true, reason: "Cổng mất bước" });
  expect(allowed).toMatchObject({ count: 1, byOperation: { "dossier.step": 1 }, leftOut: 0 });
  expect(allowed.examples[0]?.difference).toEqual([]);
});

test("a failed entry is compared with what it was refused with, a group selects its own failures", async () => {
  refuseDossiers(scene);
  const codes = await putDossiers(scene, 3, {}, 40);
  scene.portal.dial.clear();
  const { items } = await get<{ items: { id: string; count: number }[] }>(scene, "/v1/ledger/groups");
  expect(items.map(({ count }) => count)).toEqual([3]);
  const run = await dryRun({ group: items[0]?.id });
  expect(run.count).toBe(3);
  const failed = await get<{ items: EntryView[] }>(scene, "/v1/ledger?state=failed");
  expect(run.examples.map(({ id }) => id)).toEqual(failed.items.map(({ id }) => id).reverse());
  expect(run.examples.map(({ difference }) => difference)).toEqual(codes.map(() => []));
  expect((await dryRun({ group: "no-such-group" })).count).toBe(0);
});

test("an agency's dry run reaches its own entries alone", async () => {
  expect((await dryRun({ filter: { state: "failed" } }, { client: "health" })).count).toBe(0);
});

test("bad requests are refused by field and change nothing", async () => {
  const before = await accepted();
  const cases: [object, string][] = [
    [{}, "filter"],
    [{ filter: {} }, "filter"],
    [{ filter: { state: "lost" } }, "filter.state[0]"],
    [{ filter: { colour: "red", state: "failed" } }, "filter.colour"],
    [{ filter: { id: ["x"] } }, "filter.id[0]"],
    [{ filter: { from: "hôm qua" } }, "filter.from"],
    [{ filter: { state: "failed" }, dryRun: false }, "reason"],
    [{ filter: { state: "failed" }, ratePerSecond: 0 }, "ratePerSecond"],
    [{ filter: { state: "failed" }, canary: -1 }, "canary"],
    [{ filter: { state: "failed" }, stopAtFailureShare: 2 }, "stopAtFailureShare"],
    [{ filter: { state: "failed" }, dryRun: "yes" }, "dryRun"],
  ];
  for (const [body, field] of cases) {
    const answer = await scene.request("POST", "/v1/ledger/replays", body);
    const problem = (await answer.json()) as { errors?: { field: string }[] };
    expect([answer.status, problem.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  }
  expect((await scene.request("POST", "/v1/ledger/replays", {}, { client: "reader" })).status).toBe(403);
  expect(await accepted()).toEqual(before);
});
