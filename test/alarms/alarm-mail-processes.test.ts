import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type MailScene, openMailScene } from "./mail-scene.ts";

let scene: MailScene;

beforeAll(async () => {
  scene = await openMailScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());
afterEach(() => scene.closeServers());

test("of several processes one sends, and nobody sends again what it sent", async () => {
  const answer = Promise.withResolvers<string>();
  const server = await scene.serve({ atEnd: () => answer.promise });
  await scene.raise("quota-low", "national-portal");
  const first = scene.mail(server.url);
  await expect
    .poll(async () => (await rows(scene.database, sql`select 1 from alarm_mailers where claim = 1`)).length)
    .toBe(1);
  const others = await Promise.all(Array.from({ length: 5 }, () => scene.mail(server.url)));
  expect(others.every(({ kind }) => kind === "idle")).toBe(true);
  await delay(20);
  answer.resolve("250 taken");
  expect((await first).kind).toBe("sent");
  expect((await scene.mail(server.url)).kind).toBe("idle");
  expect(server.mails).toHaveLength(1);
});

test("many processes that find mail due at the same moment send it once", async () => {
  const server = await scene.serve();
  await scene.raise("quota-low", "national-portal");
  const rounds = await Promise.all(Array.from({ length: 8 }, () => scene.mail(server.url)));
  expect(rounds.filter(({ kind }) => kind === "sent")).toHaveLength(1);
  expect(server.mails).toHaveLength(1);
});

test("what a dead process had claimed is sent by another one, under the same message id", async () => {
  const server = await scene.serve();
  await scene.raise("quota-low", "national-portal");
  expect((await scene.mail(server.url)).kind).toBe("sent");
  // As if it had died between sending and recording.
  await scene.database.execute(sql`update alarms set raised_mail = null`);
  await scene.database.execute(sql`update alarm_mailers set claimed_until = now() + interval '1 minute'`);
  expect((await scene.mail(server.url)).kind).toBe("idle");
  await scene.database.execute(sql`update alarm_mailers set claimed_until = now() - interval '1 second'`);
  expect((await scene.mail(server.url)).kind).toBe("sent");
  const ids = server.mails.map(({ headers }) => headers.get("message-id"));
  expect(ids[0]).toMatch(/^<alarms\..+@example\.gov\.vn>$/u);
  expect(ids[1]).toBe(ids[0]);
});
