import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierDetail } from "../../contracts/services/dossier-views.ts";
import { dossierBody } from "../gateway-scene.ts";
import { amendment, type InboundScene, openInboundScene, PDF, promotion } from "./inbound-scene.ts";

let scene: InboundScene;
let number = 0;
const nextCode = (): string => `G22.99-261120-${String(++number).padStart(6, "0")}`;
const localCode = (): string => `H04.15-261120-${String(++number).padStart(4, "0")}`;
const PUSH = "forward/addtthcKhuyenMai";
const AMEND = "forward/nhanhsdvcqg";

beforeAll(async () => {
  scene = await openInboundScene();
});
afterAll(() => scene.close());

const found = async (query: string, client = "province") =>
  (
    await scene.call<{ items: { code: string; origin: string; status: string; sync: string }[] }>(
      "GET",
      `/v1/dossiers?${query}`,
      undefined,
      { client },
    )
  ).body.items;

test("a promotion notice is a dossier at once, found by search, with an event that leads to its files", async () => {
  const code = nextCode();
  const answer = await scene.portal(PUSH, promotion(code));
  expect([answer.status, answer.body]).toEqual([200, { error_code: 0, message: "Thành công" }]);
  expect((await found(`q=${code}`)).map(({ origin, status, sync }) => [origin, status, sync])).toEqual([
    ["national-portal", "submitted", "none"],
  ]);
  expect((await found("origin=national-portal&q=0100109106")).length).toBeGreaterThan(0);
  const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`);
  expect([body.code, body.owner, body.dossier.portalCode, body.dossier.applicant.name]).toEqual([
    code,
    "H04",
    code,
    "Công ty Ví Dụ",
  ]);
  const [event] = await scene.eventsOf(code);
  expect(event).toMatchObject({
    type: "dossier.received",
    agency: "H04",
    data: { portalCode: code, procedureCode: "2.000033" },
  });
  expect(event?.data?.["details"]).toMatchObject({ SoVanBan: "12/TB", TongGiaTriHangHoa: 3_000_000_000 });
  expect(event?.data?.["details"]).not.toHaveProperty("TepDonDangKy");
  const files = event?.data?.["files"] as { n: number; name: string; type: string; url: string }[];
  expect(files.map(({ n, name, type }) => [n, name, type])).toEqual([
    [1, "don-dang-ky.pdf", "application/pdf"],
    [2, "the-le.pdf", "application/pdf"],
  ]);
  expect(body.dossier.submittedFiles?.map(({ url }) => url)).toEqual(files.map(({ url }) => url));
});

test("a file of an event is given as it came, to its owners alone", async () => {
  const code = nextCode();
  await scene.portal(PUSH, promotion(code));
  const [event] = await scene.eventsOf(code);
  const path = `/v1/inbox/${event?.id}/files/1`;
  const file = await scene.call<string>("GET", path);
  expect([file.status, file.headers.get("content-type"), file.text]).toEqual([200, "application/pdf", PDF.toString()]);
  expect(file.headers.get("content-disposition")).toContain("don-dang-ky.pdf");
  for (const missing of [
    `/v1/inbox/${event?.id}/files/3`,
    `/v1/inbox/${event?.id}/files/x`,
    "/v1/inbox/evt_1/files/1",
  ]) {
    expect((await scene.call("GET", missing)).status).toBe(404);
  }
  expect((await scene.call("GET", path, undefined, { client: "health" })).status).toBe(404);
  expect((await scene.call("GET", path, undefined, { client: "reader" })).status).toBe(403);
});

test("the same notice again is answered 1 and changes nothing", async () => {
  const code = nextCode();
  await scene.portal(PUSH, promotion(code));
  const answer = await scene.storesNothing(() => scene.portal(PUSH, promotion(code)));
  expect(answer.body.error_code).toBe(1);
});

test("another notice under the same code is answered 1 and parked, once; a person may take it all the same", async () => {
  const code = nextCode();
  await scene.portal(PUSH, promotion(code));
  const other = promotion(code, { TenChuongTrinhKhuyenMai: "Chương trình khác" });
  expect([await scene.code(PUSH, other), await scene.code(PUSH, other)]).toEqual([1, 1]);
  const parked = await scene.entries(`dossierCode=${code}&state=failed`);
  expect(parked.map(({ operation, error }) => [operation, error?.code])).toEqual([["dossier.received", "conflict"]]);
  expect(await scene.eventsOf(code)).toHaveLength(1);
  const retried = await scene.call<{ state: string }>("POST", `/v1/ledger/${parked[0]?.id}/retry`);
  expect([retried.status, retried.body.state]).toEqual([202, "delivered"]);
  expect((await scene.eventsOf(code)).map(({ type }) => type)).toEqual(["dossier.received", "dossier.amended"]);
  const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`);
  expect(body.dossier.summary).toBe("Chương trình khác");
  expect((await scene.call("POST", `/v1/ledger/${parked[0]?.id}/retry`)).status).toBe(409);
});

test("an amendment is a dossier of its own that names the one it amends, also before that one came", async () => {
  const [first, second, early] = [nextCode(), nextCode(), nextCode()];
  await scene.portal(PUSH, promotion(first));
  expect(await scene.code(AMEND, amendment(second, first))).toBe(0);
  expect(await scene.code(AMEND, amendment(early, "G22.99-261120-999999"))).toBe(0);
  const [known] = await scene.eventsOf(second);
  expect(known).toMatchObject({ type: "dossier.amended", data: { amends: { portalCode: first, known: true } } });
  const [unknown] = await scene.eventsOf(early);
  expect(unknown?.data?.["amends"]).toEqual({ portalCode: "G22.99-261120-999999", known: false });
  const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${second}`);
  expect([body.dossier.linked?.parentCode, body.dossier.summary]).toEqual([first, "Tuần lễ ví dụ, kéo dài"]);
  expect(await scene.code(AMEND, amendment(second, first))).toBe(1);
  const again = { ...amendment(second, first, { LyDoDieuChinh: "Lý do khác" }), isUpdating: "True" };
  expect(await scene.code(AMEND, again)).toBe(0);
  expect(await scene.eventsOf(second)).toHaveLength(2);
});

test("the province's put with the portal's code takes the dossier on: its code, its owner, and a status goes back", async () => {
  const [code, local] = [nextCode(), localCode()];
  scene.simulator.addPortalDossier({ MaHoSo: code, MaTTHC: "2.000033" });
  await scene.portal(PUSH, promotion(code));
  expect((await scene.call("GET", `/v1/dossiers/${code}`, undefined, { client: "industry" })).status).toBe(404);
  const put = await scene.call<{ exchanges: { operation: string }[] }>(
    "PUT",
    `/v1/dossiers/${local}`,
    dossierBody({ portalCode: code, origin: "national-portal" }),
    { client: "industry" },
  );
  expect([put.status, put.body.exchanges.map(({ operation }) => operation)]).toEqual([202, ["dossier.status"]]);
  for (const either of [code, local]) {
    const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${either}`, undefined, {
      client: "industry",
    });
    expect([body.code, body.owner]).toEqual([local, "H04.15"]);
  }
  await scene.drained();
  expect(scene.simulator.state.portalDossiers.get(code)?.statuses.map(({ data }) => data.MaHoSoDonVi)).toEqual([local]);
  expect(scene.simulator.state.dossiers.size).toBe(0);
  // Its owner now reads the files of the event that belongs to the province.
  const [event] = await scene.eventsOf(code);
  const file = await scene.call("GET", `/v1/inbox/${event?.id}/files/1`, undefined, { client: "industry" });
  expect(file.status).toBe(200);
  // Nobody else can take it now.
  const late = await scene.call("PUT", `/v1/dossiers/${localCode()}`, dossierBody({ portalCode: code }));
  expect([late.status, late.body.code]).toEqual([409, "conflict"]);
  // What the portal sends afterwards goes to the owner, and leaves the dossier to it.
  expect(await scene.code(AMEND, amendment(nextCode(), code))).toBe(0);
  expect(await scene.code(PUSH, promotion(code))).toBe(1);
});

test("a put under the portal's own code takes it on as well, and a put that is refused takes nothing", async () => {
  const code = nextCode();
  scene.simulator.addPortalDossier({ MaHoSo: code, MaTTHC: "2.000033" });
  await scene.portal(PUSH, promotion(code));
  const bad = await scene.call("PUT", `/v1/dossiers/${localCode()}`, dossierBody({ portalCode: code, status: "x" }));
  expect(bad.status).toBe(400);
  expect((await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`)).body.owner).toBe("H04");
  const put = await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody(), { client: "health" });
  expect(put.status).toBe(202);
  const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`, undefined, { client: "health" });
  expect([body.owner, body.dossier.applicant.name]).toEqual(["H04.16", "Trần Thị Ví Dụ"]);
  await scene.drained();
});

test("a dossier that the province put before the push stays the province's, and its owner hears of the push", async () => {
  const [code, local] = [nextCode(), localCode()];
  await scene.call("PUT", `/v1/dossiers/${local}?known=true`, dossierBody({ portalCode: code }), {
    client: "industry",
  });
  expect(await scene.code(PUSH, promotion(code))).toBe(0);
  const { body } = await scene.call<DossierDetail>("GET", `/v1/dossiers/${code}`, undefined, { client: "industry" });
  expect([body.code, body.dossier.applicant.name]).toEqual([local, "Trần Thị Ví Dụ"]);
  const [event] = await scene.eventsOf(local, "industry");
  expect(event).toMatchObject({
    type: "dossier.received",
    agency: "H04.15",
    data: { dossierCode: local, portalCode: code },
  });
});
