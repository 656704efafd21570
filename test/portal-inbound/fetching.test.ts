import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { type FetchScene, filed, openFetchScene } from "./fetch-scene.ts";
import { PDF } from "./inbound-scene.ts";

const codeAt = (n: number): string => `G09.20-20261120-${String(n).padStart(7, "0")}`;

let scene: FetchScene;
beforeAll(async () => {
  scene = await openFetchScene({ profile: "connector-v1", settings: { FILE_MAX_BYTES: String(1024 * 1024) } });
});
beforeEach(() => {
  scene.simulator.dial.clear();
  scene.simulator.clear();
});
afterAll(() => scene?.close());

const receipts = (code: string): number => scene.simulator.state.portalDossiers.get(code)?.receipts ?? -1;

test("a dossier that was filed at the portal is stored with its files, recorded, told, and only then acknowledged", async () => {
  const code = codeAt(1);
  scene.simulator.addPortalDossier(filed(code, ["a", "b"]));
  expect(await scene.fetchNow()).toMatchObject({ listed: 1, received: 1, parked: 0, waiting: 0, unacknowledged: 0 });
  expect(receipts(code)).toBe(1);

  const dossier = (await scene.call("GET", `/v1/dossiers/${code}`)).body;
  expect(dossier).toMatchObject({
    code,
    status: "submitted",
    dossier: {
      origin: "national-portal",
      portalCode: code,
      applicant: { name: "Trần Thị Ví Dụ", identities: [{ kind: "personal-id", value: "001199000001" }] },
      submittedAt: "2026-11-20T08:05:00+07:00",
      processingUnit: { code: "H04.15" },
    },
  });
  const [event, ...others] = await scene.eventsOf(code);
  expect([event?.type, others]).toEqual(["dossier.received", []]);
  const files = event?.data?.["files"] as { n: number; name: string; type: string; size: number }[];
  expect(files.map(({ name, type, size }) => [name, type, size])).toEqual([
    ["don-a.pdf", "application/pdf", PDF.length],
    ["don-b.pdf", "application/pdf", PDF.length],
  ]);
  const bytes = await scene.request("GET", `/v1/inbox/${event?.id}/files/2`);
  expect(Buffer.from(await bytes.arrayBuffer()).equals(PDF)).toBe(true);
  const entries = await scene.entries(`dossierCode=${encodeURIComponent(code)}`);
  expect(entries.map(({ operation, state }) => [operation, state])).toEqual([["dossier.received", "delivered"]]);
});

test("a list that is repeated brings nothing new, whichever of its two shapes it has", async () => {
  const code = codeAt(2);
  scene.simulator.addPortalDossier(filed(code));
  await scene.fetchNow();
  expect(await scene.fetchNow()).toMatchObject({ listed: 1, received: 0 });
  expect([receipts(code), (await scene.eventsOf(code)).length]).toEqual([1, 1]);
});

test("a lost acknowledgement is given again, and nothing else with it", async () => {
  const code = codeAt(3);
  scene.simulator.addPortalDossier(filed(code, ["a"]));
  scene.simulator.dial.set({ fault: "close", service: "xacnhantrangthainhan", times: 1, taken: true });
  expect(await scene.fetchNow()).toMatchObject({ received: 1, unacknowledged: 1 });
  expect(await scene.fetchNow()).toMatchObject({ received: 0, unacknowledged: 0 });
  expect([receipts(code), (await scene.eventsOf(code)).length]).toEqual([2, 1]);
});

test("an acknowledgement that is refused keeps the dossier and holds up no other", async () => {
  const [first, second] = [codeAt(4), codeAt(5)];
  scene.simulator.addPortalDossier(filed(first));
  scene.simulator.addPortalDossier(filed(second));
  scene.simulator.dial.set({ fault: "error-body", service: "xacnhantrangthainhan", code: "400", times: 1 });
  const round = await scene.fetchNow();
  expect(await scene.faults(first, second)).toEqual(["upstream_rejected"]);
  expect(round).toMatchObject({ received: 2, unacknowledged: 1 });
  expect([receipts(first), receipts(second)].toSorted()).toEqual([0, 1]);
  expect(await scene.fetchNow()).toMatchObject({ unacknowledged: 0 });
  expect([receipts(first), receipts(second)]).toEqual([1, 1]);
});

test("a row without a code is parked once with its cause, and the others are taken", async () => {
  const good = codeAt(6);
  scene.simulator.addPortalDossier({ MaHoSo: "x", MaTTHC: "2.000591", row: { MaHoSo: "", ChuHoSo: "Không mã" } });
  scene.simulator.addPortalDossier(filed(good));
  expect(await scene.fetchNow()).toMatchObject({ listed: 2, received: 1, parked: 1 });
  expect(await scene.fetchNow()).toMatchObject({ listed: 2, received: 0, parked: 0 });
  const parked = await scene.entries("state=failed&operation=dossier.received");
  expect(parked).toMatchObject([{ subject: "laydanhsachhoso", error: { code: "invalid_request" } }]);
  expect(receipts("x")).toBe(0);
  // Retried as it is, it still cannot be read.
  expect((await scene.call("POST", `/v1/ledger/${parked[0]?.id}/retry`)).status).toBe(202);
  expect(await scene.entries("state=failed&operation=dossier.received")).toHaveLength(1);
});

test("two rows of one code are one dossier", async () => {
  const code = codeAt(7);
  scene.simulator.addPortalDossier(filed(code));
  scene.simulator.addPortalDossier({ ...filed(codeAt(8)), row: { ...filed(code).row, MaHoSo: code } });
  expect(await scene.fetchNow()).toMatchObject({ listed: 2, received: 1, parked: 0 });
  expect((await scene.eventsOf(code)).length).toBe(1);
});

test("a file of 200 MB is told as missing without being kept, and so is one that is not there", async () => {
  const code = codeAt(9);
  const row = filed(code, ["huge", "small", "gone"]).row;
  const files = [
    { id: "huge", size: 200 * 1024 * 1024 },
    { id: "small", base64: PDF.toString("base64") },
  ];
  scene.simulator.addPortalDossier({ MaHoSo: code, MaTTHC: "2.000591", row, files });
  expect(await scene.fetchNow()).toMatchObject({ received: 1, unacknowledged: 0 });
  const [event] = await scene.eventsOf(code);
  expect(event?.data?.["missingFiles"]).toEqual([
    { name: "don-huge.pdf", portalId: "huge", code: "payload_too_large" },
    { name: "don-gone.pdf", portalId: "gone", code: "not_found" },
  ]);
  expect((event?.data?.["files"] as { name: string }[] | undefined)?.map(({ name }) => name)).toEqual([
    "don-small.pdf",
  ]);
  const left = await rows(scene.database, sql`select 1 from portal_fetched_files`);
  const stored = await rows<{ names: number }>(
    scene.database,
    sql`select count(distinct name)::int as names from inbound_pieces p where starts_with(name, 'fetched_')
        and not exists (select 1 from inbox_files f where f.stored = p.name)`,
  );
  expect([left.length, stored[0]?.names]).toEqual([0, 0]);
});

test("a file that the portal fails to give makes its dossier wait, and is downloaded by a later round", async () => {
  const code = codeAt(10);
  scene.simulator.addPortalDossier(filed(code, ["a", "b"]));
  scene.simulator.dial.set({ fault: "html", service: "download", times: 1 });
  expect(await scene.fetchNow()).toMatchObject({ received: 0, waiting: 1 });
  expect([receipts(code), (await scene.eventsOf(code)).length]).toEqual([0, 0]);
  expect(await scene.fetchNow()).toMatchObject({ received: 1, waiting: 0 });
  expect(receipts(code)).toBe(1);
});

test("HTML in the place of the list is waited out", async () => {
  const code = codeAt(11);
  scene.simulator.addPortalDossier(filed(code));
  scene.simulator.dial.set({ fault: "html", service: "laydanhsachhoso", times: 1 });
  await scene.call("POST", "/v1/portal/fetches");
  // Its rest is short in this scene, so that the round ends by itself.
  expect(await scene.fetchIs("idle")).toMatchObject({ received: 1 });
  expect(receipts(code)).toBe(1);
});

test("a dossier that the province put already is not stored twice, is told to nobody and is acknowledged", async () => {
  const [code, local] = [codeAt(12), codeOf(12)];
  scene.simulator.addPortalDossier(filed(code, ["a"]));
  const put = await scene.call("PUT", `/v1/dossiers/${local}?known=true`, dossierBody({ portalCode: code }));
  expect(put.status).toBe(202);
  expect(await scene.fetchNow()).toMatchObject({ listed: 1, received: 0, unacknowledged: 0 });
  expect(receipts(code)).toBe(1);
  expect((await scene.events()).filter(({ data }) => data?.["portalCode"] === code)).toEqual([]);
  const stored = await rows(scene.database, sql`select 1 from dossiers where code = ${code} or portal_code = ${code}`);
  expect(stored).toHaveLength(1);
});

test("what the province makes of a fetched dossier goes out as its status, under its own code", async () => {
  const [code, local] = [codeAt(13), codeOf(13)];
  scene.simulator.addPortalDossier(filed(code));
  await scene.fetchNow();
  await scene.call("PUT", `/v1/dossiers/${local}`, dossierBody({ portalCode: code }));
  await scene.drained();
  expect(scene.simulator.state.portalDossiers.get(code)?.statuses).toHaveLength(1);
  expect(scene.simulator.state.dossiers.has(local)).toBe(false);
});

test("only who may operate platforms asks for a round", async () => {
  expect((await scene.call("POST", "/v1/portal/fetches", undefined, { client: "reader" })).status).toBe(403);
  expect((await scene.call("GET", "/v1/portal/fetches", undefined, { client: "reader" })).status).toBe(403);
});
