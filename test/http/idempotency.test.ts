import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import { sql } from "../../src/database/sql.ts";
import { KEY_LIFETIME_DAYS, purgeKeys } from "../../src/ledger/idempotency.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";
import { openSecondProcess } from "./second-process.ts";

let scene: ApiScene;
let number = 0;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const nextPath = () => `/v1/dossiers/${codeOf(++number)}`;
const withKey = (key: string) => ({ headers: { "idempotency-key": key } });
const put = (path: string, body: unknown, key: string, client = "province") =>
  scene.call<DossierAccepted>("PUT", path, body, { client, ...withKey(key) });
const entriesOf = async (path: string): Promise<number> => {
  const code = path.split("/")[3];
  return (await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`)).body.items.length;
};

test("the same key with the same request gives the first answer byte for byte and says that it does", async () => {
  const path = nextPath();
  const first = await put(path, dossierBody(), "k1");
  const second = await put(path, dossierBody(), "k1");
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.text).toBe(first.text);
  expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
  expect(first.headers.has("idempotency-replayed")).toBe(false);
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  expect(await entriesOf(path)).toBe(1);
});

test("a repetition that is more urgent is the same request; one with another option is not", async () => {
  const path = nextPath();
  const first = await put(path, dossierBody(), "k-urgent");
  const urgent = await put(`${path}?priority=desk`, dossierBody(), "k-urgent");
  expect([urgent.status, urgent.text]).toEqual([202, first.text]);
  expect(urgent.headers.get("idempotency-replayed")).toBe("true");
  expect((await put(`${path}?known=true`, dossierBody(), "k-urgent")).status).toBe(422);
});

test("the first answer comes again though the dossier has changed since", async () => {
  const path = nextPath();
  const first = await put(path, dossierBody(), "k2");
  await scene.call("PUT", path, dossierBody({ summary: "khác" }));
  const entries = await entriesOf(path);
  expect((await put(path, dossierBody(), "k2")).text).toBe(first.text);
  expect(await entriesOf(path)).toBe(entries);
  const { body } = await scene.call<{ dossier: { summary: string } }>("GET", path);
  expect(body.dossier.summary).toBe("khác");
});

test("the first answer is known to every process and after a restart", async () => {
  const path = nextPath();
  const first = await put(path, dossierBody(), "k3");
  const second = await openSecondProcess(scene);
  const init = {
    method: "PUT",
    headers: {
      authorization: `Bearer ${await scene.token()}`,
      "content-type": "application/json",
      "idempotency-key": "k3",
    },
    body: JSON.stringify(dossierBody()),
  };
  const answer = await scene.send(path, init, second.app);
  expect([answer.text, answer.headers.get("idempotency-replayed")]).toEqual([first.text, "true"]);
  await second.close();
});

test("order of members and white space make no other request; a value does", async () => {
  const path = nextPath();
  const body = dossierBody();
  const first = await put(path, body, "k4");
  const turned = Object.fromEntries(Object.entries(body).toReversed());
  expect((await put(path, JSON.stringify(turned, null, 4), "k4")).text).toBe(first.text);
  const applicant = Object.fromEntries(Object.entries(body.applicant).toReversed());
  expect((await put(path, { ...turned, applicant }, "k4")).text).toBe(first.text);
  const other = await scene.storesNothing(() => put(path, dossierBody({ summary: "khác" }), "k4"));
  expect(other.status).toBe(422);
  expect(other.body).toMatchObject({ code: "idempotency_key_reused", retry: "never" });
});

test("the order of items in a list is a value", async () => {
  const path = nextPath();
  const body = (databasesUsed: string[]) => dossierBody({ databasesUsed });
  expect((await put(path, body(["CSDL1", "CSDL2"]), "k5")).status).toBe(202);
  expect((await put(path, body(["CSDL2", "CSDL1"]), "k5")).status).toBe(422);
});

test("another path, another method or another query with the same key is another request", async () => {
  const path = nextPath();
  await put(path, dossierBody(), "k6");
  expect((await put(nextPath(), dossierBody(), "k6")).status).toBe(422);
  expect((await put(`${path}?known=true`, dossierBody(), "k6")).status).toBe(422);
  expect((await scene.call("POST", `${path}/events`, eventBody("e"), withKey("k6"))).status).toBe(422);
});

test("keys belong to their client: another one may use the same", async () => {
  const [first, second] = [nextPath(), nextPath()];
  expect((await put(first, dossierBody(), "k7", "industry")).status).toBe(202);
  const other = await put(second, dossierBody({ summary: "khác" }), "k7", "health");
  expect([other.status, other.headers.has("idempotency-replayed")]).toEqual([202, false]);
});

test("a refused call does not use up its key", async () => {
  const path = nextPath();
  await scene.call("PUT", path, dossierBody({ revision: 5 }));
  const refusals: [number, unknown][] = [
    [400, dossierBody({ status: "x" })],
    [400, "{"],
    [409, dossierBody({ revision: 4 })],
  ];
  for (const [status, body] of refusals) expect((await put(path, body, "k8")).status).toBe(status);
  const good = await put(path, dossierBody({ revision: 6 }), "k8");
  expect([good.status, good.headers.has("idempotency-replayed")]).toEqual([202, false]);
  const unknown = await scene.call("POST", `${nextPath()}/events`, eventBody("e"), withKey("k9"));
  expect(unknown.status).toBe(404);
  expect((await scene.call("POST", `${path}/events`, eventBody("e"), withKey("k9"))).status).toBe(202);
});

test("of many calls at once with one key a single one does the work, and all get its answer", async () => {
  const path = nextPath();
  const answers = await Promise.all(Array.from({ length: 12 }, () => put(path, dossierBody(), "k10")));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has("idempotency-replayed"))).toHaveLength(11);
  expect(await entriesOf(path)).toBe(1);
});

test("of many steps at once with one key a single one is recorded", async () => {
  const path = nextPath();
  await scene.call("PUT", path, dossierBody());
  const post = () => scene.call<EventAccepted>("POST", `${path}/events`, eventBody("e1"), withKey("k11"));
  const answers = await Promise.all(Array.from({ length: 12 }, post));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has("idempotency-replayed"))).toHaveLength(11);
  expect(await entriesOf(path)).toBe(2);
});

test("of two different requests at once with one key one is done and the other refused", async () => {
  const [first, second] = [nextPath(), nextPath()];
  const answers = await Promise.all([put(first, dossierBody(), "k12"), put(second, dossierBody(), "k12")]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 422]);
  expect((await entriesOf(first)) + (await entriesOf(second))).toBe(1);
});

test("retry and cancel take a key as well", async () => {
  const path = nextPath();
  const { exchanges } = (await scene.call<DossierAccepted>("PUT", path, dossierBody())).body;
  const cancel = `/v1/ledger/${exchanges[0]?.id}/cancel`;
  const first = await scene.call<EntryView>("POST", cancel, { reason: "nhầm" }, withKey("k13"));
  const again = await scene.call<EntryView>("POST", cancel, { reason: "nhầm" }, withKey("k13"));
  expect([first.status, again.status]).toEqual([200, 200]);
  expect([again.text, again.headers.get("idempotency-replayed")]).toEqual([first.text, "true"]);
  expect((await scene.call("POST", cancel, { reason: "nhầm" })).status).toBe(409);
});

test("reading takes no notice of a key", async () => {
  const path = nextPath();
  await scene.call("PUT", path, dossierBody());
  for (const target of [path, "/v1/dossiers", "/v1/ledger"]) {
    const first = await scene.storesNothing(() => scene.call("GET", target, undefined, withKey("bad key")));
    expect([first.status, first.headers.has("idempotency-replayed")]).toEqual([200, false]);
  }
});

test("keys live thirty days and not longer", async () => {
  const [old, young] = [nextPath(), nextPath()];
  await put(old, dossierBody(), "k14");
  await put(young, dossierBody(), "k15");
  const age = (key: string, days: number) =>
    scene.database.execute(
      sql`update idempotency_keys set created_at = now() - make_interval(days => ${days}) where key = ${key}`,
    );
  await age("k14", KEY_LIFETIME_DAYS + 1);
  await age("k15", KEY_LIFETIME_DAYS - 1);
  await purgeKeys(scene.database);
  expect(KEY_LIFETIME_DAYS).toBe(30);
  expect((await put(young, dossierBody(), "k15")).headers.get("idempotency-replayed")).toBe("true");
  expect((await put(old, dossierBody(), "k14")).headers.has("idempotency-replayed")).toBe(false);
});
