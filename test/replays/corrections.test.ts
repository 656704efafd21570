import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { CorrectionView } from "../../contracts/services/corrections.ts";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { CLIENTS, dossierBody, eventBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { changesOf, codeOf, get, post, putDossiers, refuseDossiers } from "./replay-scene.ts";

let scene: GatewayScene;
let next = 0;

const APPROVER = {
  id: "approver",
  secret: "approver-secret",
  scopes: ["ledger:read", "ledger:approve", "audit:read"],
  agency: "H04",
};
const approver = { client: "approver" };

beforeAll(async () => {
  scene = await openGatewayScene({ settings: { CLIENTS: JSON.stringify([...CLIENTS, APPROVER]) } });
});
afterAll(() => scene.close());
afterEach(() => scene.portal.dial.clear());

/** A dossier that the portal refused, with a step waiting behind it. */
const failedDossier = async () => {
  refuseDossiers(scene);
  next += 1;
  await putDossiers(scene, 1, {}, next);
  const code = codeOf(next);
  await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(`${code}-1`));
  await scene.drained();
  scene.portal.dial.clear();
  const { items } = await get<{ items: EntryView[] }>(scene, `/v1/ledger?state=failed&dossierCode=${code}`);
  return { code, id: items[0]?.id ?? "" };
};
const CORRECTED = dossierBody({ summary: "Nội dung đã sửa", dueAt: "2026-12-01T17:00:00+07:00" });
const propose = (id: string, payload: unknown = CORRECTED) =>
  post<CorrectionView>(scene, `/v1/ledger/${id}/corrections`, { payload, reason: "Sai trích yếu" }, 202);
const entry = (id: string) => get<EntryDetail>(scene, `/v1/ledger/${id}`);

test("a proposal sends nothing, and shows which fields change without showing personal values", async () => {
  const { id, code } = await failedDossier();
  const proposal = await propose(id);
  expect(proposal).toMatchObject({ entryId: id, dossierCode: code, state: "proposed", proposedBy: "province" });
  expect(changesOf(proposal.difference)).toEqual([
    "summary: ••• -> •••",
    "dueAt: 2026-11-30T17:00:00+07:00 -> 2026-12-01T17:00:00+07:00",
  ]);
  expect((await entry(id)).state).toBe("failed");
  const { items } = await get<{ items: CorrectionView[] }>(scene, `/v1/ledger/${id}/corrections`);
  expect(items).toEqual([proposal]);
});

test("approved by another person it takes the failed one's place, before what waited behind", async () => {
  const { id, code } = await failedDossier();
  const proposal = await propose(id);
  const approved = await post<CorrectionView>(
    scene,
    `/v1/corrections/${proposal.id}/approve`,
    undefined,
    200,
    approver,
  );
  expect(approved).toMatchObject({ state: "approved", decidedBy: "approver" });
  await scene.drained();
  const held = scene.portal.state.dossiers.get(code);
  expect(held?.hoSo.TrichYeuHoSo).toBe("Nội dung đã sửa");
  expect(held?.steps).toHaveLength(1);
  expect(await entry(approved.newEntry ?? "")).toMatchObject({ state: "delivered", dossierCode: code });
  const original = await entry(id);
  expect(original).toMatchObject({ state: "superseded", supersededBy: approved.newEntry });
  expect(original.attemptLog.length).toBeGreaterThan(0);
  const { items } = await get<{ items: { action: string; actor: string }[] }>(
    scene,
    `/v1/audit?subject=${proposal.id}&action=correction.propose,correction.approve`,
  );
  expect(items.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
    "correction.approve approver",
    "correction.propose province",
  ]);
});

test("who proposed cannot approve, and the try is audited", async () => {
  const { id } = await failedDossier();
  const proposal = await propose(id);
  const refused = await scene.request("POST", `/v1/corrections/${proposal.id}/approve`);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: "forbidden" });
  expect((await entry(id)).state).toBe("failed");
  const { items } = await get<{ items: object[] }>(
    scene,
    `/v1/audit?subject=${proposal.id}&action=correction.approve.refused`,
  );
  expect(items).toMatchObject([{ actor: "province", detail: { code: "forbidden" } }]);
});

test("of two who decide at the same moment one wins and the other is told, both audited", async () => {
  const { id } = await failedDossier();
  const proposal = await propose(id);
  const path = `/v1/corrections/${proposal.id}`;
  const answers = await Promise.all([
    scene.request("POST", `${path}/approve`, undefined, approver),
    scene.request("POST", `${path}/reject`, { reason: "Không cần" }, { client: "province" }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const { items } = await get<{ items: { action: string }[] }>(scene, `/v1/audit?subject=${proposal.id}`);
  const decisions = items.filter(({ action }) => /approve|reject/u.test(action));
  expect(decisions.map(({ action }) => action.endsWith(".refused")).sort()).toEqual([false, true]);
});

test("once somebody dealt with the entry an approval is a conflict and changes nothing", async () => {
  const { id } = await failedDossier();
  const proposal = await propose(id);
  await post(scene, `/v1/ledger/${id}/cancel`, { reason: "Bỏ" }, 200);
  const before = await rows(scene.database, sql`select count(*) as entries from entries`);
  expect((await scene.request("POST", `/v1/corrections/${proposal.id}/approve`, undefined, approver)).status).toBe(409);
  expect(await rows(scene.database, sql`select count(*) as entries from entries`)).toEqual(before);
  expect((await get<CorrectionView>(scene, `/v1/corrections/${proposal.id}`, "approver")).state).toBe("proposed");
});

test("a doubt whether the failed message took effect goes to the corrected one", async () => {
  const { id } = await failedDossier();
  await scene.stopDispatch();
  await scene.database.execute(sql`update pending set unknown_outcome = true where id = ${id}::bigint`);
  const proposal = await propose(id);
  const { newEntry } = await post<CorrectionView>(
    scene,
    `/v1/corrections/${proposal.id}/approve`,
    undefined,
    200,
    approver,
  );
  const doubt = await rows(
    scene.database,
    sql`select unknown_outcome, position < (select min(q.position) from pending q where q.stream = p.stream and q.id <> p.id) as first
        from pending p where id = ${newEntry}::bigint`,
  );
  expect(doubt).toMatchObject([{ unknown_outcome: true, first: true }]);
  scene.startDispatch();
  await scene.drained();
});

test("a rejected proposal leaves the entry as it is, and an approver reads every value, which is audited", async () => {
  const { id } = await failedDossier();
  const proposal = await propose(id);
  const read = await get<CorrectionView>(scene, `/v1/corrections/${proposal.id}`, "approver");
  expect(read.difference[0]).toMatchObject({ field: "summary", now: "Nội dung đã sửa" });
  const body = { reason: "Phải sửa ở phần mềm một cửa" };
  const rejected = await post<CorrectionView>(scene, `/v1/corrections/${proposal.id}/reject`, body, 200, approver);
  expect(rejected).toMatchObject({ state: "rejected", decisionReason: body.reason });
  expect((await entry(id)).state).toBe("failed");
  const open = await get<{ items: CorrectionView[] }>(scene, "/v1/corrections?state=rejected&limit=1");
  expect(open.items.map((one) => one.id)).toEqual([proposal.id]);
  const { items } = await get<{ items: object[] }>(scene, `/v1/audit?subject=${proposal.id}&action=correction.read`);
  expect(items).toMatchObject([{ actor: "approver" }]);
});

test("payloads that the entry's operation or its platform cannot take are refused by field", async () => {
  const { id } = await failedDossier();
  const cases: [unknown, string, string][] = [
    [{ ...CORRECTED, colour: "red" }, "payload.colour", "unknown_field"],
    [{ ...CORRECTED, status: "lost" }, "payload.status", "not_allowed"],
    [{ ...CORRECTED, summary: "x".repeat(1001) }, "payload.summary", "profile_limit"],
    [eventBody("e"), "payload.procedureCode", "required"],
    ["text", "payload", "wrong_type"],
  ];
  for (const [payload, field, code] of cases) {
    const answer = await scene.request("POST", `/v1/ledger/${id}/corrections`, { payload, reason: "Sửa" });
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { field: string; code: string }[] };
    expect(errors.map((error) => `${error.field} ${error.code}`)).toContain(`${field} ${code}`);
  }
  expect((await scene.request("POST", `/v1/ledger/${id}/corrections`, { payload: CORRECTED })).status).toBe(400);
});

test("corrections are of failed entries within the boundary, by those with the right", async () => {
  const { id } = await failedDossier();
  const body = { payload: CORRECTED, reason: "Sửa" };
  const asked = (path: string, client: string) => scene.request("POST", path, body, { client });
  expect((await asked(`/v1/ledger/${id}/corrections`, "reader")).status).toBe(403);
  expect((await asked(`/v1/ledger/${id}/corrections`, "health")).status).toBe(404);
  expect((await asked("/v1/ledger/999999/corrections", "province")).status).toBe(404);
  const proposal = await propose(id);
  expect((await scene.request("GET", `/v1/corrections/${proposal.id}`, undefined, { client: "health" })).status).toBe(
    404,
  );
  expect((await scene.request("GET", `/v1/corrections/${proposal.id}`, undefined, { client: "reader" })).status).toBe(
    403,
  );
  await post(scene, `/v1/ledger/${id}/retry`, undefined, 202);
  await scene.drained();
  expect((await asked(`/v1/ledger/${id}/corrections`, "province")).status).toBe(409);
});
