import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { ReplayView } from "../../contracts/services/replays.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { codeOf, get, isOver, post, putDossiers, refuseDossiers, replayUntil } from "./replay-scene.ts";

let scene: GatewayScene;

beforeEach(async () => {
  scene = await openGatewayScene();
});
afterEach(() => scene.close());

const start = async (request: object): Promise<string> => {
  const body = { dryRun: false, reason: "Cổng đã khắc phục", ratePerSecond: 1000, ...request };
  const { id, state } = await post<{ id: string; state: string }>(scene, "/v1/ledger/replays", body, 202);
  expect(state).toBe("running");
  return id;
};
const entries = async (query: string) =>
  (await get<{ items: EntryView[] }>(scene, `/v1/ledger?limit=200&${query}`)).items;
const acts = async (query: string) =>
  (await get<{ items: { action: string; actor: string; subject: string }[] }>(scene, `/v1/audit?${query}`)).items;

test("failed entries are reopened, the canary before the others, and what waited behind them follows in order", async () => {
  refuseDossiers(scene);
  const codes = await putDossiers(scene, 12);
  for (const code of codes) await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(`${code}-1`));
  scene.portal.dial.clear();
  const id = await start({ filter: { state: "failed" }, canary: 3 });
  const replay = await replayUntil(scene, id, isOver);
  expect(replay).toMatchObject({ state: "finished", selected: 12, released: 12, delivered: 12, failed: 0, skipped: 0 });
  expect(replay).toMatchObject({ canaryPassed: true, startedBy: "province", reason: "Cổng đã khắc phục" });
  await scene.drained();
  for (const code of codes) expect(scene.portal.state.dossiers.get(code)?.steps).toHaveLength(1);
  expect(await entries("state=failed")).toEqual([]);
  expect(new Set((await acts("action=replay.start,replay.finished")).map(({ action }) => action))).toEqual(
    new Set(["replay.start", "replay.finished"]),
  );
});

test("a canary that fails stops the replay, and nothing else is touched", async () => {
  refuseDossiers(scene);
  await putDossiers(scene, 10);
  const { items } = await get<{ items: { id: string }[] }>(scene, "/v1/ledger/groups");
  const id = await start({ group: items[0]?.id, canary: 2 });
  const replay = await replayUntil(scene, id, isOver);
  expect(replay).toMatchObject({ state: "stopped", stopCause: "canary", selected: 10, released: 2, failed: 2 });
  const attempts = (await entries("state=failed")).map((entry) => entry.attempts);
  expect(attempts.filter((count) => count > Math.min(...attempts))).toHaveLength(2);
  expect(await acts("action=replay.stopped")).toMatchObject([{ subject: id, actor: "province" }]);
});

test("it stops by itself when too many fail anew, long before the end", async () => {
  refuseDossiers(scene);
  await putDossiers(scene, 30);
  const id = await start({ filter: { errorCode: "upstream_rejected" }, canary: 0, ratePerSecond: 10 });
  const replay = await replayUntil(scene, id, isOver);
  expect(replay).toMatchObject({ state: "stopped", stopCause: "failure-share" });
  expect(replay.released).toBeLessThan(30);
});

test("a delivered update is sent again as the dossier is now, by a new entry that names the old one", async () => {
  const [code] = await putDossiers(scene, 1);
  await scene.request("PUT", `/v1/dossiers/${code}?known=true`, dossierBody({ summary: "Bản hiện tại" }));
  const [original] = await entries(`dossierCode=${code}`);
  await replayUntil(scene, await start({ filter: { dossierCode: code } }), isOver);
  expect(scene.portal.state.dossiers.get(codeOf(1))?.hoSo.TrichYeuHoSo).toBe("Bản hiện tại");
  const [again, first] = await entries(`dossierCode=${code}`);
  expect([again?.state, first?.id, first?.state]).toEqual(["delivered", original?.id, "delivered"]);
  expect(again?.replayOf).toBe(original?.id);
});

test("a delivered step goes again only when repeats are allowed, at the end of its stream", async () => {
  const [code = ""] = await putDossiers(scene, 1);
  for (const step of ["a", "b"]) await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(step));
  await scene.drained();
  const [, first] = (await entries(`operation=dossier.step&dossierCode=${code}`)).map(({ id }) => id);
  const without = await replayUntil(scene, await start({ filter: { id: first } }), isOver);
  expect(without).toMatchObject({ state: "finished", selected: 0, released: 0 });
  const allowed = await replayUntil(scene, await start({ filter: { id: first }, allowRepeats: true }), isOver);
  expect(allowed).toMatchObject({ selected: 1, delivered: 1 });
  const steps = scene.portal.state.dossiers.get(code)?.steps.map(({ step }) => step.NoiDungXuLy);
  expect(steps).toEqual(["Thẩm định hồ sơ a", "Thẩm định hồ sơ b", "Thẩm định hồ sơ a"]);
});

test("a paused replay sends no more until it is resumed, a stopped one never again", async () => {
  refuseDossiers(scene);
  await putDossiers(scene, 6);
  scene.portal.dial.clear();
  const id = await start({ filter: { state: "failed" }, canary: 0, ratePerSecond: 1 });
  const act = (name: string, status: number) =>
    post<ReplayView>(scene, `/v1/ledger/replays/${id}/${name}`, undefined, status);
  expect((await act("pause", 200)).state).toBe("paused");
  expect((await act("pause", 200)).state).toBe("paused");
  const { released } = await replayUntil(scene, id, ({ outstanding }) => outstanding === 0);
  await delay(100);
  expect(await get<ReplayView>(scene, `/v1/ledger/replays/${id}`)).toMatchObject({ state: "paused", released });
  expect((await act("resume", 200)).state).toBe("running");
  await replayUntil(scene, id, (replay) => replay.released > released);
  expect(await act("stop", 200)).toMatchObject({ state: "stopped", stopCause: "operator" });
  await act("resume", 409);
  await act("pause", 409);
  expect((await act("stop", 200)).state).toBe("stopped");
  const refused = await acts(`subject=${id}&action=replay.resume.refused,replay.pause.refused`);
  expect(refused).toHaveLength(2);
});

test("a replay goes on in another process after the first is gone, and two that share it send nothing twice", async () => {
  refuseDossiers(scene);
  const codes = await putDossiers(scene, 20);
  scene.portal.dial.clear();
  await scene.stopDispatch();
  const before = scene.portal.calls.count("ok", "DongBoHoSoMC");
  const id = await start({ filter: { state: "failed" }, canary: 2 });
  const first = scene.deployment.chores(scene.database, () => undefined);
  await first.stepReplay();
  await first.stepReplay();
  expect(await get<ReplayView>(scene, `/v1/ledger/replays/${id}`)).toMatchObject({ released: 2, outstanding: 2 });
  scene.startDispatch();
  const second = scene.deployment.chores(scene.database, () => undefined);
  const isDone = async () => isOver(await get<ReplayView>(scene, `/v1/ledger/replays/${id}`));
  while (!(await isDone())) await Promise.all([first.stepReplay(), second.stepReplay(), delay(5)]);
  expect(await get<ReplayView>(scene, `/v1/ledger/replays/${id}`)).toMatchObject({ state: "finished", delivered: 20 });
  expect(scene.portal.calls.count("ok", "DongBoHoSoMC") - before).toBe(codes.length);
});

test("an entry that somebody else moved since it was selected is left alone", async () => {
  refuseDossiers(scene);
  await putDossiers(scene, 2);
  await scene.stopDispatch();
  const [first, second] = await entries("state=failed");
  const id = await start({ filter: { state: "failed" }, canary: 0 });
  const chores = scene.deployment.chores(scene.database, () => undefined);
  await chores.stepReplay();
  await post(scene, `/v1/ledger/${first?.id}/cancel`, { reason: "Trùng" }, 200);
  await chores.stepReplay();
  expect(await get<ReplayView>(scene, `/v1/ledger/replays/${id}`)).toMatchObject({
    selected: 2,
    released: 1,
    skipped: 1,
  });
  expect(await entries("state=queued")).toMatchObject([{ id: second?.id }]);
});

test("many matches are selected in bounded batches inside the database, each once", async () => {
  await scene.stopDispatch();
  const { tenant } = scene.gateway;
  await scene.database.execute(sql`with made as (
      insert into entries (tenant, platform, operation, stream, subject, dossier_code, client, agency, priority, correlation_id, payload)
      select ${tenant}, 'national-portal', 'dossier.put', 'many:' || n, 'M' || n, 'M' || n, 'province', 'H04', 1, 'c', ''
      from generate_series(1, 50000) n returning id
    ) insert into settled (tenant, id, was, state, attempts, direction, platform, agency)
    select ${tenant}, id, 'sending', 'delivered', 1, 'out', 'national-portal', 'H04' from made`);
  const id = await start({ filter: { platform: "national-portal" } });
  const chores = scene.deployment.chores(scene.database, () => undefined);
  const seen: number[] = [];
  for (let replay = await get<ReplayView>(scene, `/v1/ledger/replays/${id}`); replay.selecting; ) {
    await chores.stepReplay();
    replay = await get<ReplayView>(scene, `/v1/ledger/replays/${id}`);
    seen.push(replay.selected);
  }
  expect(seen).toEqual([20_000, 40_000, 50_000]);
});

test("a replay belongs to the agency that started it, and one Idempotency-Key starts one", async () => {
  const request = { filter: { state: "failed" }, dryRun: false, reason: "Thử" };
  const headers = { "idempotency-key": "replay-1" };
  const first = await post<{ id: string }>(scene, "/v1/ledger/replays", request, 202, { client: "industry", headers });
  const second = await post<{ id: string }>(scene, "/v1/ledger/replays", request, 202, { client: "industry", headers });
  expect(second.id).toBe(first.id);
  expect((await scene.request("GET", `/v1/ledger/replays/${first.id}`, undefined, { client: "health" })).status).toBe(
    404,
  );
  expect((await get<ReplayView>(scene, `/v1/ledger/replays/${first.id}`)).startedBy).toBe("industry");
  for (const path of ["/v1/ledger/replays/999999", "/v1/ledger/replays/x", "/v1/ledger/replays/0"]) {
    expect((await scene.request("GET", path)).status).toBe(404);
    expect((await scene.request("POST", `${path}/pause`)).status).toBe(404);
  }
});
