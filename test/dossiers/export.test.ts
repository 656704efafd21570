import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierLine } from "../../contracts/services/dossier-views.ts";
import { csvCell } from "../../src/csv-cell.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { byteStream } from "../../src/dossiers/export/byte-stream.ts";
import { csvLines } from "../../src/dossiers/export/csv-lines.ts";
import { xlsxBytes } from "../../src/dossiers/export/xlsx-bytes.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";
import { sheetRows, unzip } from "./zip-reader.ts";

const HEADINGS = [
  ...["Mã hồ sơ", "Mã thủ tục", "Tên thủ tục", "Chủ hồ sơ", "Trạng thái", "Nguồn", "Kênh nộp", "Mã đơn vị xử lý"],
  ...["Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Đồng bộ"],
];

let scene: ApiScene;
beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  const put = (number: number, parts: Readonly<Record<string, unknown>>, client?: string) =>
    scene.call("PUT", `/v1/dossiers/${codeOf(number)}`, dossierBody(parts), { ...(client && { client }) });
  await put(1, { origin: "national-portal", receivedAt: "2026-11-02T08:00:00+07:00" });
  await put(2, { origin: "kiosk", receivedAt: "2026-11-03T08:00:00+07:00", dueAt: undefined });
  const applicant = { type: "citizen", name: '=HYPERLINK("http://x.example","Nguyễn")', identities: [] };
  await put(3, { origin: "national-portal", receivedAt: "2026-11-04T08:00:00+07:00", applicant }, "health");
});
afterAll(() => scene?.close());

const csvOf = async (query: string, client?: string): Promise<string[]> => {
  const { status, headers, text } = await scene.call<string>(
    "GET",
    `/v1/dossiers/export?format=csv${query}`,
    undefined,
    client === undefined ? {} : { client },
  );
  expect([status, headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="ho-so-\d{4}-\d\d-\d\d\.csv"$/u);
  expect(text.endsWith("\r\n")).toBe(true);
  return text
    .replace(/^\uFEFF/u, "")
    .trimEnd()
    .split("\r\n");
};

const xlsxOf = async (query = ""): Promise<Buffer> => {
  const answer = await scene.request("GET", `/v1/dossiers/export?format=xlsx${query}`);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};

test("CSV has Vietnamese headings and words, newest first, with the filters of the search", async () => {
  const [headings, ...lines] = await csvOf("&origin=national-portal");
  expect(headings?.split(",")).toEqual(HEADINGS);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe(
    [
      ...[
        codeOf(1),
        "2.000591",
        "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
        "Trần Thị Ví Dụ",
        "Được tiếp nhận",
      ],
      ...[
        "Cổng Dịch vụ công quốc gia",
        "Trực tuyến",
        "H04.15",
        "Sở Công Thương",
        "02/11/2026 08:00",
        "30/11/2026 17:00",
      ],
      "Đang chờ",
    ].join(","),
  );
  expect(await csvOf("&origin=post")).toHaveLength(1);
  expect(await csvOf("&receivedFrom=2026-11-03&receivedTo=2026-11-03")).toHaveLength(2);
});

test("what a spreadsheet would compute is a text in CSV, and a cell of text in a workbook", async () => {
  const [, line] = await csvOf("&q=nguyen");
  expect(line).toContain(`"'=HYPERLINK(""http://x.example"",""Nguyễn"")"`);
  const archive = await xlsxOf("&q=nguyen");
  expect(sheetRows(archive)[1]?.[3]).toBe('=HYPERLINK("http://x.example","Nguyễn")');
  expect(unzip(archive).get("xl/worksheets/sheet1.xml")).not.toContain("<f>");
});

test.each([
  ["=1+1", "'=1+1"],
  ["+84", "'+84"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["  =1", "'  =1"],
  ["＝1", "'＝1"],
  ["\n=1", `"'\n=1"`],
  ['a "b", c', '"a ""b"", c"'],
  ["Lê 1=2", "Lê 1=2"],
  ["", ""],
  [undefined, ""],
  [7, "7"],
])("the cell %j is written %j", (value, written) => {
  expect(csvCell(value)).toBe(written);
});

test("a workbook has the same rows, with moments that sort as moments, and its parts are whole", async () => {
  const archive = await xlsxOf();
  expect([...unzip(archive).keys()]).toEqual([
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
  ]);
  const [headings, ...lines] = sheetRows(archive);
  expect(headings).toEqual(HEADINGS);
  expect(lines.map((cells) => cells[0])).toEqual([codeOf(3), codeOf(2), codeOf(1)]);
  // 2 November 2026 is day 46328 of spreadsheets; eight in the morning is a third of it.
  expect(lines[2]?.[9]).toBeCloseTo(46_328 + 1 / 3, 5);
  expect(lines[1]?.[10]).toBeNull();
});

test("nobody exports what is another agency's", async () => {
  const [, ...lines] = await csvOf("", "health");
  expect(lines.map((line) => line.split(",")[0])).toEqual([codeOf(3)]);
  expect(await csvOf("", "industry")).toHaveLength(1);
});

test("an export is audited with what was looked for, but not with the words of a search", async () => {
  await csvOf("&origin=kiosk,post&q=001199000001");
  const [act] = await rows<{ detail: Record<string, unknown>; actor: string }>(
    scene.database,
    sql`select detail, actor from audit where action = 'dossiers.export' order by id desc limit 1`,
  );
  expect(act).toEqual({ actor: "province", detail: { format: "csv", origin: "kiosk,post", q: true } });
});

test("an export without a form, in an unknown one or with unknown filters is refused by name", async () => {
  await scene.refuses("GET", "/v1/dossiers/export", undefined, ["format required"]);
  await scene.refuses("GET", "/v1/dossiers/export?format=pdf&origin=x&by=unit", undefined, [
    "by unknown_parameter",
    "format not_allowed",
    "origin[0] not_allowed",
  ]);
  const unscoped = await scene.call("GET", "/v1/dossiers/export?format=csv", undefined, { token: null });
  expect(unscoped.status).toBe(401);
});

const line = (n: number): DossierLine => ({
  ...{ code: `H04.15-261120-${n}`, procedureCode: "2.000591", applicantName: `Nguyễn Văn ${n} <&>\u0001\uffff` },
  ...{ status: "accepted", origin: "national-portal", channel: "online", processingUnit: { name: "Sở" } },
  ...{ receivedAt: "2026-11-20T02:15:00.000Z", sync: "synced" },
});

/** Pages that count how many of them were asked for. */
const countedPages = (pages: number, each: number) => {
  const seen = { pages: 0, ended: false };
  async function* make(): AsyncGenerator<DossierLine[]> {
    try {
      for (let page = 0; page < pages; page++) {
        seen.pages++;
        yield Array.from({ length: each }, (_, i) => line(page * each + i));
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, pages: make() };
};

test("a hundred thousand rows are written as they are taken: a reader that stops holds no more than some pages", async () => {
  for (const form of ["csv", "xlsx"] as const) {
    const { seen, pages } = countedPages(200, 500);
    const encoder = new TextEncoder();
    async function* csv(): AsyncGenerator<Uint8Array> {
      for await (const text of csvLines(pages)) yield encoder.encode(text);
    }
    const reader = byteStream(form === "csv" ? csv() : xlsxBytes(pages)).getReader();
    let taken = 0;
    while (taken < 20_000) taken += (await reader.read()).value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([form, seen.pages < 20, seen.ended]).toEqual([form, true, false]);
    await reader.cancel();
    expect([form, seen.ended]).toEqual([form, true]);
  }
});

test("a large workbook is whole, whatever its texts hold", async () => {
  const { pages } = countedPages(40, 500);
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxBytes(pages)) pieces.push(piece);
  const found = sheetRows(Buffer.concat(pieces));
  expect(found).toHaveLength(20_001);
  expect(found[20_000]?.slice(0, 4)).toEqual(["H04.15-261120-19999", "2.000591", null, "Nguyễn Văn 19999 <&>"]);
});
