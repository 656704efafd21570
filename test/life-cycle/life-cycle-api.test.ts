import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted, DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import { LIFE_CYCLE_RULES, type LifeCyclePolicy } from "../../contracts/services/life-cycle.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, faultsOf, openApiScene } from "../http/api-scene.ts";
import { openSecondProcess } from "../http/second-process.ts";

let scene: ApiScene;
let number = 0;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const POLICY = "/v1/life-cycle";
const setPolicy = (rules: Record<string, string>, more: Record<string, string> = {}) =>
  scene.call<LifeCyclePolicy>("PUT", POLICY, { rules, ...more });
const put = async (parts: Record<string, unknown> = {}, path = `/v1/dossiers/${codeOf(++number)}`) => ({
  path,
  answer: await scene.call<DossierAccepted>("PUT", path, dossierBody(parts)),
});
const step = (path: string, eventId: string, parts: Record<string, unknown>) =>
  scene.call<EventAccepted>("POST", `${path}/events`, eventBody(eventId, parts), {
    headers: { "accept-language": "en" },
  });
const told = ({ body }: { readonly body: DossierAccepted | EventAccepted }): string[] =>
  body.warnings.map(({ field, code }) => `${field} ${code}`);
const EXTENSION = { kind: "extension", reason: "chờ ý kiến", newDueAt: "2026-03-03T17:00:00+07:00" };

test("every rule warns until a policy says otherwise, and the policy is answered whole", async () => {
  const { status, body } = await scene.call<LifeCyclePolicy>("GET", POLICY);
  expect([status, body.refusalAfterReview]).toEqual([200, "stopped"]);
  expect(body.rules).toEqual(Object.fromEntries(LIFE_CYCLE_RULES.map((rule) => [rule, "warn"])));
});

test("a policy that refuses turns the warning into 422, names the field, and stores nothing", async () => {
  const { path } = await put({ status: "finished" });
  const stored = await setPolicy({ unusual_transition: "refuse" });
  expect([stored.status, stored.body.rules.unusual_transition, stored.body.rules.late_transfer]).toEqual([
    200,
    "refuse",
    "warn",
  ]);
  const refused = await scene.storesNothing(() =>
    scene.call("POST", `${path}/events`, eventBody("e1"), { headers: { "accept-language": "en" } }),
  );
  expect([refused.status, refused.body.code, refused.body.retry]).toEqual([422, "lifecycle_refused", "never"]);
  expect(faultsOf(refused.body)).toEqual(["status unusual_transition"]);
  expect(refused.body.detail).toBe("The status goes from finished to processing, which the usual life cycle does not.");
  const again = await scene.storesNothing(() => put({ status: "processing" }, path));
  expect([again.answer.status, (again.answer.body as unknown as { code: string }).code]).toEqual([
    422,
    "lifecycle_refused",
  ]);
  expect((await scene.call<DossierDetail>("GET", path)).body.status).toBe("finished");
  await setPolicy({});
  const taken = await step(path, "e1", {});
  expect([taken.status, told(taken)]).toEqual([202, ["status unusual_transition"]]);
});

test("what was accepted before stays accepted: a repeated step and an equal put are answered as before", async () => {
  const { path } = await put({ status: "finished" });
  const first = await step(path, "e1", {});
  const body = { status: "submitted", channel: "counter" };
  const counter = await put(body);
  await setPolicy({ unusual_transition: "refuse", step_before_receipt: "refuse" });
  expect((await step(path, "e1", {})).text).toBe(first.text);
  expect((await put(body, counter.path)).answer.status).toBe(202);
  await setPolicy({});
});

test("a refused call does not use up its Idempotency-Key", async () => {
  const { path } = await put({ status: "finished" });
  const headers = { "idempotency-key": "life-1" };
  await setPolicy({ unusual_transition: "refuse" });
  const call = () => scene.call("POST", `${path}/events`, eventBody("e1"), { headers });
  expect((await call()).status).toBe(422);
  await setPolicy({});
  const taken = await call();
  expect([taken.status, taken.headers.get("idempotency-replayed")]).toEqual([202, null]);
});

test("a new policy holds for the next call of every process on the database", async () => {
  const { path } = await put({ status: "finished" });
  const other = await openSecondProcess(scene);
  const sent = async (eventId: string): Promise<RequestInit> => ({
    method: "POST",
    headers: { authorization: `Bearer ${await scene.token()}`, "content-type": "application/json" },
    body: JSON.stringify(eventBody(eventId)),
  });
  const there = async (eventId: string) => scene.send(`${path}/events`, await sent(eventId));
  const elsewhere = async (eventId: string) => scene.send(`${path}/events`, await sent(eventId), other.app);
  try {
    expect((await elsewhere("e1")).status).toBe(202);
    await put({ status: "finished", note: "x" }, path);
    await setPolicy({ unusual_transition: "refuse" });
    expect([(await elsewhere("e2")).status, (await there("e2")).status]).toEqual([422, 422]);
    await setPolicy({});
    expect((await elsewhere("e2")).status).toBe(202);
  } finally {
    await other.close();
  }
});

test("an unknown rule, an unknown action and an unknown status are refused and named", async () => {
  await scene.refuses("PUT", POLICY, { rules: { late_lunch: "warn" } }, ["rules.late_lunch unknown_field"]);
  await scene.refuses("PUT", POLICY, { rules: { late_transfer: "off" } }, ["rules.late_transfer not_allowed"]);
  await scene.refuses("PUT", POLICY, {}, ["rules required"]);
  const { path } = await put();
  await scene.refuses("POST", `${path}/events`, eventBody("e1", { status: "archived" }), ["status not_allowed"]);
  await scene.refuses("PUT", path, dossierBody({ status: "4" }), ["status not_allowed"]);
});

test("a refusal without a reason, and a reason for lateness where nothing is extended, are refused and named", async () => {
  const { path } = await put();
  const refusal = eventBody("e1", { kind: "refusal", status: "stopped" });
  await scene.refuses("POST", `${path}/events`, refusal, ["reason required"]);
  const stray = eventBody("e1", { overrideReason: "bão lụt" });
  await scene.refuses("POST", `${path}/events`, stray, ["overrideReason not_allowed"]);
});

test("a client without the scopes neither reads nor sets the rules", async () => {
  const reader = { client: "reader" };
  for (const [method, path, body] of [
    ["GET", POLICY, undefined],
    ["PUT", POLICY, { rules: {} }],
    ["GET", "/v1/agency-codes", undefined],
    ["PUT", "/v1/agency-codes", { codes: [] }],
    ["PUT", "/v1/calendar/hours", undefined],
  ] as const) {
    expect([path, (await scene.call(method, path, body, reader)).status]).toEqual([path, 403]);
  }
});

test("setting the policy is audited with what it refuses", async () => {
  await setPolicy({ late_transfer: "refuse", slip_mismatch: "refuse" }, { refusalAfterReview: "either" });
  const [act] = await rows<{ actor: string; subject: string; detail: unknown }>(
    scene.database,
    sql`select actor, subject, detail from audit where action = 'life-cycle.replace' order by id desc limit 1`,
  );
  expect(act).toEqual({
    actor: "province",
    subject: "life-cycle",
    detail: { refuse: "late_transfer,slip_mismatch", refusalAfterReview: "either" },
  });
  await setPolicy({});
});

test("one extension only: the second is told, and refused where the policy says so", async () => {
  const { path } = await put({
    status: "processing",
    receivedAt: "2026-02-10T09:00:00+07:00",
    dueAt: "2026-02-24T17:00:00+07:00",
  });
  const first = await step(path, "x1", { ...EXTENSION, occurredAt: "2026-02-23T17:00:00+07:00" });
  expect(told(first)).toEqual([]);
  // The due date in force is now 3 March.
  const late = { ...EXTENSION, occurredAt: "2026-03-02T17:00:01+07:00" };
  expect(told(await step(path, "x2", late))).toEqual(["kind repeated_extension", "occurredAt late_extension"]);
  await setPolicy({ repeated_extension: "refuse" });
  expect((await step(path, "x3", { ...late, overrideReason: "bão lụt" })).status).toBe(422);
  await setPolicy({});
});

test("a supplement pauses the clock: the extension may come as much later", async () => {
  const dates = { receivedAt: "2026-03-02T09:00:00+07:00", dueAt: "2026-03-06T17:00:00+07:00" };
  const { path } = await put({ status: "processing", ...dates });
  await step(path, "s1", {
    kind: "supplement-request",
    status: "supplement-required",
    occurredAt: "2026-03-03T07:30:00+07:00",
  });
  const back = { kind: "supplement-received", status: "processing", occurredAt: "2026-03-05T07:30:00+07:00" };
  expect(told(await step(path, "s2", back))).toEqual([]);
  // Two working days were paused: due on Tuesday 10 March, so notice is due by Monday 9 March.
  const extension = { ...EXTENSION, newDueAt: "2026-03-17T17:00:00+07:00" };
  expect(told(await step(path, "x1", { ...extension, occurredAt: "2026-03-09T17:00:00+07:00" }))).toEqual([]);
  const other = await put({ status: "processing", ...dates });
  expect(told(await step(other.path, "x1", { ...extension, occurredAt: "2026-03-09T17:00:00+07:00" }))).toEqual([
    "occurredAt late_extension",
  ]);
});

test("a second supplement is told, told of by put or by step", async () => {
  const { path } = await put({ status: "processing" });
  const ask = { kind: "supplement-request", status: "supplement-required" };
  expect(told(await step(path, "s1", ask))).toEqual([]);
  await step(path, "s2", { kind: "supplement-received", status: "processing" });
  expect(told((await put({ status: "supplement-required" }, path)).answer)).toEqual(["status repeated_supplement"]);
  expect(told(await step(path, "s3", ask))).toEqual([]);
});

test("the calendar and the hours as put decide from their commit on", async () => {
  const dates = { receivedAt: "2026-02-10T09:00:00+07:00", dueAt: "2026-02-23T17:00:00+07:00" };
  const extend = async (occurredAt: string) => {
    const { path } = await put({ status: "processing", ...dates });
    return told(await step(path, "x1", { ...EXTENSION, occurredAt }));
  };
  // Tết 2026 is off from 16 to 20 February: notice is due by Friday 13 February.
  expect(await extend("2026-02-13T17:00:00+07:00")).toEqual([]);
  expect(await extend("2026-02-20T16:00:00+07:00")).toEqual(["occurredAt late_extension"]);
  const days = [{ date: "2026-02-21", kind: "working", name: "Làm bù", hours: [{ from: "07:30", to: "11:30" }] }];
  const stored = await scene.call("PUT", "/v1/calendar", { days });
  expect([stored.status, stored.body]).toMatchObject([200, { days }]);
  expect(await extend("2026-02-21T11:30:00+07:00")).toEqual([]);
  expect(await extend("2026-02-21T11:31:00+07:00")).toEqual(["occurredAt late_extension"]);
  await scene.call("PUT", "/v1/calendar", { days: [] });
  const { body } = await scene.call<{ hours: Record<string, unknown> }>("GET", "/v1/calendar/hours");
  const friday = [{ from: "07:30", to: "11:30" }];
  expect((await scene.call("PUT", "/v1/calendar/hours", { hours: { ...body.hours, friday } })).status).toBe(200);
  expect(await extend("2026-02-13T12:00:00+07:00")).toEqual(["occurredAt late_extension"]);
  await scene.call("PUT", "/v1/calendar/hours", body);
});

test("hours that overlap, run backwards, name no time or leave no working day are refused and named", async () => {
  const { body } = await scene.call<{ hours: Record<string, unknown> }>("GET", "/v1/calendar/hours");
  const refuses = (monday: unknown, faults: readonly string[]) =>
    scene.refuses("PUT", "/v1/calendar/hours", { hours: { ...body.hours, monday } }, faults);
  await refuses([{ from: "11:30", to: "07:30" }], ["hours.monday[0].to out_of_range"]);
  await refuses(
    [
      { from: "07:30", to: "11:30" },
      { from: "11:00", to: "17:00" },
    ],
    ["hours.monday[1].from out_of_range"],
  );
  await refuses(
    [{ from: "7:30", to: "24:00" }],
    ["hours.monday[0].from invalid_format", "hours.monday[0].to invalid_format"],
  );
  const none = Object.fromEntries(Object.keys(body.hours).map((weekday) => [weekday, []]));
  await scene.refuses("PUT", "/v1/calendar/hours", { hours: none }, ["hours too_short"]);
  const holiday = { date: "2026-02-21", kind: "holiday", name: "x", hours: [{ from: "07:30", to: "11:30" }] };
  await scene.refuses("PUT", "/v1/calendar", { days: [holiday] }, ["days[0].hours not_allowed"]);
  const nowhere = { date: "0000-02-21", kind: "holiday", name: "x" };
  await scene.refuses("PUT", "/v1/calendar", { days: [nowhere] }, ["days[0].date invalid_date"]);
});

test("steps sent at the same moment are judged one after the other: one of two extensions is the second", async () => {
  const { path } = await put({ status: "processing" });
  const answers = await Promise.all(
    ["x1", "x2"].map((id) => step(path, id, { ...EXTENSION, newDueAt: "2026-12-07T17:00:00+07:00" })),
  );
  expect(answers.flatMap(told)).toEqual(["kind repeated_extension"]);
});

test("a dossier of before the rules has nothing counted, and its due date is the one put", async () => {
  const { path } = await put({ status: "processing" });
  await scene.database.execute(sql`update dossiers set life_cycle = null where code = ${codeOf(number)}`);
  const late = { ...EXTENSION, newDueAt: "2026-12-07T17:00:00+07:00", occurredAt: "2026-11-30T08:00:00+07:00" };
  expect(told(await step(path, "x1", late))).toEqual(["occurredAt late_extension"]);
  expect(told(await step(path, "x2", { ...late, occurredAt: "2026-11-26T08:00:00+07:00" }))).toEqual([
    "kind repeated_extension",
  ]);
});

test("a warned call is sent like any other", async () => {
  const { path, answer } = await put({ status: "submitted", channel: "counter" });
  expect(told(answer)).toEqual(["status unusual_transition"]);
  const { body } = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${path.split("/").at(-1)}`);
  expect(body.items.map(({ state }) => state)).toEqual(["queued"]);
});
