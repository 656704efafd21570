import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImportStarted, ImportView } from "../../contracts/services/imports.ts";
import type { Problem } from "../../src/http/problem.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { dossierCalls } from "../http/dossier-calls.ts";
import { printRows } from "../http/tables.ts";
import { importCalls, lineOf, linesOf } from "./import-scene.ts";

let scene: ApiScene;
const { upload, read, finished } = importCalls(() => scene);
const { entries } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene.close());

/** A file that comes in pieces; what is not text happens to the connection. */
const send = async (pieces: AsyncIterable<string> | Iterable<string | Error>, key?: string): Promise<Response> => {
  const coming = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await coming.next();
      if (done === true) controller.close();
      else if (typeof value === "string") controller.enqueue(Buffer.from(value));
      else controller.error(value);
    },
  });
  const headers = {
    authorization: `Bearer ${await scene.token()}`,
    "content-type": "application/x-ndjson",
    ...(key !== undefined && { "idempotency-key": key }),
  };
  return scene.app.request("/v1/imports?ratePerSecond=1000", {
    method: "POST",
    body,
    headers,
    duplex: "half",
  } as RequestInit);
};

const newest = async (): Promise<ImportView | undefined> =>
  (await scene.call<{ items: ImportView[] }>("GET", "/v1/imports?limit=1")).body.items[0];

describe("an upload that is cut off", () => {
  test("stays incomplete, is not worked off, and is completed by sending the file again under its key", async () => {
    const file = linesOf(1, 130).join("\n");
    const cut = await send([file.slice(0, 60_000), new Error("socket hang up")], "again-1");
    expect([cut.status, ((await cut.json()) as Problem).code]).toEqual([400, "invalid_request"]);
    const left = await newest();
    expect(left).toMatchObject({ state: "incomplete", done: 0 });
    expect(left?.lines).toBeGreaterThan(0);
    expect(left?.lines).toBeLessThan(130);
    const whole = await send([file], "again-1");
    const started = (await whole.json()) as ImportStarted;
    expect([whole.status, started]).toEqual([202, { id: left?.id, state: "running", lines: 130 }]);
    const view = await finished(started.id);
    expect([view.accepted, view.refused]).toEqual([130, 0]);
    expect(await entries(codeOf(130))).toHaveLength(1);
  });

  test("is deleted on demand, and its key is free", async () => {
    await send([linesOf(201, 260).join("\n"), new Error("socket hang up")], "again-2");
    const left = await newest();
    const paused = await scene.call("POST", `/v1/imports/${left?.id}/pause`);
    expect([paused.status, paused.body.code]).toEqual([409, "conflict"]);
    const deleted = await scene.call<ImportView>("DELETE", `/v1/imports/${left?.id}`);
    expect([deleted.status, deleted.body.state]).toEqual([200, "incomplete"]);
    const other = await send(
      linesOf(201, 203).map((line) => `${line}\n`),
      "again-2",
    );
    const started = (await other.json()) as ImportStarted;
    expect([other.status, started.lines]).toEqual([202, 3]);
    expect(started.id).not.toBe(left?.id);
    await finished(started.id);
    expect(await entries(codeOf(204))).toEqual([]);
  });

  test("and goes on by itself is refused once its file is being sent anew", async () => {
    const gate = Promise.withResolvers<void>();
    const slowly = async function* () {
      yield `${linesOf(301, 360).join("\n")}\n`;
      await gate.promise;
      yield `${linesOf(361, 420).join("\n")}\n`;
    };
    const first = send(slowly(), "again-3");
    while ((await newest())?.lines !== 60);
    const second = await send([linesOf(301, 302).join("\n")], "again-3");
    const started = (await second.json()) as ImportStarted;
    expect([second.status, started.lines]).toEqual([202, 2]);
    gate.resolve();
    expect((await first).status).toBe(409);
    const view = await finished(started.id);
    expect([view.lines, view.accepted]).toEqual([2, 2]);
    expect(await entries(codeOf(310))).toEqual([]);
  });
});

test("what an upload stores and reports is sealed", async () => {
  const wrong = lineOf(601, { "Bùi Thị Riêng": "001199000001" });
  const { body } = await upload([lineOf(602), wrong].join("\n"), "?ratePerSecond=1");
  const personal = ["Trần Thị Ví Dụ", "Bùi Thị Riêng", "001199000001"];
  const inClear = async () => {
    const printed = (await printRows(scene.database)).filter(({ table }) => table.includes("import_"));
    expect(printed.length).toBeGreaterThan(0);
    return personal.filter((words) =>
      printed.some(({ row }) => row.includes(words) || row.includes(Buffer.from(words).toString("hex"))),
    );
  };
  expect(await inClear()).toEqual([]);
  await finished(body.id);
  expect(await inClear()).toEqual([]);
});

describe("an upload under an Idempotency-Key", () => {
  const key = { headers: { "idempotency-key": "file-1" } };

  test("sent again gives the first answer and imports nothing anew", async () => {
    const file = linesOf(501, 503).join("\n");
    const first = await upload(file, "", key);
    const second = await upload(file, "", key);
    expect([first.status, second.status, second.text]).toEqual([202, 202, first.text]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    await finished(first.body.id);
    expect((await upload(file, "", key)).text).toBe(first.text);
    expect((await read(first.body.id)).done).toBe(3);
  });

  test("is refused for another file, another query and another format", async () => {
    const file = linesOf(501, 503).join("\n");
    for (const [body, query, type] of [
      [linesOf(501, 504).join("\n"), "", "application/x-ndjson"],
      [file, "?known=true", "application/x-ndjson"],
      [file, "", "text/csv"],
    ] as const) {
      const headers = { ...key.headers, "content-type": type };
      const answer = await scene.storesNothing(() => upload<Problem>(body, query, { headers }));
      expect([query, answer.status, answer.body.code]).toEqual([query, 422, "idempotency_key_reused"]);
    }
  });
});
