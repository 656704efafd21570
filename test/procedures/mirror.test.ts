import { afterAll, beforeAll, expect, test } from "vitest";
import type { MirrorView, ProcedureLine } from "../../contracts/services/procedures.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { openProcedureScene, type ProcedureScene } from "./procedure-scene.ts";

let scene: ProcedureScene;
beforeAll(async () => {
  scene = await openProcedureScene();
});
afterAll(() => scene?.close());

const list = async (query = "") =>
  (await scene.call<{ items: ProcedureLine[]; next: string | null }>("GET", `/v1/procedures${query}`)).body;

const versions = async (code: string): Promise<number> => (await scene.procedure(code)).versions.length;

test("before the first run nothing is listed, a procedure is not found, and the mirror says so", async () => {
  expect(await list()).toEqual({ items: [], next: null });
  expect((await scene.call("GET", "/v1/procedures/2.000591")).status).toBe(404);
  expect(["never", "idle"]).toContain((await scene.mirror()).state);
});

test("the catalogue is mirrored on demand: every procedure with what follows from it", async () => {
  const asked = await scene.call<MirrorView>("POST", "/v1/procedures/refresh");
  expect([asked.status, asked.body.state]).toEqual([202, "running"]);
  expect(await scene.mirrorIs("idle")).toMatchObject({ listed: 9, read: 9, changed: 9, skipped: 0 });
  const { items } = await list();
  expect(items.map(({ code }) => code)).toEqual(items.map(({ code }) => code).toSorted());
  const none = items.filter(({ noResultDocument }) => noResultDocument).map(({ code }) => code);
  expect(none).toEqual(["1.013001", "2.000033", "2.000609", "2.001474"]);
  expect(items.filter(({ allFeesZero }) => !allFeesZero).map(({ code }) => code)).toEqual([
    "2.000591",
    "2.000648",
    "2.000674",
  ]);
  expect(items.map(({ policy }) => policy)).toEqual(
    items.map(({ noResultDocument }) => ({
      policy: noResultDocument ? "exclude-by-metadata" : "none",
      isDefault: true,
    })),
  );
});

test("a procedure is answered with channels, times, fees and results, whatever suffix its code has", async () => {
  const whole = await scene.procedure("2.000648");
  expect(whole).toMatchObject({
    code: "2.000648",
    isListed: true,
    content: {
      name: "Cấp Giấy chứng nhận cửa hàng đủ điều kiện bán lẻ xăng dầu",
      isPublic: true,
      fields: [{ code: "G02-LT01", name: "Lưu thông hàng hóa trong nước" }],
      results: [{ code: "KQ.2.000648" }],
    },
  });
  expect(
    whole.content.channels.map(({ channel, terms }) => [channel, terms[0]?.time, terms[0]?.fees[0]?.amount]),
  ).toEqual([
    ["counter", { unit: "working-days", amount: 20 }, 1_200_000],
    ["online", { unit: "working-days", amount: 15 }, 1_200_000],
    ["post", { unit: "working-days", amount: 20 }, 1_200_000],
  ]);
  for (const code of ["2.000648.H04", "2.000648.000.00.15.H04"]) expect(await scene.procedure(code)).toEqual(whole);
});

test("the catalogue is searched by code and by words without accents, page by page", async () => {
  expect((await list("?q=khuyen%20mai")).items.map(({ code }) => code)).toEqual(["2.000004", "2.000033", "2.001474"]);
  expect((await list("?q=2.0006")).items.map(({ code }) => code)).toEqual(["2.000609", "2.000648", "2.000674"]);
  expect((await list("?q=%25")).items).toEqual([]);
  expect((await list("?policy=exclude-by-metadata")).items).toHaveLength(4);
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await list(`?limit=4${cursor}`);
    seen.push(...page.items.map(({ code }) => code));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(seen).toEqual((await list()).items.map(({ code }) => code));
});

test("a run that finds nothing new makes no version; a change makes one, and the old one is still answered for its time", async () => {
  expect(await scene.refresh()).toMatchObject({ read: 9, changed: 0 });
  expect(await versions("2.000131")).toBe(1);
  await scene.age(30);
  scene.portal.catalogue.change("2.000131", { TENTTHC: "Đăng ký hội chợ (mới)", KETQUATHUCHIEN: [] });
  expect(await scene.refresh()).toMatchObject({ read: 9, changed: 1 });
  const now = await scene.procedure("2.000131");
  expect(now).toMatchObject({ content: { name: "Đăng ký hội chợ (mới)" }, noResultDocument: true });
  expect(now.versions).toHaveLength(2);
  const aWeekAgo = new Date(Date.now() - 7 * 24 * 3600 * 1000).toISOString();
  for (const at of [aWeekAgo, aWeekAgo.slice(0, 10), "2020-01-01"]) {
    const then = await scene.procedure("2.000131", at);
    expect(then.content.name).toMatch(/^Đăng ký tổ chức hội chợ/u);
    expect([then.noResultDocument, then.validTo]).toEqual([false, now.validFrom]);
  }
});

test("a dossier goes out with the procedure as it was when it was received, without asking the portal for it", async () => {
  const put = (number: number, receivedAt: string) => {
    const body = dossierBody({ procedureCode: "2.000131.000.00.00.H04", receivedAt, dueAt: undefined });
    return scene.call("PUT", `/v1/dossiers/${codeOf(number)}`, body);
  };
  const asked = () => scene.portal.calls.count("ok", "LayThuTuc");
  const before = asked();
  await put(1, new Date(Date.now() - 7 * 24 * 3600 * 1000).toISOString());
  await put(2, new Date().toISOString());
  await scene.drained();
  expect(scene.portal.state.dossiers.get(codeOf(1))?.hoSo).toMatchObject({
    MaTTHC: "2.000131",
    TenTTHC: "Đăng ký tổ chức hội chợ, triển lãm thương mại tại Việt Nam",
    MaLinhVuc: "G02-XT01",
  });
  expect(scene.portal.state.dossiers.get(codeOf(2))?.hoSo.TenTTHC).toBe("Đăng ký hội chợ (mới)");
  expect(asked()).toBe(before);
});

test("a procedure that is listed no more stays with its history, and comes back", async () => {
  scene.portal.catalogue.withdraw("2.000004");
  await scene.refresh();
  expect(await scene.procedure("2.000004")).toMatchObject({ isListed: false, versions: [{}] });
  scene.portal.catalogue.change("2.000004", {});
  await scene.refresh();
  expect((await scene.procedure("2.000004")).isListed).toBe(true);
});

test("what the portal lists without a row, without a name or under no procedure code is skipped and counted", async () => {
  const { catalogue } = scene.portal;
  catalogue.change("1.000777", { TENTTHC: "" });
  catalogue.change("1.000778", { MATTHC: "noi-bo-1" });
  const run = await scene.refresh();
  expect(run).toMatchObject({ listed: 11, skipped: 2, read: 10 });
  for (const code of ["1.000777", "1.000778"]) {
    expect((await scene.call("GET", `/v1/procedures/${code}`)).status).toBe(404);
    catalogue.withdraw(code);
  }
});

test("keys in another case say the same", async () => {
  const before = await scene.procedure("2.000674");
  scene.portal.dial.add([{ fault: "key-case", form: "lower" }]);
  expect(await scene.refresh()).toMatchObject({ changed: 0 });
  expect((await scene.procedure("2.000674")).content).toEqual(before.content);
  scene.portal.dial.clear();
});

test("a list that the portal refuses ends the run and keeps what was mirrored; one that cannot be read is asked for again", async () => {
  scene.portal.dial.add([{ fault: "error-body", code: "-1", message: "Không có quyền", service: "LayDanhSachTTHC" }]);
  expect(await scene.refresh()).toMatchObject({ error: { code: "upstream_rejected", message: "Không có quyền" } });
  expect((await list()).items).toHaveLength(9);
  scene.portal.dial.clear();
  scene.portal.dial.add([{ fault: "html", times: 2, service: "LayDanhSachTTHC" }]);
  await scene.call("POST", "/v1/procedures/refresh");
  const run = await scene.mirrorIs("idle");
  expect(run).toMatchObject({ read: 9 });
  expect(run.error).toBeUndefined();
});

test("a run that broke off in the middle goes on where it was, and asks for no procedure twice", async () => {
  scene.portal.catalogue.change("2.000591", { TENTTHC: "Tên sau khi đứt" });
  scene.portal.dial.add([{ fault: "http-status", status: 503, service: "LayThuTuc", share: 0.5, times: 4 }]);
  const before = scene.portal.calls.count("ok", "LayThuTuc");
  const run = await scene.refresh();
  expect(run).toMatchObject({ listed: 9, read: 9, changed: 1 });
  expect(scene.portal.calls.count("fault:http-status", "LayThuTuc")).toBe(4);
  expect(scene.portal.calls.count("ok", "LayThuTuc") - before).toBe(9);
  scene.portal.dial.clear();
});

test("while the portal is paused the mirror waits and says why, and goes on when it is resumed", async () => {
  await scene.call("POST", "/v1/platforms/national-portal/pause", { reason: "bảo trì" });
  await scene.call("POST", "/v1/procedures/refresh");
  expect(await scene.mirrorIs("waiting")).toMatchObject({ error: { code: "paused" } });
  await scene.call("POST", "/v1/platforms/national-portal/resume");
  expect((await scene.mirrorIs("idle")).error).toBeUndefined();
});

test("the next run is due in the night of Vietnam", async () => {
  const { nextAt = "" } = await scene.mirror();
  const hour = new Date(Date.parse(nextAt) + 7 * 3600 * 1000).getUTCHours();
  expect([hour, Date.parse(nextAt) > Date.now()]).toEqual([2, true]);
});

test("what is written of the catalogue leaves a row of the audit", async () => {
  const acts = await rows<{ count: number }>(
    scene.database,
    sql`select count(*)::int as count from audit where action = 'procedures.refresh' and actor = 'province'`,
  );
  expect(acts[0]?.count).toBeGreaterThan(5);
});

test("bad input is refused by name, and a reader without the scope is turned away", async () => {
  await scene.refuses("GET", "/v1/procedures?limit=0&policy=all&x=1", undefined, [
    "limit out_of_range",
    "policy[0] not_allowed",
    "x unknown_parameter",
  ]);
  await scene.refuses("GET", "/v1/procedures/abc", undefined, ["code invalid_procedure_code"]);
  await scene.refuses("GET", "/v1/procedures/2.000591?at=yesterday", undefined, ["at invalid_instant"]);
  await scene.refuses("GET", "/v1/procedures/2.000591?at=2026-02-30", undefined, ["at invalid_date"]);
  await scene.refuses("GET", "/v1/procedures?cursor=zzz", undefined, ["cursor invalid_cursor"]);
  for (const [method, path] of [
    ["GET", "/v1/procedures"],
    ["POST", "/v1/procedures/refresh"],
    ["GET", "/v1/reports/digitisation?from=2026-11-01&to=2026-11-30"],
  ] as const) {
    expect((await scene.call(method, path, undefined, { client: "reader" })).status).toBe(403);
  }
});
