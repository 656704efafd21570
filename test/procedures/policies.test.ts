import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted, DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { pdfText } from "./pdf-text.ts";
import { openProcedureScene, type ProcedureScene } from "./procedure-scene.ts";

const NOTICE = "2.000033";
const FILES = [
  { id: "1", name: "thong-bao.pdf", url: "https://files.example.vn/1" },
  { id: "2", name: "cu.pdf", url: "https://files.example.vn/2", deleted: true },
];

let scene: ProcedureScene;
beforeAll(async () => {
  scene = await openProcedureScene({
    settings: { PUBLIC_URL: "http://gateway.test" },
  });
  await scene.refresh();
});
afterAll(() => scene?.close());

const notice = (parts: Readonly<Record<string, unknown>> = {}) =>
  dossierBody({ procedureCode: NOTICE, submittedFiles: FILES, dueAt: undefined, ...parts });

const put = async (number: number, parts?: Readonly<Record<string, unknown>>) =>
  (await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(number)}`, notice(parts))).body;

const held = (number: number) => scene.portal.state.dossiers.get(codeOf(number))?.hoSo;

const detail = async (number: number) =>
  (await scene.call<DossierDetail>("GET", `/v1/dossiers/${codeOf(number)}`)).body;

test("a policy needs a known name and the number of its decision, and a procedure code", async () => {
  const path = `/v1/procedures/${NOTICE}/policy`;
  await scene.refuses("PUT", path, { policy: "skip", decision: "1" }, ["policy not_allowed"]);
  await scene.refuses("PUT", path, { policy: "none" }, ["decision required"]);
  await scene.refuses("PUT", path, { policy: "none", decision: "", x: 1 }, ["decision too_short", "x unknown_field"]);
  await scene.refuses("PUT", path, { policy: "none", decision: "a\u0007" }, ["decision control_character"]);
  await scene.refuses("PUT", path, { policy: "none", decision: "1", reason: "x".repeat(2001) }, ["reason too_long"]);
  await scene.refuses("PUT", "/v1/procedures/abc/policy", { policy: "none", decision: "1" }, [
    "code invalid_procedure_code",
  ]);
  const reader = await scene.call("PUT", path, { policy: "none", decision: "1" }, { client: "reader" });
  expect(reader.status).toBe(403);
});

test("by default a notice goes out as it was put, under the national code, with nothing made up", async () => {
  const accepted = await put(1, { procedureCode: `${NOTICE}.H04` });
  expect(accepted.warnings.map(({ code }) => code)).not.toContain("not_synced_by_policy");
  await scene.drained();
  expect(held(1)).toMatchObject({
    MaTTHC: NOTICE,
    HoSoCoThanhPhanSoHoa: "0",
    DanhSachGiayToKetQua: [],
    TaiLieuNop: [{ DuocSoHoa: "0" }, { DuocSoHoa: "0" }],
  });
  expect((await detail(1)).dossier.procedureCode).toBe(`${NOTICE}.H04`);
});

test("mark-digitised marks the components, never a deleted one, and makes no result up; the dossier stays as it was put", async () => {
  const set = await scene.setPolicy(NOTICE, "mark-digitised", "15/QĐ-SCT");
  expect([set.status, set.body]).toEqual([
    200,
    {
      code: NOTICE,
      inCatalogue: true,
      policy: expect.objectContaining({
        policy: "mark-digitised",
        isDefault: false,
        decision: "15/QĐ-SCT",
        setBy: "province",
      }),
    },
  ]);
  await put(2);
  await scene.drained();
  expect(held(2)).toMatchObject({
    HoSoCoThanhPhanSoHoa: "1",
    DanhSachGiayToKetQua: [],
    TaiLieuNop: [{ DuocSoHoa: "1" }, { DuocSoHoa: "0" }],
  });
  const { dossier } = await detail(2);
  expect([dossier.hasDigitisedComponents, dossier.submittedFiles?.[0]?.digitised]).toEqual([undefined, undefined]);
});

test("a policy for a procedure holds whatever suffix a dossier names it with, and every policy put stays with its decision", async () => {
  await put(3, { procedureCode: `${NOTICE}.000.00.15.H04` });
  await scene.drained();
  expect(held(3)).toMatchObject({ MaTTHC: NOTICE, HoSoCoThanhPhanSoHoa: "1" });
  await scene.setPolicy(`${NOTICE}.H04`, "none", "16/QĐ-SCT");
  const { policy, policies } = await scene.procedure(NOTICE);
  expect(policy).toMatchObject({ policy: "none", isDefault: false, decision: "16/QĐ-SCT" });
  expect(policies.map(({ decision }) => decision)).toEqual(["16/QĐ-SCT", "15/QĐ-SCT"]);
  await put(4);
  await scene.drained();
  expect(held(4)?.HoSoCoThanhPhanSoHoa).toBe("0");
});

test("do-not-sync records the dossier and its steps, sends neither, and says so; lifted, the next put brings it over", async () => {
  await scene.setPolicy(NOTICE, "do-not-sync");
  const accepted = await put(5);
  expect([accepted.exchanges, accepted.warnings.map(({ code }) => code)]).toEqual([[], ["not_synced_by_policy"]]);
  const step = (id: string) => scene.call<EventAccepted>("POST", `/v1/dossiers/${codeOf(5)}/events`, eventBody(id));
  const first = await step("b1");
  expect([first.status, first.body.exchanges, first.body.warnings.map(({ code }) => code)]).toEqual([
    202,
    [],
    ["not_synced_by_policy"],
  ]);
  expect((await step("b1")).body).toEqual(first.body);
  await scene.drained();
  expect(held(5)).toBeUndefined();
  const recorded = await detail(5);
  expect([recorded.status, recorded.sync[0]?.state, recorded.timeline.map(({ exchangeId }) => exchangeId)]).toEqual([
    "processing",
    "none",
    [undefined],
  ]);

  await scene.setPolicy(NOTICE, "none");
  expect((await step("b2")).body.exchanges).toEqual([]);
  expect((await put(5)).exchanges).toHaveLength(1);
  expect((await step("b3")).body.exchanges).toHaveLength(1);
  await scene.drained();
  expect(scene.portal.state.dossiers.get(codeOf(5))?.steps.map(({ step: { NoiDungXuLy } }) => NoiDungXuLy)).toEqual([
    "Thẩm định hồ sơ b3",
  ]);
  expect((await detail(5)).sync[0]?.state).toBe("synced");
});

test("the status of a dossier born on the portal is told there also where its procedure is not synced", async () => {
  await scene.setPolicy(NOTICE, "do-not-sync");
  const portalCode = "000.00.00.G22-261120-0099";
  scene.portal.addPortalDossier({ MaHoSo: portalCode, MaTTHC: NOTICE });
  expect((await put(6, { portalCode })).exchanges.map(({ operation }) => operation)).toEqual(["dossier.status"]);
  await scene.drained();
  expect(scene.portal.state.portalDossiers.get(portalCode)?.statuses.map(({ data }) => data.TrangThai)).toEqual(["2"]);
});

test("auto-acknowledgement attaches a real PDF that the portal can open, the same at every put that changes nothing of it", async () => {
  expect((await scene.setPolicy(NOTICE, "auto-acknowledgement", "20/QĐ-UBND")).status).toBe(200);
  await put(7);
  await scene.drained();
  const [result] = held(7)?.DanhSachGiayToKetQua ?? [];
  expect(result).toMatchObject({ GiayToId: "acknowledgement", TenGiayTo: "Giấy xác nhận đã tiếp nhận hồ sơ" });
  const link = result?.DuongDanTepTinKetQua ?? "";
  expect(link).toMatch(/^http:\/\/gateway\.test\/portal\/downloadfile\/[\da-f-]{36}$/u);
  const answer = await scene.app.request(new URL(link).pathname);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  const pdf = new Uint8Array(await answer.arrayBuffer());
  expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
  expect(pdf.length).toBeLessThan(200_000);
  expect(await pdfText(pdf)).toEqual(
    expect.arrayContaining([
      "GIẤY XÁC NHẬN ĐÃ TIẾP NHẬN HỒ SƠ",
      `Mã hồ sơ: ${codeOf(7)}`,
      "Chủ hồ sơ: Trần Thị Ví Dụ",
      "Tiếp nhận lúc: 20/11/2026 09:15",
      expect.stringContaining("20/QĐ-UBND"),
    ]),
  );

  await put(7, { status: "processing" });
  await scene.drained();
  expect(held(7)?.DanhSachGiayToKetQua[0]?.DuongDanTepTinKetQua).toBe(link);
  await put(7, { status: "processing", summary: "Nội dung đã sửa" });
  await scene.drained();
  expect(held(7)?.DanhSachGiayToKetQua[0]?.DuongDanTepTinKetQua).not.toBe(link);
  expect((await detail(7)).dossier.results).toBeUndefined();
});

test("nothing is acknowledged before it was received, nor beside a result of the province's own", async () => {
  await put(8, { status: "submitted" });
  const own = { id: "r1", name: "Văn bản trả lời", url: "https://files.example.vn/r1" };
  await put(9, { status: "finished", finishedAt: "2026-11-21T09:00:00+07:00", results: [own] });
  await scene.drained();
  expect(held(8)?.DanhSachGiayToKetQua).toEqual([]);
  expect(held(9)?.DanhSachGiayToKetQua.map(({ DuongDanTepTinKetQua }) => DuongDanTepTinKetQua)).toEqual([own.url]);
});

test("a policy may be put before the catalogue holds its procedure", async () => {
  const set = await scene.setPolicy("1.000999", "mark-digitised");
  expect([set.status, set.body.inCatalogue, set.body.code]).toEqual([200, false, "1.000999"]);
  await put(10, { procedureCode: "1.000999.H04" });
  await scene.drained();
  expect(held(10)?.HoSoCoThanhPhanSoHoa).toBe("1");
});

test("each policy is audited with its decision, refused ones are not", async () => {
  const { body } = await scene.call<{ items: { action: string; subject: string; detail: Record<string, unknown> }[] }>(
    "GET",
    "/v1/audit?limit=200",
  );
  const acts = body.items.filter(({ action }) => action === "procedure.policy");
  expect(acts.map(({ detail: { policy, decision } }) => [policy, decision])).toContainEqual([
    "auto-acknowledgement",
    "20/QĐ-UBND",
  ]);
  expect(acts.every(({ detail }) => detail["decision"] !== undefined)).toBe(true);
});
