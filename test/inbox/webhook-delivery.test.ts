import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Event } from "../../contracts/services/inbox.ts";
import type { EntryDetail } from "../../contracts/services/ledger.ts";
import type { WebhookWithSecret } from "../../contracts/services/webhooks.ts";
import { sql } from "../../src/database/sql.ts";
import { codeOf } from "../http/api-scene.ts";
import { type InboxScene, newEvent, openInboxScene, until } from "./inbox-scene.ts";

let scene: InboxScene;
let names = 0;

beforeAll(async () => {
  scene = await openInboxScene();
});
beforeEach(() => scene.clear());
afterAll(() => scene.close());

/** An address of the receiver that no other test uses. */
const fresh = (): string => `hook-${++names}`;
const count = (name: string, n: number) => until(`${n} at ${name}`, () => scene.receiver.received(name).length >= n);
const taken = (name: string, n: number) => until(`${n} taken by ${name}`, () => scene.receiver.taken(name).length >= n);

test("a failed exchange is pushed, and the reference library of Standard Webhooks accepts the message", async () => {
  const name = fresh();
  const { secret } = await scene.hook(name, ["exchange.failed"]);
  scene.refuseDossiers();
  const code = codeOf(++names);
  await scene.putDossier(code);
  await taken(name, 1);
  const [message] = scene.receiver.received(name);
  const event = new Webhook(secret).verify(message?.body ?? "", { ...message?.headers }) as Event;
  expect(event).toEqual({
    id: message?.id,
    type: "exchange.failed",
    occurredAt: expect.stringMatching(/Z$/u),
    subject: code,
    agency: "H04",
    data: {
      exchangeId: expect.stringMatching(/^\d+$/u),
      platform: "national-portal",
      operation: "dossier.put",
      dossierCode: code,
      code: "upstream_rejected",
      platformCode: "3",
      correlationId: expect.any(String),
    },
  });
  // What the platform said may name people: it stays in the ledger.
  expect(message?.body).not.toContain("Thiếu");
  expect(() => new Webhook(secret).verify(`${message?.body} `, { ...message?.headers })).toThrow();
  await scene.drained();
  const [delivery] = await scene.deliveries(`&dossierCode=${code}`);
  expect(delivery).toMatchObject({ operation: "webhook.deliver", state: "delivered", subject: code, attempts: 1 });
});

test("a delivered exchange is told only while somebody subscribes to it", async () => {
  await scene.putDossier(codeOf(++names));
  await scene.drained();
  expect((await scene.inbox()).items).toEqual([]);
  const name = fresh();
  await scene.hook(name, ["exchange.delivered"]);
  const code = codeOf(++names);
  await scene.putDossier(code);
  await taken(name, 1);
  expect(scene.events(name)).toMatchObject([{ type: "exchange.delivered", subject: code }]);
  expect((await scene.inbox()).items.map(({ type, subject }) => [type, subject])).toEqual([
    ["exchange.delivered", code],
  ]);
});

test("after a rotation both secrets sign for a day, then the new one alone; none is shown twice", async () => {
  const name = fresh();
  const first = await scene.hook(name);
  const rotated = await scene.call<WebhookWithSecret>("POST", `/v1/webhooks/${first.id}/rotate`);
  const second = rotated.body.secret;
  expect(second).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
  expect(second).not.toBe(first.secret);
  const shown = await scene.webhook(first.id);
  expect(Object.keys(shown)).not.toContain("secret");
  const until24h = Date.parse(shown.previousSecretUntil ?? "") - Date.now();
  expect(until24h / 3_600_000).toBeCloseTo(24, 0);

  await scene.record([newEvent()]);
  await taken(name, 1);
  const [both] = scene.receiver.received(name);
  expect(both?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const secret of [first.secret, second]) new Webhook(secret).verify(both?.body ?? "", { ...both?.headers });

  await scene.database.execute(sql`update webhooks set previous_until = now()`);
  await scene.record([newEvent()]);
  await taken(name, 2);
  const later = scene.receiver.received(name)[1];
  new Webhook(second).verify(later?.body ?? "", { ...later?.headers });
  expect(() => new Webhook(first.secret).verify(later?.body ?? "", { ...later?.headers })).toThrow();
  expect((await scene.webhook(first.id)).previousSecretUntil).toBeUndefined();
});

test("a webhook gets the types it asks for, of its agency and those below, and nothing of others", async () => {
  const [province, industry, health] = [fresh(), fresh(), fresh()];
  await scene.hook(province, ["document.received", "receipt.stored"]);
  await scene.hook(industry, undefined, "industry");
  await scene.hook(health, undefined, "health");
  await scene.record([
    newEvent({ subject: "a", agency: "000.00.15.H04" }),
    newEvent({ subject: "b", agency: "H04.15.01", type: "document.status" }),
    newEvent({ subject: "c", agency: "H04.16", type: "receipt.stored" }),
    newEvent({ subject: "d", agency: undefined }),
  ]);
  await Promise.all([taken(province, 3), taken(industry, 2), taken(health, 1)]);
  await scene.drained();
  const subjects = (name: string) => scene.events(name).map(({ subject }) => subject);
  expect([subjects(province).sort(), subjects(industry).sort(), subjects(health)]).toEqual([
    ["a", "c", "d"],
    ["a", "b"],
    ["c"],
  ]);
  expect(scene.events(province).find(({ subject }) => subject === "d")?.agency).toBe("H04");
});

test("events of one subject come in their order, also when one is refused a few times; other subjects do not wait", async () => {
  const name = fresh();
  await scene.hook(name);
  let refusals = 0;
  scene.receiver.behave(({ body }) => {
    const { subject, data } = JSON.parse(body) as Event;
    if (subject !== "slow" || data["n"] !== 1 || refusals === 3) return { status: 200 };
    refusals += 1;
    return { status: 500 };
  }, name);
  const of = (subject: string) => [1, 2, 3].map((n) => newEvent({ subject, data: { n } }));
  await scene.record([...of("slow"), ...of("quick")]);
  await taken(name, 6);
  const order = scene.events(name).map(({ subject, data }) => `${subject} ${data["n"]}`);
  expect(order.filter((line) => line.startsWith("slow"))).toEqual(["slow 1", "slow 2", "slow 3"]);
  expect(order.filter((line) => line.startsWith("quick"))).toEqual(["quick 1", "quick 2", "quick 3"]);
  const tries = scene.receiver.received(name).filter(({ body }) => body.includes('"n":1') && body.includes("slow"));
  expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
  expect(tries.map(({ status }) => status)).toEqual([500, 500, 500, 200]);
});

test("any 2xx delivers, whatever nonsense its body holds", async () => {
  const name = fresh();
  await scene.hook(name);
  for (const [n, status] of [200, 201, 299].entries()) {
    scene.receiver.behave({ status, body: "<html>{{{ \u0000 nonsense".repeat(1000) }, name);
    await scene.record([newEvent({ subject: `nonsense-${n}` })]);
    await taken(name, n + 1);
  }
  await scene.drained();
  expect(scene.receiver.received(name)).toHaveLength(3);
});

test("a redirect is not followed, and counts as not delivered", async () => {
  const [name, inside] = [fresh(), fresh()];
  await scene.hook(name);
  scene.receiver.behave({ status: 307, headers: { location: scene.urlOf(inside) } }, name);
  await scene.record([newEvent({ subject: "redirected" })]);
  await count(name, 2);
  expect(scene.receiver.received(inside)).toEqual([]);
  const [waiting] = await scene.deliveries("&subject=redirected");
  expect(waiting).toMatchObject({ error: { code: "upstream_rejected", platformCode: "307" } });
  scene.receiver.behave({ status: 200 }, name);
  await taken(name, 1);
});

test("410 disables the webhook; what was queued waits, and goes out in its order when it is enabled", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  scene.receiver.behave({ status: 410 }, name);
  await scene.record([1, 2, 3].map((n) => newEvent({ subject: "gone", data: { n } })));
  await until("disabled", async () => (await scene.webhook(id)).state === "disabled");
  const disabled = await scene.webhook(id);
  expect(disabled).toMatchObject({ disabledBecause: "gone", disabledAt: expect.stringMatching(/Z$/u) });
  const [third, second, first] = await scene.deliveries("&subject=gone");
  expect([first?.state, second?.state, third?.state]).toEqual(["failed", "queued", "queued"]);
  expect(first?.error).toMatchObject({ code: "gone", platformCode: "410" });
  // While it is disabled nothing is queued for it. The inbox has it.
  await scene.record([newEvent({ subject: "meanwhile" })]);
  expect(await scene.deliveries("&subject=meanwhile")).toEqual([]);
  expect((await scene.inbox()).items.map(({ subject }) => subject)).toContain("meanwhile");

  scene.receiver.behave({ status: 200 }, name);
  const enabled = await scene.call("POST", `/v1/webhooks/${id}/enable`);
  expect(enabled.body).toMatchObject({ state: "active" });
  await taken(name, 3);
  expect(scene.events(name).map(({ data }) => data["n"])).toEqual([1, 2, 3]);
  expect(scene.receiver.received(name)).toHaveLength(4);
});

test("deleting cancels what was queued, and nothing more is sent", async () => {
  const name = fresh();
  const { id } = await scene.hook(name);
  scene.receiver.behave({ status: 503 }, name);
  await scene.record([1, 2].map((n) => newEvent({ subject: "deleted", data: { n } })));
  await count(name, 1);
  expect((await scene.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(200);
  expect((await scene.call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
  expect((await scene.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(404);
  await scene.drained();
  const states = (await scene.deliveries("&subject=deleted")).map(({ state }) => state);
  // One that was on the wire at that moment ends by itself, finally.
  expect(["cancelled", "failed"]).toContain(states[1]);
  expect(states[0]).toBe("cancelled");
  const before = scene.receiver.received(name).length;
  await scene.record([newEvent({ subject: "deleted" })]);
  await scene.drained();
  expect(scene.receiver.received(name)).toHaveLength(before);
});

test("deliveries stand in the ledger: their attempts without secrets, and a replay sends them again", async () => {
  const name = fresh();
  const { secret } = await scene.hook(name);
  await scene.record([newEvent({ subject: "again", dossierCode: codeOf(77) })]);
  await taken(name, 1);
  await scene.drained();
  const [delivery] = await scene.deliveries("&subject=again");
  const { body } = await scene.call<EntryDetail>("GET", `/v1/ledger/${delivery?.id}`);
  expect(body).toMatchObject({ dossierCode: codeOf(77), state: "delivered" });
  expect(body.attemptLog).toMatchObject([{ kind: "send", outcome: "delivered", httpStatus: 204 }]);
  expect(body.attemptLog[0]?.request).toContain('"document.received"');
  expect(JSON.stringify(body)).not.toContain("v1,");
  expect(JSON.stringify(body)).not.toContain(secret.slice(6, 20));

  const filter = { subject: "again", platform: "province" };
  const dry = await scene.call("POST", "/v1/ledger/replays", { filter });
  expect(dry.body).toMatchObject({ count: 1, byOperation: { "webhook.deliver": 1 }, examples: [{ difference: [] }] });
  const started = await scene.call("POST", "/v1/ledger/replays", { filter, dryRun: false, reason: "lost at our side" });
  expect(started.status).toBe(202);
  await count(name, 2);
  const [one, two] = scene.receiver.received(name);
  expect([two?.id, two?.body]).toEqual([one?.id, one?.body]);
});

test("a webhook that fails cannot be corrected, and no event tells of it", async () => {
  const name = fresh();
  await scene.hook(name);
  scene.receiver.behave({ status: 410 }, name);
  await scene.record([newEvent({ subject: "final" })]);
  await until("failed", async () => (await scene.deliveries("&subject=final&state=failed")).length === 1);
  const [failed] = await scene.deliveries("&subject=final");
  const correction = { payload: {}, reason: "no" };
  expect((await scene.call("POST", `/v1/ledger/${failed?.id}/corrections`, correction)).status).toBe(409);
  expect((await scene.inbox()).items.map(({ type }) => type)).toEqual(["document.received"]);
});
