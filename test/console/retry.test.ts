import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { attemptRecord, type ConsoleScene, openConsoleScene, refusal } from "./console-scene.ts";
import { tokenIn, wordsOf } from "./visitor.ts";

let scene: ConsoleScene;

beforeEach(async () => {
  scene = await openConsoleScene();
});
afterEach(() => scene.close());

const BUTTON = "Thử lại ngay";

const stateOf = async (id: string): Promise<string | undefined> =>
  (await scene.query<{ state: string }>(sql`select state from pending where id = ${id}::bigint`))[0]?.state;

const visit = async (operator: string, id: string) => {
  const visitor = scene.visitor();
  await visitor.logIn(operator);
  const page = await visitor.get(`/console/entries/${id}`);
  return { visitor, page, csrf: tokenIn(page.text), path: `/console/entries/${id}/retry` };
};

const failed = () => scene.settle({}, refusal(), [attemptRecord()]);

const acts = async () => (await scene.audited()).filter(({ action }) => !action.startsWith("console."));

test("an operator's retry queues a failed entry, wakes its platform, is told on the page and audited", async () => {
  const id = await failed();
  const { visitor, page, csrf, path } = await visit("operator", id);
  expect(page.text).toContain(BUTTON);
  const answer = await visitor.post(path, { csrf });
  expect([answer.status, answer.location]).toEqual([303, `/console/entries/${id}?result=retried`]);
  expect(await stateOf(id)).toBe("queued");
  expect(scene.woken).toEqual(["national-portal"]);
  expect(await acts()).toEqual([{ actor_kind: "operator", actor: "operator", action: "ledger.retry", subject: id }]);
  const after = await visitor.get(answer.location ?? "");
  expect(wordsOf(after.text)).toContain("Đã đưa trao đổi vào hàng gửi ngay.");
  expect(wordsOf(after.text)).toContain(`Đồng bộ hồ sơ #${id} Chờ gửi`);
  expect(after.text).not.toContain(BUTTON);
});

test("a waiting entry can be sent at once", async () => {
  const fault = { outcome: "transient", code: "upstream_unavailable", message: "transport: connect" } as const;
  const id = await scene.settle({}, { state: "waiting", delayMs: 3_600_000, fault });
  const { visitor, csrf, path } = await visit("operator", id);
  await visitor.post(path, { csrf });
  const [due] = await scene.query<{ due: boolean }>(sql`select next_at <= now() as due from pending`);
  expect(due).toEqual({ due: true });
});

test("a viewer sees no button and is refused at the server too", async () => {
  const id = await failed();
  const { visitor, page, csrf, path } = await visit("viewer", id);
  expect(page.text).not.toContain(BUTTON);
  const answer = await visitor.post(path, { csrf });
  expect(answer.status).toBe(403);
  expect(wordsOf(answer.text)).toContain("Không được phép");
  expect([await stateOf(id), scene.woken, await acts()]).toEqual(["failed", [], []]);
});

test("a retry without the session's own token is refused and changes nothing", async () => {
  const id = await failed();
  const { visitor, csrf, path } = await visit("operator", id);
  const other = (await visit("operator", id)).csrf;
  for (const fields of [{}, { csrf: "" }, { csrf: other }, { csrf: csrf.slice(0, -1) }, { token: csrf }]) {
    const answer = await visitor.post(path, fields as Record<string, string>);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
  }
  expect([await stateOf(id), await acts()]).toEqual(["failed", []]);
});

test("a retry after the session ended leads to the login form and back to the entry", async () => {
  const id = await failed();
  const { visitor, csrf, path } = await visit("operator", id);
  await scene.query(sql`update operator_sessions set expires_at = now()`);
  const answer = await visitor.post(path, { csrf });
  expect([answer.status, answer.location]).toEqual([303, `/console/login?next=%2Fconsole%2Fentries%2F${id}`]);
  expect(await stateOf(id)).toBe("failed");
});

test("an entry that was delivered meanwhile is left alone, and the page says so", async () => {
  const id = await scene.settle({}, { state: "delivered" });
  const { visitor, page, csrf, path } = await visit("operator", id);
  expect(page.text).not.toContain(BUTTON);
  const answer = await visitor.post(path, { csrf });
  expect(answer.location).toBe(`/console/entries/${id}?result=refused`);
  const told = wordsOf((await visitor.get(answer.location ?? "")).text);
  expect(told).toContain("Không thử lại được: trạng thái của trao đổi đã thay đổi.");
  expect([scene.woken, await acts()]).toEqual([[], []]);
});

test("an unknown entry cannot be retried", async () => {
  const { visitor, csrf } = await visit("operator", await failed());
  expect((await visitor.post("/console/entries/999999/retry", { csrf })).status).toBe(404);
});
