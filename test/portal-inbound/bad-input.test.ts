import { afterAll, beforeAll, expect, test } from "vitest";
import { countRows } from "../http/tables.ts";
import { amendment, type InboundScene, list, notice, openInboundScene, promotion, receipt } from "./inbound-scene.ts";

const PROMOTION = "forward/addtthcKhuyenMai";
const OTHER = "forward/nhanhsdvcqg";
const NOTICE = "forward/nhantbthuedvcqg";

let scene: InboundScene;
beforeAll(async () => {
  scene = await openInboundScene({ dispatch: false });
});
afterAll(() => scene.close());

const doctype = `<!DOCTYPE DATA [<!ENTITY x "y">]><DATA><BODY><MA_HSO>G1</MA_HSO>${list("Q", "1")}</BODY></DATA>`;
const deep = `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`;

test.for([
  [
    "JSON that was cut off",
    PROMOTION,
    JSON.stringify(promotion("G22.99-261120-100001")).slice(0, -20),
    "message.unknown",
  ],
  ["a list in the place of an object", PROMOTION, "[]", "message.unknown"],
  ["bytes that are no UTF-8", PROMOTION, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), "message.unknown"],
  ["an object nested thousands deep", PROMOTION, deep, "message.unknown"],
  ["a notice without a code", PROMOTION, promotion(""), "dossier.received"],
  ["a code that is an object", PROMOTION, { ...promotion("x"), MaHoSo: { a: 1 } }, "dossier.received"],
  [
    "a number that JSON cannot carry as a code",
    PROMOTION,
    '{"MaHoSo": 1e300, "MaTTHC": "2.000033"}',
    "dossier.received",
  ],
  [
    "a procedure that is none",
    PROMOTION,
    promotion("G22.99-261120-100002", { MaTTHC: "khuyến mại" }),
    "dossier.received",
  ],
  [
    "a file that is no base64",
    PROMOTION,
    promotion("G22.99-261120-100003", { TepDonDangKy: "%%%" }),
    "dossier.received",
  ],
  [
    "a file whose base64 was cut",
    PROMOTION,
    promotion("G22.99-261120-100004", { TepDonDangKy: "QUJDR" }),
    "dossier.received",
  ],
  ["a service that nobody knows", OTHER, { service: "NhanThuLa", data: {} }, "message.unknown"],
  [
    "an amendment without a procedure",
    OTHER,
    amendment("G22.99-261120-100005", "x", { MaTTHC: "" }),
    "dossier.amended",
  ],
  ["a receipt whose amount is words", OTHER, receipt("G22.99-261120-100006", "QD", "một tỷ"), "tax-receipt.received"],
  ["a receipt with a negative amount", OTHER, receipt("G22.99-261120-100007", "QD", -5), "tax-receipt.received"],
  ["a receipt without a decision", OTHER, receipt("G22.99-261120-100008", "", 5), "tax-receipt.received"],
  ["another service at the tax address", NOTICE, { ...notice([]), service: "NhanThuLa" }, "message.unknown"],
  ["XML with a DOCTYPE", NOTICE, notice(doctype), "tax-notice.received"],
  ["XML that is not well formed", NOTICE, notice("<DATA><BODY></DATA>"), "tax-notice.received"],
  [
    "XML without a dossier",
    NOTICE,
    notice(`<DATA><BODY><ROW_LIST>${list("Q", "1")}</ROW_LIST></BODY></DATA>`),
    "tax-notice.received",
  ],
  [
    "one bad amount among good ones",
    NOTICE,
    notice([["G1", list("Q-1", "5") + list("Q-2", "2.147.483.648")]]),
    "tax-notice.received",
  ],
  [
    "an amount beyond what numbers hold",
    NOTICE,
    notice([["G1", list("Q-1", "9007199254740993")]]),
    "tax-notice.received",
  ],
  [
    "a paper that is no base64",
    NOTICE,
    { service: "NhanThongBaoThueDat", data: { FileThongBaoThue: "<DATA/>" } },
    "tax-notice.received",
  ],
] as const)(
  "%s is answered -1 and parked with its bytes, once however often it comes",
  async ([, path, body, operation]) => {
    const [before, eventsBefore] = [await scene.sums(), (await scene.events()).length];
    const answer = await scene.portal(path, body);
    expect([answer.status, answer.body.error_code]).toEqual([200, -1]);
    expect(answer.body.message).not.toBe("");
    const [parked] = await scene.entries("state=failed&limit=1");
    expect([parked?.operation, parked?.error?.code]).toEqual([operation, "invalid_request"]);
    const rows = await countRows(scene.database);
    expect((await scene.portal(path, body)).body.error_code).toBe(-1);
    expect(await countRows(scene.database)).toEqual(rows);
    const after = await scene.sums();
    expect([after?.failed, after?.accepted]).toEqual([(before?.failed ?? 0) + 1, (before?.accepted ?? 0) + 1]);
    expect(after?.accepted).toBe((after?.delivered ?? 0) + (after?.failed ?? 0));
    expect((await scene.events()).length).toBe(eventsBefore);
  },
);

test("a retry of what still cannot be read leaves it parked; a person may cancel it", async () => {
  await scene.portal(PROMOTION, promotion("", { SoVanBan: "retry" }));
  const [parked] = await scene.entries("state=failed&limit=1");
  const retried = await scene.call<{ state: string }>("POST", `/v1/ledger/${parked?.id}/retry`);
  expect([retried.status, retried.body.state]).toEqual([202, "failed"]);
  const detail = await scene.call<{ attemptLog: unknown[] }>("GET", `/v1/ledger/${parked?.id}`);
  expect([detail.status, detail.body.attemptLog]).toEqual([200, []]);
  const cancelled = await scene.call<{ state: string }>("POST", `/v1/ledger/${parked?.id}/cancel`, {
    reason: "Gửi nhầm",
  });
  expect([cancelled.status, cancelled.body.state]).toEqual([200, "cancelled"]);
});

test("a file that is no PDF is kept and marked, never shown as a page", async () => {
  const code = "G22.99-261120-200001";
  const html = Buffer.from("<html><script>alert(1)</script></html>").toString("base64");
  expect(await scene.code(PROMOTION, promotion(code, { TepDonDangKy: html, TaiLieuNop: [] }))).toBe(0);
  const [event] = await scene.eventsOf(code);
  expect(event?.data?.["files"]).toMatchObject([{ type: "text/plain; charset=utf-8", misnamed: true }]);
  const file = await scene.call("GET", `/v1/inbox/${event?.id}/files/1`);
  expect(file.headers.get("content-type")).toBe("application/octet-stream");
  expect(file.headers.get("content-disposition")).toMatch(/^attachment/u);
});

test("the content type is not asked for, numbers may be texts and texts numbers", async () => {
  const [one, two] = ["G22.99-261120-200002", "G22.99-261120-200003"];
  const plain = await scene.send("/portal/forward/addtthcKhuyenMai", {
    method: "POST",
    headers: { "content-type": "text/plain", "x-api-key": "demo-portal-key-for-npm-start-only" },
    body: JSON.stringify(promotion(one, { MaSoThue: 100109106, DienThoai: 912345678 })),
  });
  expect((plain.body as unknown as { error_code: number }).error_code).toBe(0);
  expect(await scene.code(OTHER, receipt(two, "QD", 2_500_000_000, { TrangThaiThanhToan: "1" }))).toBe(0);
  const [event] = await scene.eventsOf(two);
  expect(event?.data?.["receipt"]).toMatchObject({ amount: 2_500_000_000, paid: true });
});

test("a body beyond 80 MiB is answered 413 in the portal's shape, by what it says and by what it is", async () => {
  const headers = { "x-api-key": "demo-portal-key-for-npm-start-only", "content-length": String(81 * 1024 * 1024) };
  const answer = await scene.storesNothing(() => scene.portal(PROMOTION, "{}", headers));
  expect([answer.status, answer.body.error_code]).toEqual([413, -1]);
});

test("nothing of a push stands in clear in the database", async () => {
  const code = "G22.99-261120-200005";
  await scene.portal(
    PROMOTION,
    promotion(code, { TenThuongNhan: "Công ty Không Được Lộ", NguoiLienHe: "Người Không Lộ" }),
  );
  const { printRows } = await import("../http/tables.ts");
  const printed = (await printRows(scene.database)).map(({ row }) => row).join("\n");
  for (const secret of ["Không Được Lộ", "Người Không Lộ", "8000000001"]) {
    const hex = Buffer.from(secret).toString("hex");
    expect([secret, printed.includes(secret), printed.includes(hex)]).toEqual([secret, false, false]);
  }
});

test("an attachment of 50 MB is taken whole", { timeout: 120_000 }, async () => {
  const code = "G22.99-261120-200004";
  const large = Buffer.alloc(50_000_000, "%PDF-1.7 ");
  expect(await scene.code(PROMOTION, promotion(code, { TepDonDangKy: large.toString("base64") }))).toBe(0);
  const [event] = await scene.eventsOf(code);
  const [file] = (event?.data?.["files"] ?? []) as { size: number; type: string }[];
  expect(file).toMatchObject({ size: 50_000_000, type: "application/pdf" });
  const answer = await scene.request("GET", `/v1/inbox/${event?.id}/files/1`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
});
