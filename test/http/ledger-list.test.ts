import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { LedgerSummary } from "../../contracts/services/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";
import { type EntryPage, ledgerCalls, PATIENT, REFUSAL } from "./ledger-calls.ts";

let scene: ApiScene;
const { put, list, until, lastCode, cancel, failedPut, waitingPut, queuedPut, calmDown } = ledgerCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ settings: PATIENT });
});
afterEach(calmDown);
afterAll(() => scene.close());

test("entries are filtered by each of their marks, and a comma means or", async () => {
  const own = await openApiScene();
  const first = async (path: string) => (await own.call<EntryPage>("GET", `/v1/ledger?${path}`)).body.items;
  own.portal.dial.set({ ...REFUSAL, times: 1 });
  await own.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await own.drained();
  await own.call("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody());
  await own.call("POST", `/v1/dossiers/${codeOf(2)}/events`, eventBody("e1"));
  await own.drained();
  const codes = async (query: string) =>
    (await first(query)).map(({ operation, subject }) => `${operation} ${Number(subject.slice(-4))}`);
  const all = ["dossier.step 2", "dossier.put 2", "dossier.put 1"];
  const cases: [string, string[]][] = [
    ["", all],
    ["state=failed", ["dossier.put 1"]],
    ["state=delivered,failed", all],
    ["state=queued,sending,waiting,cancelled,superseded", []],
    ["platform=national-portal", all],
    ["platform=keypay,vnpay", []],
    ["operation=dossier.step", ["dossier.step 2"]],
    ["operation=dossier.step,dossier.put", all],
    [`subject=${codeOf(2)}`, ["dossier.step 2", "dossier.put 2"]],
    [`dossierCode=${codeOf(1)},${codeOf(2)}`, all],
    ["errorCode=upstream_rejected", ["dossier.put 1"]],
    ["errorCode=upstream_timeout,internal", []],
    ["direction=out", all],
    ["direction=in", []],
    [`state=delivered&dossierCode=${codeOf(2)}&operation=dossier.put`, ["dossier.put 2"]],
    ["from=2020-01-01", all],
    ["to=2020-01-01", []],
    [`to=${new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)}`, all],
  ];
  for (const [query, expected] of cases) expect([query, await codes(query)]).toEqual([query, expected]);
  const [newest] = await first("");
  const at = encodeURIComponent(newest?.acceptedAt ?? "");
  expect(await codes(`from=${at}`)).toContain("dossier.step 2");
  expect(await codes(`to=${at}`)).not.toContain("dossier.step 2");
  await own.close();
});

test("cursors walk the whole ledger exactly once, newest first", async () => {
  const walk = async (limit: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await scene.call<EntryPage>("GET", `/v1/ledger?limit=${limit}${cursor}`);
      ids.push(...body.items.map(({ id }) => id));
      if (body.next === null) return ids;
      expect(body.items).toHaveLength(limit);
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
  };
  await scene.stopDispatch();
  const made = await Promise.all(Array.from({ length: 12 }, () => put()));
  const all = await walk(200);
  expect(all).toEqual(expect.arrayContaining(made));
  expect(new Set(all).size).toBe(all.length);
  for (const limit of [1, 3, 7]) expect(await walk(limit)).toEqual(all);
  const times = (await list("limit=200")).map(({ acceptedAt }) => acceptedAt);
  expect(times).toEqual(times.toSorted().toReversed());
});

test("the sums balance in every state an entry can be in", async () => {
  await failedPut();
  await waitingPut();
  await until(await put(), "delivered");
  const cancelled = await queuedPut();
  await cancel(cancelled);
  await put();
  await scene.call("PUT", `/v1/dossiers/${lastCode()}`, dossierBody({ note: "hai" }));
  const [{ count = 0 } = {}] = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from entries`,
  );
  const { body } = await scene.call<LedgerSummary>("GET", "/v1/ledger/summary");
  expect(body.items).toHaveLength(1);
  for (const sum of body.items) {
    expect(sum.accepted).toBe(count);
    expect(sum.accepted).toBe(sum.delivered + sum.failed + sum.cancelled + sum.superseded + sum.pending);
    for (const part of [sum.delivered, sum.failed, sum.cancelled, sum.superseded, sum.pending]) {
      expect(part).toBeGreaterThan(0);
    }
  }
});
