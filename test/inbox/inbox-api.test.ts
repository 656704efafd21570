import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Acknowledgement } from "../../contracts/services/inbox.ts";
import { sql } from "../../src/database/sql.ts";
import { codeOf } from "../http/api-scene.ts";
import { type InboxScene, newEvent, openInboxScene } from "./inbox-scene.ts";

let scene: InboxScene;

beforeAll(async () => {
  scene = await openInboxScene();
});
beforeEach(() => scene.clear());
afterAll(() => scene.close());

const subjectsOf = async (client: string) => (await scene.inbox("", client)).items.map(({ subject }) => subject);

test("events come in pages from a position on; beyond the end there are none and the position stays", async () => {
  expect(await scene.inbox()).toEqual({ items: [], next: "0" });
  await scene.record([1, 2, 3].map((n) => newEvent({ subject: `doc-${n}`, data: { n } })));
  const first = await scene.inbox("?limit=2");
  expect(first.items).toEqual([
    {
      id: expect.stringMatching(/^evt_[\da-f]{32}$/u),
      type: "document.received",
      occurredAt: "2026-11-20T02:00:00.000Z",
      subject: "doc-1",
      agency: "H04.15",
      data: { n: 1 },
      position: "1",
    },
    expect.objectContaining({ subject: "doc-2", position: "2" }),
  ]);
  expect(first.next).toBe("2");
  const second = await scene.inbox("?after=2");
  expect(second).toMatchObject({ items: [{ subject: "doc-3" }], next: "3" });
  expect(await scene.inbox("?after=3")).toEqual({ items: [], next: "3" });
  expect(await scene.inbox("?after=999999")).toEqual({ items: [], next: "999999" });
  expect((await scene.inbox("?after=002")).items.map(({ position }) => position)).toEqual(["3"]);
});

test("a failed exchange is always told, a delivered one not unless it is asked for", async () => {
  const [failed, delivered] = [codeOf(1), codeOf(2)];
  await scene.putDossier(delivered, "industry");
  await scene.drained();
  scene.refuseDossiers();
  await scene.putDossier(failed, "industry");
  await scene.drained();
  const { items } = await scene.inbox("", "industry");
  expect(items).toMatchObject([
    {
      type: "exchange.failed",
      subject: failed,
      agency: "H04.15",
      data: { platform: "national-portal", operation: "dossier.put", code: "upstream_rejected", platformCode: "3" },
    },
  ]);
  expect(await subjectsOf("health")).toEqual([]);
});

test("each client sees what its agency and those below own; what has no agency is for the province's clients", async () => {
  await scene.record([
    newEvent({ subject: "industry", agency: "H04.15" }),
    newEvent({ subject: "below", agency: "000.07.15.H04" }),
    newEvent({ subject: "health", agency: "000.00.16.H04" }),
    newEvent({ subject: "nobody's", agency: undefined }),
    newEvent({ subject: "neighbour", agency: "H04.150" }),
  ]);
  expect(await subjectsOf("province")).toEqual(["industry", "below", "health", "nobody's", "neighbour"]);
  expect(await subjectsOf("industry")).toEqual(["industry", "below"]);
  expect(await subjectsOf("health")).toEqual(["health"]);
});

test("acknowledging is per client, counts the first time, and another agency's event is not found", async () => {
  await scene.record([newEvent({ agency: "H04.15" })]);
  const [event] = (await scene.inbox()).items;
  const path = `/v1/inbox/${event?.id}/ack`;
  const first = await scene.call<Acknowledgement>("POST", path);
  expect([first.status, first.body]).toEqual([200, { id: event?.id, acknowledgedAt: expect.stringMatching(/Z$/u) }]);
  const again = await scene.call<Acknowledgement>("POST", path);
  expect(again.body).toEqual(first.body);
  expect((await scene.inbox()).items[0]?.acknowledgedAt).toBe(first.body.acknowledgedAt);
  expect((await scene.inbox("", "industry")).items[0]?.acknowledgedAt).toBeUndefined();
  expect((await scene.call("POST", path, undefined, { client: "health" })).status).toBe(404);
  expect((await scene.call("POST", path, undefined, { client: "industry" })).status).toBe(200);
});

test("acknowledging takes an Idempotency-Key, and may be done by several at the same moment", async () => {
  await scene.record([newEvent()]);
  const [event] = (await scene.inbox()).items;
  const path = `/v1/inbox/${event?.id}/ack`;
  const answers = await Promise.all(Array.from({ length: 5 }, () => scene.call<Acknowledgement>("POST", path)));
  expect(new Set(answers.map(({ body }) => body.acknowledgedAt)).size).toBe(1);
  const headers = { "idempotency-key": "ack-1" };
  await scene.call("POST", path, undefined, { headers });
  const replayed = await scene.call("POST", path, undefined, { headers });
  expect(replayed.headers.get("idempotency-replayed")).toBe("true");
});

test("what is not a position, an event, or a parameter is refused and stores nothing", async () => {
  for (const after of ["-1", "1.5", "abc", "", "1e3", "9".repeat(19), "0x1", "1;drop"]) {
    await scene.refuses("GET", `/v1/inbox?after=${encodeURIComponent(after)}`, undefined, ["after invalid_format"]);
  }
  await scene.refuses("GET", "/v1/inbox?limit=0", undefined, ["limit out_of_range"]);
  await scene.refuses("GET", "/v1/inbox?from=1", undefined, ["from unknown_parameter"]);
  for (const id of ["evt_1", `evt_${"0".repeat(32)}`, "%00", "1' or '1'='1", `EVT_${"a".repeat(32)}`]) {
    const answer = await scene.storesNothing(() => scene.call("POST", `/v1/inbox/${encodeURIComponent(id)}/ack`));
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  }
});

test("reading needs the scope", async () => {
  const reader = { client: "reader" };
  expect((await scene.call("GET", "/v1/inbox", undefined, reader)).status).toBe(403);
  expect((await scene.call("POST", `/v1/inbox/evt_${"0".repeat(32)}/ack`, undefined, reader)).status).toBe(403);
  expect((await scene.call("GET", "/v1/inbox", undefined, { token: null })).status).toBe(401);
});

test("an event whose key is gone shows without its data and hides nothing behind it", async () => {
  await scene.record([newEvent({ subject: "lost" }), newEvent({ subject: "kept" })]);
  await scene.database.execute(sql`update inbox_events set data = '\\x0102'::bytea where subject = 'lost'`);
  const { items } = await scene.inbox();
  expect(items.map(({ subject, data }) => [subject, data])).toEqual([
    ["lost", null],
    ["kept", { documentId: "doc-1" }],
  ]);
});
