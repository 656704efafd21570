import { afterAll, beforeAll, expect, test } from "vitest";
import type { ActView } from "../../contracts/services/audit.ts";
import { sql } from "../../src/database/sql.ts";
import { recordAct } from "../../src/security/audit.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene({ dispatch: false });
  const acts = ["province", "industry", "health"].flatMap((actor) => [1, 2].map((n) => ({ actor, n })));
  await scene.database.execute(sql`truncate audit`);
  for (const { actor, n } of acts) {
    const act = { actorKind: "client", actor, action: "ledger.retry", subject: String(n), correlationId: "c" } as const;
    await recordAct(scene.database, scene.gateway.tenant, { ...act, detail: { n } });
  }
  const login = { actorKind: "operator", actor: "lan", action: "login", subject: "lan", correlationId: "c" } as const;
  await recordAct(scene.database, scene.gateway.tenant, login);
});
afterAll(() => scene.close());

const audit = async (query = "", client = "province") => {
  const answer = await scene.request("GET", `/v1/audit${query}`, undefined, { client });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { items: ActView[]; next: string | null };
};

test("acts come newest first, each page after the other", async () => {
  const first = await audit("?limit=4");
  const second = await audit(`?limit=4&cursor=${first.next}`);
  const actors = [...first.items, ...second.items].map(({ actor }) => actor);
  expect(actors).toEqual(["lan", "health", "health", "industry", "industry", "province", "province"]);
  expect(first.items[1]).toMatchObject({ actorKind: "client", action: "ledger.retry", subject: "2", detail: { n: 2 } });
  expect(second.next).toBeNull();
});

test("acts are found by actor, action, subject and time", async () => {
  expect((await audit("?actor=industry,lan&action=ledger.retry")).items).toHaveLength(2);
  expect((await audit("?subject=1")).items).toHaveLength(3);
  expect((await audit("?to=2020-01-01")).items).toEqual([]);
  expect((await audit("?from=2020-01-01")).items).toHaveLength(7);
});

test("an agency sees the acts of its own clients alone", async () => {
  expect((await audit("", "industry")).items.map(({ actor }) => actor)).toEqual(["industry", "industry"]);
});

test("the audit is for those with the right, and bad queries are refused", async () => {
  expect((await scene.request("GET", "/v1/audit", undefined, { client: "reader" })).status).toBe(403);
  expect((await scene.request("GET", "/v1/audit?cursor=x")).status).toBe(400);
  expect((await scene.request("GET", "/v1/audit?who=me")).status).toBe(400);
});
