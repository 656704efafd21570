import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { CitizenAnswer } from "../../contracts/services/citizens.ts";
import type { InboxPage } from "../../contracts/services/inbox.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { type LookUpScene, lookupBody, openLookUpScene } from "./look-up-scene.ts";

let scene: LookUpScene;
beforeAll(async () => {
  scene = await openLookUpScene();
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await scene.allow(["fullName", "gender"]);
});
afterAll(() => scene.close());
afterEach(() => scene.population.dial.clear());

const defer = (headers: Record<string, string> = {}, parts: Record<string, unknown> = {}) =>
  scene.lookUp<{ lookupId: string }>(lookupBody({ deferred: true, ...parts }), { headers });

const fetchIt = async (id: string, officer: Record<string, unknown> = {}) =>
  scene.call<CitizenAnswer>("GET", `/v1/citizens/lookups/${id}`, undefined, { token: await scene.officer(officer) });

const settledEvents = async () => {
  const { body } = await scene.call<InboxPage>("GET", "/v1/inbox?limit=200");
  return body.items.filter(({ type }) => type === "lookup.settled").map(({ data }) => data);
};

const entryOf = async (id: string) => {
  const [entry] = await rows<{ payload: unknown; agency: string }>(
    scene.database,
    sql`select payload, agency from entries where subject = ${id}`,
  );
  return entry;
};

test("a deferred look-up tells only its outcome, and gives what may be seen once, to the officer who asked", async () => {
  const taken = await defer();
  expect(taken.status).toBe(202);
  const { lookupId } = taken.body;
  await scene.drained();
  await expect.poll(settledEvents).toContainEqual({ lookupId, outcome: "matched" });
  expect(await entryOf(lookupId)).toMatchObject({ payload: null });
  expect((await fetchIt(lookupId, { sub: "CB-OTHER" })).status).toBe(404);
  expect((await scene.call("GET", `/v1/citizens/lookups/${lookupId}`)).status).toBe(403);
  const { status, body } = await fetchIt(lookupId);
  expect([status, body]).toEqual([
    200,
    { outcome: "matched", citizen: { fullName: expect.stringContaining("MẪU"), gender: "1" }, requestId: lookupId },
  ]);
  expect((await fetchIt(lookupId)).status).toBe(410);
  const records = await scene.records(`dossierCode=${codeOf(1)}&limit=2`);
  expect(records.map(({ kind, end }) => [kind, end?.outcome, end?.fields])).toEqual([
    ["citizen.fetch", "matched", ["fullName", "gender"]],
    ["citizen.lookup-deferred", "matched", []],
  ]);
});

test("the same Idempotency-Key gives the same look-up and asks once", async () => {
  const asked = scene.population.registry.asked.length;
  const [first, second] = [await defer({ "idempotency-key": "k1" }), await defer({ "idempotency-key": "k1" })];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  await scene.drained();
  expect(scene.population.registry.asked.length).toBe(asked + 1);
});

test("a registry that is away is asked again until it answers, each time as a question of its own", async () => {
  scene.population.dial.set([{ fault: "html", times: 2 }]);
  const { body } = await defer();
  expect((await fetchIt(body.lookupId)).headers.get("retry-after")).toBe("2");
  await scene.drained();
  expect((await fetchIt(body.lookupId)).body.outcome).toBe("matched");
});

test("what nobody fetched in a day is gone", async () => {
  const { body } = await defer();
  await scene.drained();
  await scene.database.execute(
    sql`update deferred_look_ups set settled_at = settled_at - interval '25 hours' where id = ${body.lookupId}`,
  );
  expect((await fetchIt(body.lookupId)).status).toBe(410);
});

test("a refused look-up is told as failed, and one that breaks a rule is recorded and not taken", async () => {
  scene.population.dial.set([{ fault: "soap-fault", code: "soapenv:Client", times: 1 }]);
  const { body } = await defer();
  await scene.drained();
  await expect.poll(settledEvents).toContainEqual({ lookupId: body.lookupId, outcome: "failed" });
  expect((await fetchIt(body.lookupId)).status).toBe(422);
  const other = await defer({ "idempotency-key": "k2" }, { procedureCode: "1.005129" });
  expect(other.status).toBe(409);
  expect((await scene.records("outcome=refused&kind=citizen.lookup-deferred"))[0]?.end?.errorCode).toBe("conflict");
  expect((await defer({ "idempotency-key": "k2" })).status).toBe(202);
  await scene.drained();
});
