import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { insertFailures } from "../groups/insert-failures.ts";
import { type InboxScene, openInboxScene, until } from "./inbox-scene.ts";

let scene: InboxScene;

beforeAll(async () => {
  scene = await openInboxScene();
});
afterAll(() => scene.close());

const evaluate = async () => {
  await scene.database.execute(sql`update alarm_rounds set next_at = now()`);
  return scene.deployment.chores(scene.database, () => undefined).evaluateAlarms();
};

test("alarms raised and cleared are told to the province's clients, in their order and to nobody else", async () => {
  await scene.hook("main", ["alarm.raised", "alarm.cleared"]);
  await scene.hook("industry", undefined, "industry");
  await insertFailures(scene, 1, [(n) => `Lỗi lạ ${n}`]);
  await evaluate();
  await evaluate();
  await scene.database.execute(sql`delete from pending where platform = 'national-portal'`);
  await evaluate();
  await until("both came", () => scene.receiver.taken("main").length === 2);
  const events = scene.events("main");
  expect(events.map(({ type, agency, data }) => [type, agency, data["kind"], data["severity"]])).toEqual([
    ["alarm.raised", "H04", "new-cause", "warning"],
    ["alarm.cleared", "H04", "new-cause", "warning"],
  ]);
  expect(events[0]?.data["subject"]).toBe(events[0]?.subject);
  expect((await scene.inbox()).items.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  expect((await scene.inbox("", "industry")).items).toEqual([]);
  expect(scene.receiver.received("industry")).toEqual([]);
});
