import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImportView } from "../../contracts/services/imports.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { dossierCalls } from "../http/dossier-calls.ts";
import { importCalls, lineOf, linesOf } from "./import-scene.ts";

let scene: ApiScene;
const { upload, done, until, finished, read, report, refusals } = importCalls(() => scene);
const { states, detail, entries } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene.close());

const sums = ({ lines, done: worked, accepted, unchanged, refused }: ImportView) => [
  lines,
  worked,
  accepted,
  unchanged,
  refused,
];

describe("a file of dossiers", () => {
  test("is taken line by line with its steps, delivered in order, as bulk work", async () => {
    const events = [eventBody("e1", { status: "processing" }), eventBody("e2", { status: "processing" })];
    const file = [
      ...linesOf(1, 120),
      lineOf(121, { events: undefined }),
      JSON.stringify({ code: codeOf(122), ...dossierBody(), events }),
    ];
    const started = await upload(`${file.join("\n")}\n`, "?ratePerSecond=1000");
    expect([started.status, started.body]).toEqual([
      202,
      { id: expect.stringMatching(/^\d+$/u), state: "running", lines: 122 },
    ]);
    const view = await finished(started.body.id);
    expect(sums(view)).toEqual([122, 122, 122, 0, 0]);
    expect([view.known, view.dryRun, view.ratePerSecond, view.format]).toEqual([false, false, 1000, "jsonl"]);
    await scene.drained();
    expect(await states(codeOf(122))).toEqual([
      "dossier.put delivered",
      "dossier.step delivered",
      "dossier.step delivered",
    ]);
    expect((await detail(codeOf(122))).timeline.map(({ eventId }) => eventId)).toEqual(["e1", "e2"]);
    expect((await entries(codeOf(7))).map(({ priority, client }) => [priority, client])).toEqual([[2, "province"]]);
    const found = await scene.call<{ total: number }>("GET", "/v1/dossiers/counts");
    expect(found.body.total).toBe(122);
  });

  test("taken twice changes nothing the second time", async () => {
    const file = linesOf(201, 210).join("\n");
    expect(sums(await done(file))).toEqual([10, 10, 10, 0, 0]);
    expect(sums(await done(file))).toEqual([10, 10, 0, 10, 0]);
    expect(await entries(codeOf(205))).toHaveLength(1);
  });

  test("known to the platform is recorded without being sent, and its next put is an update", async () => {
    const view = await done(linesOf(301, 305).join("\n"), "?known=true&ratePerSecond=1000");
    expect([...sums(view), view.known]).toEqual([5, 5, 5, 0, 0, true]);
    expect(await entries(codeOf(303))).toEqual([]);
    expect((await detail(codeOf(303))).sync).toMatchObject([{ state: "synced" }]);
    const withSteps = JSON.stringify({ code: codeOf(306), ...dossierBody(), events: [eventBody("e1")] });
    const refused = await done(withSteps, "?known=true");
    expect(await refusals(refused.id)).toEqual(["1 not_allowed events"]);
  });

  test("in a dry run is checked like the real thing and writes no dossier", async () => {
    await done(lineOf(401));
    const halfWrong = JSON.stringify({
      code: codeOf(403),
      ...dossierBody(),
      events: [eventBody("a"), eventBody("a", { content: "khác" })],
    });
    const file = [lineOf(401), lineOf(402), halfWrong, lineOf(404, { summary: "x".repeat(1001) })].join("\n");
    const before = await scene.call<{ total: number }>("GET", "/v1/dossiers/counts");
    const view = await done(file, "?dryRun=true&ratePerSecond=1000");
    expect([...sums(view), view.dryRun]).toEqual([4, 4, 1, 1, 2, true]);
    expect(await refusals(view.id)).toEqual(["3 conflict events[1]", "4 profile_limit summary"]);
    expect((await scene.call<{ total: number }>("GET", "/v1/dossiers/counts")).body).toEqual(before.body);
    expect(await entries(codeOf(402))).toEqual([]);
    const real = await done(file, "?ratePerSecond=1000");
    expect(sums(real)).toEqual(sums(view));
    expect(await refusals(real.id)).toEqual(await refusals(view.id));
  });

  test("leaves nothing of its lines behind but what is reported", async () => {
    const view = await done([lineOf(451), "{"].join("\n"));
    while (await scene.deployment.chores(scene.database, () => undefined).cleanImports());
    const [left] = await rows(
      scene.database,
      sql`select (select count(*)::int from import_batches) as batches, (select count(*)::int from import_codes) as codes,
                 (select count(*)::int from import_findings where import_id = ${view.id}::bigint) as findings`,
    );
    expect(left).toEqual({ batches: 0, codes: 0, findings: 1 });
  });
});

describe("an import on its way", () => {
  test("is paused, goes on where it was, and does each line once", async () => {
    const { body } = await upload(linesOf(501, 580).join("\n"), "?ratePerSecond=40");
    await until(body.id, ({ done: worked }) => worked > 0);
    const paused = await scene.call<ImportView>("POST", `/v1/imports/${body.id}/pause`);
    expect([paused.status, paused.body.state]).toEqual([200, "paused"]);
    expect(paused.body.done).toBeLessThan(80);
    expect((await read(body.id)).done).toBe(paused.body.done);
    const again = await scene.call<ImportView>("POST", `/v1/imports/${body.id}/pause`);
    expect(again.body.state).toBe("paused");
    const resumed = await scene.call<ImportView>("POST", `/v1/imports/${body.id}/resume`);
    expect([resumed.body.state, typeof resumed.body.etaSeconds]).toEqual(["running", "number"]);
    expect(sums(await finished(body.id))).toEqual([80, 80, 80, 0, 0]);
    expect(await entries(codeOf(580))).toHaveLength(1);
  });

  test("is cancelled for good, and what was accepted stays", async () => {
    const { body } = await upload(linesOf(601, 680).join("\n"), "?ratePerSecond=20");
    await until(body.id, ({ done: worked }) => worked > 0);
    const cancelled = await scene.call<ImportView>("POST", `/v1/imports/${body.id}/cancel`);
    expect(cancelled.body.state).toBe("cancelled");
    expect((await entries(codeOf(601))).length).toBe(1);
    const resumed = await scene.call("POST", `/v1/imports/${body.id}/resume`);
    expect([resumed.status, resumed.body.code]).toEqual([409, "conflict"]);
    const deleted = await scene.call<ImportView>("DELETE", `/v1/imports/${body.id}`);
    expect([deleted.status, deleted.body.state]).toEqual([200, "cancelled"]);
    expect((await scene.call("GET", `/v1/imports/${body.id}`)).status).toBe(404);
  });

  test("is seen by its own agency and those above it alone", async () => {
    const { body } = await upload(lineOf(690), "", { client: "industry" });
    for (const [client, status] of [
      ["industry", 200],
      ["province", 200],
      ["health", 404],
    ] as const) {
      for (const path of ["", "/report"]) {
        const answer = await scene.call("GET", `/v1/imports/${body.id}${path}`, undefined, { client });
        expect([client, path, answer.status]).toEqual([client, path, status]);
      }
    }
    expect((await scene.call("POST", `/v1/imports/${body.id}/cancel`, undefined, { client: "health" })).status).toBe(
      404,
    );
    expect((await scene.call("POST", `/v1/imports/${body.id}/pause`, undefined, { client: "reader" })).status).toBe(
      403,
    );
    const list = await scene.call<{ items: ImportView[] }>("GET", "/v1/imports", undefined, { client: "health" });
    expect(list.body.items).toEqual([]);
    await finished(body.id);
  });

  test("is listed page by page, newest first", async () => {
    const first = await scene.call<{ items: ImportView[]; next: string }>("GET", "/v1/imports?limit=2");
    const second = await scene.call<{ items: ImportView[] }>("GET", `/v1/imports?limit=2&cursor=${first.body.next}`);
    const ids = [...first.body.items, ...second.body.items].map(({ id }) => Number(id));
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });
});

test("a report is JSON lines, or CSV that a spreadsheet reads as text", async () => {
  const view = await done(`${lineOf(701)}\n{"code":"x","=cmd()":1}\n`);
  const found = await report(view.id);
  expect(found.find(({ code }) => code === "unknown_field")).toEqual({
    line: 2,
    dossierCode: "x",
    kind: "refused",
    code: "unknown_field",
    field: "=cmd()",
    message: "Trường không có trong hợp đồng.",
  });
  const csv = await scene.call("GET", `/v1/imports/${view.id}/report`, undefined, { headers: { accept: "text/csv" } });
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const lines = csv.text.split("\r\n");
  expect(lines[0]).toContain("line,dossierCode,kind,code,field,message");
  expect(lines).toContain("2,x,refused,unknown_field,'=cmd(),Trường không có trong hợp đồng.");
  const english = await done("{", "", { headers: { "accept-language": "en" } });
  expect((await report(english.id))[0]?.message).toBe("The body is not valid JSON.");
});
