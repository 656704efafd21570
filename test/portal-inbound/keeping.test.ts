import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierDetail } from "../../contracts/services/dossier-views.ts";
import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { DEMO_PORTAL_KEY } from "../../src/demo-settings.ts";
import { readWithRoom } from "../../src/http/read-with-room.ts";
import { createLog } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";
import { createByteBudget } from "../../src/portal-inbound/byte-budget.ts";
import { decodeBase64 } from "../../src/portal-inbound/decode-base64.ts";
import { LIFTED_FROM, liftStrings } from "../../src/portal-inbound/lift-strings.ts";
import { createPieceStore, PIECE_BYTES } from "../../src/portal-inbound/piece-store.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { type InboundScene, openInboundScene, promotion, receipt } from "./inbound-scene.ts";

const PUSH = "forward/addtthcKhuyenMai";

let scene: InboundScene;
let number = 0;
const nextCode = (): string => `G22.99-261122-${String(++number).padStart(6, "0")}`;

beforeAll(async () => {
  scene = await openInboundScene({ dispatch: false });
});
afterAll(() => scene.close());

const bodies = async (): Promise<number> => {
  const [row] = await scene.database.execute(
    sql`select count(distinct name)::int as count from inbound_pieces where starts_with(name, 'body_')`,
  );
  return Number(row?.["count"]);
};

test("while the database is away a push and a look-up are answered 503 in the portal's shape", async () => {
  const away = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  const database: Database = { execute: away, transaction: away };
  const gateway = scene.deployment.open(database, () => undefined);
  const parts = {
    log: createLog("silent", []),
    metrics: createMetrics(),
    elapsed: () => performance.now(),
    docs: null,
  };
  const app = createApp({ ...parts, open: () => gateway });
  for (const [path, body] of [
    [PUSH, promotion("G1")],
    ["search/call", { masohoso: "G1" }],
    ["dptracuuthanhtoanhs", { MaHoSo: "G1" }],
  ] as const) {
    const headers = { "content-type": "application/json", "x-api-key": DEMO_PORTAL_KEY };
    const answer = await app.request(`/portal/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "5"]);
    expect(await answer.json()).toMatchObject({ error_code: -1 });
  }
});

test("one message pushed many times at once is taken once", async () => {
  const code = nextCode();
  const answers = await Promise.all(Array.from({ length: 8 }, () => scene.code(PUSH, promotion(code))));
  expect(answers.toSorted()).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
  expect(await scene.eventsOf(code)).toHaveLength(1);
});

test("a body is read as far as there is room: by what it announces, or as it comes", async () => {
  const text = "x".repeat(100);
  const stream = () => new Blob([text]).stream();
  const requests: [string, () => Request][] = [
    ["announced", () => new Request("http://g/", { method: "POST", body: text, headers: { "content-length": "100" } })],
    ["growing", () => new Request("http://g/", { method: "POST", body: stream(), duplex: "half" } as RequestInit)],
  ];
  for (const [name, request] of requests) {
    const budget = createByteBudget(150);
    const first = await readWithRoom(request(), 100, budget.take);
    expect([name, first.kind, (await readWithRoom(request(), 100, budget.take)).kind]).toEqual([
      name,
      "read",
      "no-room",
    ]);
    expect([name, (await readWithRoom(request(), 99, budget.take)).kind]).toEqual([name, "too-large"]);
    if (first.kind === "read") first.leave();
    expect([name, (await readWithRoom(request(), 100, budget.take)).kind]).toEqual([name, "read"]);
  }
});

test("long strings are taken out of a JSON text, and nothing else of it changes", () => {
  const long = "A".repeat(LIFTED_FROM);
  const told = { "a\\": 'quo"te\\', long: `${long}==`, list: ['\\"', `${long}BBB`], end: "" };
  const bytes = Buffer.from(JSON.stringify(told));
  const { text, lifted } = liftStrings(bytes);
  expect(text.length).toBeLessThan(1000);
  const value = JSON.parse(Buffer.from(text).toString(), (_, each: unknown) => {
    const raw = typeof each === "string" ? lifted.get(each) : undefined;
    return raw === undefined ? each : Buffer.from(raw).toString();
  });
  expect(value).toEqual(told);
  expect([...liftStrings(bytes).lifted.keys()]).toEqual([...lifted.keys()]);
  const cut = bytes.subarray(0, bytes.length - 5);
  expect(() => JSON.parse(Buffer.from(liftStrings(cut).text).toString())).toThrow(SyntaxError);
});

test("base64 is decoded as it stands in JSON, of any length, and what is none is refused", () => {
  const decoded = (text: string) => decodeBase64(Buffer.from(text));
  for (const length of [1, 2, 3, 100, 3 * 1024 * 1024, 3 * 1024 * 1024 + 1, 9_999_998]) {
    const plain = Buffer.alloc(length, "Ví dụ /+?");
    const base64 = plain.toString("base64");
    const broken = base64.replaceAll(/.{76}/gu, "$&\\r\\n").replaceAll("/", "\\/");
    for (const text of [base64, broken, `data:application/pdf;base64,${base64}`, base64.replace(/=+$/u, "")]) {
      expect(Buffer.from(decoded(text) ?? []).equals(plain), `${length}: ${text.slice(0, 40)}`).toBe(true);
    }
  }
  for (const none of ["", "%%%", "QUJDR", "QUI=QUI=", "Q===", "QUJD\\", "QUJD\\u0041", "=", "Ă", "data:x,QUJD"]) {
    expect([none, decoded(none)]).toEqual([none, null]);
  }
});

test("a push and the put that takes it on may come at the same moment, in either order", async () => {
  for (let round = 0; round < 10; round++) {
    const [code, local] = [nextCode(), codeOf(5000 + round)];
    const [pushed, put] = await Promise.all([
      scene.code(PUSH, promotion(code)),
      scene.call("PUT", `/v1/dossiers/${local}`, dossierBody({ portalCode: code }), { client: "industry" }),
    ]);
    expect([pushed, put.status]).toEqual([0, 202]);
    const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`, undefined, { client: "industry" });
    expect([body.code, body.owner, body.dossier.applicant.name]).toEqual([local, "H04.15", "Trần Thị Ví Dụ"]);
  }
});

test("two puts that name one pushed dossier: the first gets it, the other is refused, and loses nothing", async () => {
  const code = nextCode();
  await scene.portal(PUSH, promotion(code));
  const answers = await Promise.all(
    [6001, 6002].map((n) => scene.call("PUT", `/v1/dossiers/${codeOf(n)}`, dossierBody({ portalCode: code }))),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
});

test("what retention took from the ledger is erased here too, and cannot be read again", async () => {
  const refused = receipt(nextCode(), "QD", "sai");
  await scene.portal("forward/nhanhsdvcqg", refused);
  const [parked] = await scene.entries("state=failed&limit=1");
  const before = await bodies();
  const chores = scene.deployment.chores(scene.database, () => undefined);
  expect([await chores.eraseInbound(), await bodies()]).toEqual([0, before]);
  await scene.database.execute(
    sql`update entries set payload = null, bodies_erased_at = now() where id = ${parked?.id}::bigint`,
  );
  expect([await chores.eraseInbound(), await bodies()]).toEqual([1, before - 1]);
  expect((await scene.call("POST", `/v1/ledger/${parked?.id}/retry`)).status).toBe(409);
});

test("a correction or a replay of what came in is refused", async () => {
  await scene.portal("forward/nhanhsdvcqg", receipt(nextCode(), "QD", "sai mãi"));
  const [parked] = await scene.entries("state=failed&limit=1");
  const correction = { payload: {}, reason: "thử" };
  expect((await scene.call("POST", `/v1/ledger/${parked?.id}/corrections`, correction)).status).toBe(404);
  const dry = await scene.call<{ count: number }>("POST", "/v1/ledger/replays", {
    filter: { id: [parked?.id] },
    reason: "thử",
  });
  expect([dry.status, dry.body.count]).toEqual([200, 0]);
});

test("stored pieces give any range of what was written, whatever pieces it came in", async () => {
  const store = createPieceStore(scene.database, "t");
  const whole = Buffer.alloc(2 * PIECE_BYTES + 17, "0123456789abcdef-");
  async function* parts() {
    yield whole.subarray(0, 3);
    yield whole.subarray(3, PIECE_BYTES + 5);
    yield whole.subarray(PIECE_BYTES + 5);
  }
  await store.write("name", parts());
  const read = async (first: number, last: number): Promise<Buffer> => {
    const found: Uint8Array[] = [];
    for await (const piece of (await store.read("name", { first, last })) ?? []) found.push(piece);
    return Buffer.concat(found);
  };
  const end = whole.length - 1;
  for (const [first, last] of [
    [0, 0],
    [PIECE_BYTES - 1, PIECE_BYTES],
    [5, 2 * PIECE_BYTES + 3],
    [end, end],
    [0, end],
  ] as const) {
    expect((await read(first, last)).equals(whole.subarray(first, last + 1)), `${first}-${last}`).toBe(true);
  }
  await store.remove("name");
  expect(await store.read("name", { first: 0, last: 0 })).toBeNull();
});
