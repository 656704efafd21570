import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database, Executor } from "../../src/database/database.ts";
import { rows } from "../../src/database/database.ts";
import { type SQL, sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { dossierCalls } from "../http/dossier-calls.ts";
import { importCalls, linesOf } from "./import-scene.ts";

let scene: ApiScene;
const { upload, read, refusals } = importCalls(() => scene);
const { put, entries } = dossierCalls(() => scene);

// Nothing runs by itself: the tests take every step.
beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

/** A database that is watched, or fails, statement by statement. */
const interrupted = (database: Database, before: (query: SQL) => void): Database => {
  const guard = (executor: Executor): Executor => ({
    execute: (query) => {
      try {
        before(query);
      } catch (error) {
        return Promise.reject(error);
      }
      return executor.execute(query);
    },
  });
  return { ...guard(database), transaction: (work) => database.transaction((executor) => work(guard(executor))) };
};

const stepOn = (database: Database) => scene.deployment.chores(database, () => undefined).stepImport();

/** Steps until the import is over, however often its pace wants a rest. */
const workOff = async (id: string, database = scene.database): Promise<void> => {
  for (const end = Date.now() + 25_000; (await read(id)).state === "running"; ) {
    await stepOn(database);
    if (Date.now() > end) throw new Error(`the import stays ${JSON.stringify(await read(id))}`);
  }
};

class Killed extends Error {
  readonly code = "57P01";
}

test("an import that is killed before any statement of a step goes on where it was, and does every line once", async () => {
  const events = [eventBody("e1"), eventBody("e2")];
  const file = Array.from({ length: 130 }, (_, i) => JSON.stringify({ code: codeOf(i + 1), ...dossierBody(), events }));
  const { body } = await upload(file.join("\n"), "?ratePerSecond=1000");
  let kills = 0;
  for (let statement = 1; statement <= 40; statement++) {
    let n = 0;
    const dying = interrupted(scene.database, () => {
      if (++n === statement) throw new Killed();
    });
    // As if a second had gone by: on a quick machine most steps would find nothing but their pace's rest.
    await rows(scene.database, sql`update imports set next_at = now(), credit_at = now() - interval '1 second'`);
    await stepOn(dying).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
    });
  }
  expect(kills).toBeGreaterThan(10);
  await workOff(body.id);
  expect(await read(body.id)).toMatchObject({ state: "finished", done: 130, accepted: 130, refused: 0 });
  const [counted] = await rows(
    scene.database,
    sql`select count(*)::int as entries, count(distinct (dossier_code, operation))::int as kinds, count(distinct dossier_code)::int as dossiers
        from entries where tenant = 'H04'`,
  );
  expect(counted).toEqual({ entries: 390, kinds: 260, dossiers: 130 });
});

test("two processes that work at one import do every line once", async () => {
  const { body } = await upload(linesOf(201, 350).join("\n"), "?ratePerSecond=1000");
  await Promise.all([workOff(body.id), workOff(body.id)]);
  expect(await read(body.id)).toMatchObject({ done: 150, accepted: 150, refused: 0 });
  expect(await entries(codeOf(350))).toHaveLength(1);
});

test("a line that nobody foresaw is refused as internal, and its neighbours are taken", async () => {
  const { body } = await upload(linesOf(401, 406).join("\n"), "?ratePerSecond=1000");
  const dialect = new PgDialect();
  const poisoned = interrupted(scene.database, (query) => {
    const { sql: text, params } = dialect.sqlToQuery(query);
    if (text.includes("for update") && params.some((value) => String(value).includes(codeOf(403))))
      throw new Error("boom");
  });
  let thrown = 0;
  for (const end = Date.now() + 25_000; (await read(body.id)).state === "running" && Date.now() < end; ) {
    await stepOn(poisoned).catch(() => {
      thrown += 1;
    });
  }
  expect(await read(body.id)).toMatchObject({ state: "finished", accepted: 5, refused: 1 });
  expect(await refusals(body.id)).toEqual(["3 internal"]);
  expect(thrown).toBe(1);
});

test("no more is accepted while the platform has 2,000 bulk entries before it, and desk calls overtake them all", async () => {
  await rows(scene.database, sql`delete from pending`);
  const { body } = await upload(linesOf(1001, 6000).join("\n"), "?ratePerSecond=1000");
  for (const end = Date.now() + 60_000; (await read(body.id)).held === undefined; ) {
    await stepOn(scene.database);
    if (Date.now() > end) throw new Error("the import is never held");
  }
  const held = await read(body.id);
  expect(held.done).toBeGreaterThanOrEqual(2000);
  expect(held.done).toBeLessThan(2100);
  const desk = [9001, 9002, 9003].map(codeOf);
  for (const code of desk) expect((await put(code, {}, "?priority=desk")).status).toBe(202);
  await put(codeOf(9004));
  // A citizen comes for a dossier whose back-load waits: what waits for it becomes as urgent.
  await put(codeOf(2500), { summary: "Công dân đang chờ" }, "?priority=desk");
  scene.startDispatch();
  const urgent = [...desk, codeOf(9004), codeOf(2500)];
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const states = await Promise.all(urgent.map(async (code) => (await entries(code)).at(-1)?.state));
    if (states.every((state) => state === "delivered")) break;
  }
  const [overtaken] = await rows<{ before: number; left: number }>(
    scene.database,
    sql`with urgent as (
          select max(s.settled_at) as at from settled s join entries e on e.tenant = s.tenant and e.id = s.id
          where e.dossier_code = any(${`{${urgent.join(",")}}`}::text[]) and s.state = 'delivered'
        )
        select (select count(*)::int from settled s join entries e on e.tenant = s.tenant and e.id = s.id
                where e.priority = 2 and s.state = 'delivered' and s.settled_at < urgent.at) as before,
               (select count(*)::int from pending where priority = 2) as left
        from urgent`,
  );
  expect(overtaken?.before).toBeLessThan(100);
  const during = performance.now();
  const answer = await put(codeOf(9005), {}, "?priority=desk");
  expect([answer.status, performance.now() - during < 5000]).toEqual([202, true]);
  const cancelled = await scene.call("POST", `/v1/imports/${body.id}/cancel`);
  expect(cancelled.status).toBe(200);
}, 120_000);
