import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { EVENT_TYPES } from "../../contracts/services/inbox.ts";
import { MOST_WEBHOOKS, type WebhookView, type WebhookWithSecret } from "../../contracts/services/webhooks.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { printRows } from "../http/tables.ts";
import { type InboxScene, openInboxScene } from "./inbox-scene.ts";

let scene: InboxScene;

beforeAll(async () => {
  scene = await openInboxScene({ dispatch: false });
});
beforeEach(() => scene.clear());
afterAll(() => scene.close());

const list = async (client = "province"): Promise<WebhookView[]> =>
  (await scene.call<{ items: WebhookView[] }>("GET", "/v1/webhooks", undefined, { client })).body.items;

test("a webhook is answered with its secret once; lists and single views never show it, and no table holds it in clear", async () => {
  const made = await scene.hook("main", ["receipt.stored", "receipt.stored", "document.status"]);
  expect(made).toEqual({
    id: expect.stringMatching(/^wh_[\da-f]{32}$/u),
    url: scene.urlOf(),
    types: ["receipt.stored", "document.status"],
    client: "province",
    agency: "H04",
    state: "active",
    createdAt: expect.stringMatching(/Z$/u),
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/u),
  });
  const { secret, ...shown } = made;
  expect(await scene.webhook(made.id)).toEqual(shown);
  expect(await list()).toEqual([shown]);
  const printed = JSON.stringify(await printRows(scene.database));
  expect(printed).not.toContain(secret);
  expect(printed).not.toContain(Buffer.from(secret).toString("hex"));
  expect(printed).not.toContain(scene.urlOf());
});

test("the same Idempotency-Key makes one webhook and answers the same", async () => {
  const body = { url: scene.urlOf() };
  const headers = { "idempotency-key": "hook-1" };
  const first = await scene.call<WebhookWithSecret>("POST", "/v1/webhooks", body, { headers });
  const second = await scene.call<WebhookWithSecret>("POST", "/v1/webhooks", body, { headers });
  expect(second.text).toBe(first.text);
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  expect(await list()).toHaveLength(1);
  const other = await scene.call("POST", "/v1/webhooks", { url: scene.urlOf("other") }, { headers });
  expect(other.body.code).toBe("idempotency_key_reused");
});

test("a client reaches the webhooks of its agency and those below; another's are not found", async () => {
  const industry = await scene.hook("industry", undefined, "industry");
  const province = await scene.hook("province");
  expect((await list("industry")).map(({ id }) => id)).toEqual([industry.id]);
  expect((await list("province")).map(({ id }) => id)).toEqual([industry.id, province.id]);
  expect(await list("health")).toEqual([]);
  const calls: [string, string][] = [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/rotate"],
    ["POST", "/enable"],
  ];
  for (const [method, act] of calls) {
    const foreign = await scene.storesNothing(() =>
      scene.call(method, `/v1/webhooks/${industry.id}${act}`, undefined, { client: "health" }),
    );
    expect([method, act, foreign.status]).toEqual([method, act, 404]);
  }
  expect((await scene.call("POST", `/v1/webhooks/${industry.id}/rotate`)).status).toBe(200);
});

test("unknown ids of any shape are not found", async () => {
  for (const id of ["1", `wh_${"0".repeat(32)}`, "wh_' or 1=1 --", `WH_${"a".repeat(32)}`, "%00"]) {
    const answer = await scene.storesNothing(() => scene.call("DELETE", `/v1/webhooks/${encodeURIComponent(id)}`));
    expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
  }
});

test("what is wrong with a registration is named, all of it at once, and nothing is stored", async () => {
  const post = (body: unknown, faults: readonly string[]) => scene.refuses("POST", "/v1/webhooks", body, faults);
  await post({}, ["url required"]);
  await post({ url: "not a url" }, ["url invalid_url"]);
  await post({ url: "ftp://example.vn/x" }, ["url invalid_url"]);
  await post({ url: "https://user:word@example.vn/x" }, ["url invalid_url"]);
  await post({ url: `https://example.vn/${"x".repeat(2000)}` }, ["url too_long"]);
  await post({ url: 5, types: ["dossier.vanished"] }, ["types[0] not_allowed", "url wrong_type"]);
  await post({ url: scene.urlOf(), types: [] }, ["types too_short"]);
  await post({ url: scene.urlOf(), types: { type: "exchange.failed" } }, ["types wrong_type"]);
  await post({ url: scene.urlOf(), secret: "whsec_mine" }, ["secret unknown_field"]);
  await post({ url: scene.urlOf(), types: Array(EVENT_TYPES.length + 1).fill("receipt.stored") }, ["types too_many"]);
  await scene.refuses("GET", "/v1/webhooks?cursor=1", undefined, ["cursor unknown_parameter"]);
});

test("a client has only so many webhooks; deleting one makes room", async () => {
  for (let n = 0; n < MOST_WEBHOOKS; n += 1) await scene.hook(`many-${n}`);
  const refused = await scene.call("POST", "/v1/webhooks", { url: scene.urlOf() });
  expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
  await scene.hook("another", undefined, "industry");
  const [first] = await list();
  await scene.call("DELETE", `/v1/webhooks/${first?.id}`);
  await scene.hook("again");
});

test("every call needs the scope", async () => {
  const path = `/v1/webhooks/wh_${"0".repeat(32)}`;
  const calls: [string, string][] = [
    ["GET", "/v1/webhooks"],
    ["POST", "/v1/webhooks"],
    ["GET", path],
    ["DELETE", path],
    ["POST", `${path}/rotate`],
    ["POST", `${path}/enable`],
  ];
  for (const [method, where] of calls) {
    const body = method === "POST" && where === "/v1/webhooks" ? { url: scene.urlOf() } : undefined;
    expect((await scene.call(method, where, body, { client: "reader" })).status).toBe(403);
    expect((await scene.call(method, where, body, { token: null })).status).toBe(401);
  }
});

test("what is done with webhooks is audited, without secret or address", async () => {
  const { id, secret } = await scene.hook("audited");
  await scene.call("POST", `/v1/webhooks/${id}/rotate`);
  await scene.call("POST", `/v1/webhooks/${id}/enable`);
  await scene.call("DELETE", `/v1/webhooks/${id}`);
  const acts = await rows<{ action: string; actor: string; line: string }>(
    scene.database,
    sql`select action, actor, a::text as line from audit a where subject = ${id} order by action`,
  );
  expect(acts.map(({ action, actor }) => `${actor} ${action}`)).toEqual([
    "province webhook.create",
    "province webhook.delete",
    "province webhook.enable",
    "province webhook.rotate",
  ]);
  expect(JSON.stringify(acts)).not.toContain(secret.slice(0, 12));
  expect(JSON.stringify(acts)).not.toContain("audited");
});

test("a webhook whose key is gone is still listed, so that it can be deleted", async () => {
  const { id } = await scene.hook("lost");
  await scene.database.execute(sql`update webhooks set url = '\\x0102'::bytea where id = ${id}`);
  expect((await list()).map(({ url }) => url)).toEqual(["•••"]);
  expect((await scene.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(200);
});
