import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import type { Problem } from "../../src/http/problem.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, faultsOf, openApiScene } from "../http/api-scene.ts";
import { dossierCalls } from "../http/dossier-calls.ts";
import { importCalls, lineOf, linesOf } from "./import-scene.ts";

let scene: ApiScene;
const { upload, done, report, refusals } = importCalls(() => scene);
const { put, detail, entries } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  scene.startDispatch();
});
afterAll(() => scene.close());

/** How many imports there are that nobody deleted. */
const importsLeft = async (): Promise<number> => {
  const [row] = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from imports where state <> 'deleted'`,
  );
  return row?.count ?? -1;
};

describe("a line that cannot be taken", () => {
  test("is reported with its number, field and reason, and its neighbours are taken", async () => {
    const file = [
      ...linesOf(1, 6),
      '{"code": "H04.15-261120-0007", ',
      lineOf(8, { colour: "red", applicant: { name: "Trần Thị Ví Dụ" } }),
      lineOf(9, { receivedAt: "2026-11-20T09:15:00" }),
      "",
      lineOf(3, { summary: "khác" }),
      JSON.stringify({ code: "not a code", ...dossierBody() }),
      JSON.stringify({ ...dossierBody() }),
      "[]",
      JSON.stringify({ code: codeOf(15), ...dossierBody(), events: [eventBody("e1", { kind: "extension" })] }),
      lineOf(16),
    ];
    const view = await done(file.join("\r\n"));
    expect([view.lines, view.accepted, view.refused]).toEqual([15, 7, 8]);
    expect(await refusals(view.id)).toEqual([
      "7 malformed_json",
      "8 required applicant.type",
      "8 required applicant.identities",
      "8 unknown_field colour",
      "9 offset_required receivedAt",
      "11 duplicate_code code",
      "12 invalid_dossier_code code",
      "13 required code",
      "14 wrong_type",
      "15 required events[0].reason",
      "15 required events[0].newDueAt",
    ]);
    expect((await detail(codeOf(3))).dossier.summary).not.toBe("khác");
    expect(await entries(codeOf(15))).toEqual([]);
    expect(await entries(codeOf(16))).toHaveLength(1);
  });

  test("is over 1 MiB, or is no UTF-8, wherever the pieces of the stream end", async () => {
    const long = lineOf(22, { note: "x".repeat(1024 * 1024) });
    const invalid = Buffer.from(lineOf(23).replace("Ví Dụ", "V\u0000Du")).map((byte) => (byte === 0 ? 0xff : byte));
    const file = Buffer.concat([
      Buffer.from(`\uFEFF${lineOf(21)}\n${long}\n`),
      invalid,
      Buffer.from(`\n${lineOf(24)}`),
    ]);
    const view = await done(file);
    expect(await refusals(view.id)).toEqual(["2 too_long", "3 not_unicode"]);
    expect([view.lines, view.accepted]).toEqual([4, 2]);
  });

  test("is about a dossier of another agency, or older than what is stored", async () => {
    await scene.call("PUT", `/v1/dossiers/${codeOf(31)}`, dossierBody(), { client: "health" });
    await put(codeOf(32), { revision: 5 });
    const file = [lineOf(31, { summary: "khác" }), lineOf(32, { revision: 4 }), lineOf(33)].join("\n");
    const view = await done(file, "?ratePerSecond=1000", { client: "industry" });
    expect(await refusals(view.id)).toEqual(["1 forbidden", "2 forbidden"]);
    const own = await done(lineOf(32, { revision: 4 }));
    expect((await report(own.id))[0]).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Phiên bản 4"),
    });
    expect((await detail(codeOf(33))).owner).toBe("H04.15");
    expect((await detail(codeOf(31))).dossier.summary).toBe(dossierBody().summary);
  });

  test("is refused for its second step and leaves no dossier, no first step, and its neighbours whole", async () => {
    const steps = [eventBody("same"), eventBody("same", { content: "khác" })];
    const file = [lineOf(41), JSON.stringify({ code: codeOf(42), ...dossierBody(), events: steps }), lineOf(43)];
    const view = await done(file.join("\n"));
    expect([view.accepted, view.refused]).toEqual([2, 1]);
    expect(await refusals(view.id)).toEqual(["2 conflict events[1]"]);
    expect((await scene.call("GET", `/v1/dossiers/${codeOf(42)}`)).status).toBe(404);
    expect([(await entries(codeOf(42))).length, (await entries(codeOf(43))).length]).toEqual([0, 1]);
  });

  test("warns as its call would, naming the line", async () => {
    const view = await done([lineOf(51), JSON.stringify({ code: "H04.15-991320-0001", ...dossierBody() })].join("\n"));
    const warned = (await report(view.id)).filter(({ kind, line }) => kind === "warning" && line === 2);
    const answer = await scene.call<{ warnings: { code: string }[] }>(
      "PUT",
      "/v1/dossiers/H04.15-991320-0001",
      dossierBody(),
    );
    expect(warned.map(({ code }) => code)).toEqual(answer.body.warnings.map(({ code }) => code));
    expect(warned.length).toBeGreaterThan(0);
    expect(view.warnings).toBeGreaterThanOrEqual(warned.length);
  });
});

const HEADER =
  "code,procedureCode,channel,applicantType,applicantName,applicantPersonalId,summary,receivedAt,status,delivery,unitCode,unitName,note";
const record = (n: number, parts: { name?: string; id?: string; note?: string } = {}): string =>
  [
    codeOf(n),
    "2.000591,online,citizen",
    parts.name ?? "Trần Thị Ví Dụ",
    parts.id ?? "001199000001",
    "Cấp giấy,2026-11-20T09:15:00+07:00,accepted,counter,H04.15,Sở Công Thương",
    parts.note ?? "",
  ].join(",");

const csv = { headers: { "content-type": "text/csv; charset=utf-8" } };

describe("a file of CSV", () => {
  test("is read with byte order mark, Windows lines, quotes and lines within quotes", async () => {
    const quoted = record(102, { name: '"Trần ""Hai"", Ví Dụ"', note: '"dòng 1\r\ndòng 2"' });
    const view = await done(`\uFEFF${HEADER}\r\n${record(101)}\r\n${quoted}\r\n\r\n${record(103)}`, "", csv);
    expect([view.format, view.lines, view.accepted]).toEqual(["csv", 3, 3]);
    const { dossier } = await detail(codeOf(102));
    expect([dossier.applicant.name, dossier.note, dossier.processingUnit]).toEqual([
      'Trần "Hai", Ví Dụ',
      "dòng 1\ndòng 2",
      { code: "H04.15", name: "Sở Công Thương" },
    ]);
    expect((await detail(codeOf(101))).dossier.applicant.identities).toEqual([
      { kind: "personal-id", value: "001199000001" },
    ]);
    expect((await detail(codeOf(101))).dossier).not.toHaveProperty("note");
  });

  test("reports columns, wrong numbers of cells, quotes that nobody closes, and goes on behind them", async () => {
    const file = [
      HEADER,
      record(111, { id: "123" }),
      `${record(112)},one more`,
      record(113, { name: 'Trần "Hai"' }),
      record(114, { name: '"Trần' }),
      record(115),
      record(116, { note: '"hai\ndòng"' }),
      record(117, { note: '"không đóng' }),
      record(118),
      record(111),
    ];
    const view = await done(file.join("\n"), "?ratePerSecond=1000", csv);
    expect(await refusals(view.id)).toEqual([
      "2 invalid_personal_id applicantPersonalId",
      "3 malformed_csv",
      "4 malformed_csv",
      "5 malformed_csv",
      "9 malformed_csv",
    ]);
    expect([view.lines, view.accepted]).toEqual([9, 4]);
  });

  test("with a wrong header is refused whole, naming every column, and nothing is stored", async () => {
    const before = await importsLeft();
    const answer = await upload<Problem>(`code,colour,code,summary\nx,y,z,w\n`, "", csv);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(faultsOf(answer.body)).toEqual([
      "applicantName required",
      "applicantType required",
      "channel required",
      "code too_many",
      "colour unknown_field",
      "delivery required",
      "procedureCode required",
      "receivedAt required",
      "status required",
      "unitName required",
    ]);
    expect(await importsLeft()).toBe(before);
  });
});

describe("an upload that is refused whole", () => {
  test("is empty: no byte, no line, or a header alone", async () => {
    const before = await importsLeft();
    for (const [file, options] of [
      ["", {}],
      ["\n\r\n  \n", {}],
      [`${HEADER}\n`, csv],
      ["", csv],
    ] as const) {
      const { status, body } = await upload<Problem>(file, "", options);
      expect([file, status, body.code]).toEqual([file, 400, "invalid_request"]);
    }
    expect(await importsLeft()).toBe(before);
  });

  test("has another media type, another alphabet, or is compressed", async () => {
    for (const headers of [
      { "content-type": "application/json" },
      { "content-type": "text/csv; charset=utf-16" },
      { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
      { "content-type": "" },
    ]) {
      const answer = await scene.storesNothing(() => upload<Problem>(lineOf(901), "?colour=red", { headers }));
      expect([headers, answer.status, answer.body.code]).toEqual([headers, 415, "unsupported_media_type"]);
    }
  });

  test("says that it is larger than a file may be", async () => {
    const headers = { "content-length": String(2 * 1024 ** 3 + 1) };
    const answer = await scene.storesNothing(() => upload<Problem>(lineOf(902), "", { headers }));
    expect([answer.status, answer.body.code]).toEqual([413, "payload_too_large"]);
  });

  test("has options that are none", async () => {
    for (const [query, fault] of [
      ["?known=yes", "known not_allowed"],
      ["?ratePerSecond=0", "ratePerSecond out_of_range"],
      ["?ratePerSecond=1001", "ratePerSecond out_of_range"],
      ["?ratePerSecond=1e3", "ratePerSecond invalid_format"],
      ["?colour=red", "colour unknown_parameter"],
      ["?dryRun=true&dryRun=false", "dryRun too_many"],
    ] as const) {
      const answer = await scene.storesNothing(() => upload<Problem>(lineOf(903), query));
      expect([query, answer.status, faultsOf(answer.body)]).toEqual([query, 400, [fault]]);
    }
  });

  test("names an import that there is not", async () => {
    for (const [method, path] of [
      ["GET", "/v1/imports/999999"],
      ["GET", "/v1/imports/x/report"],
      ["POST", "/v1/imports/0/pause"],
      ["DELETE", "/v1/imports/999999"],
    ] as const) {
      const { status, body } = await scene.call(method, path);
      expect([path, status, body.code]).toEqual([path, 404, "not_found"]);
    }
  });
});
