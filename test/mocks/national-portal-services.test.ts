import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  CODE,
  CREDENTIALS,
  HEADERS,
  hoSo,
  openScene,
  PORTAL_CODE,
  tienDo,
  trangThai,
} from "./national-portal-scene.ts";

test("a login with the right name and password gives a session", async () => {
  const { request } = openScene();
  const response = await request("/mapi/login", CREDENTIALS);
  expect(await response.json()).toEqual({ error_code: "0", message: "Thành công", session: "session-1" });
});

test("a first sync is held with its whole object, and a look-up then finds it", async () => {
  const { portal, create, call } = openScene();
  expect((await call("TraCuuHoSo", { mahoso: CODE })).body).toEqual({ error_code: "0", message: "", result: [] });
  const answer = await create(hoSo());
  expect(answer).toEqual({ status: 200, body: { error_code: "0", message: "Đồng bộ hồ sơ thành công" } });
  expect(portal.state.dossiers.get(CODE)).toMatchObject({ status: "2", updates: 0, hoSo: hoSo() });
  expect((await call("TraCuuHoSo", { mahoso: CODE })).body["result"]).toEqual([{ MAHOSO: CODE }]);
});

test("an update replaces the object and keeps the steps", async () => {
  const { portal, create, update, step } = openScene();
  await create(hoSo());
  await step(tienDo());
  const answer = await update(hoSo({ TrangThaiHoSo: "9", GhiChu: "xong" }));
  expect(answer.body["error_code"]).toBe("0");
  const held = portal.state.dossiers.get(CODE);
  expect(held).toMatchObject({ status: "9", updates: 1, hoSo: { GhiChu: "xong" } });
  expect(held?.steps.map(({ step: { TrangThai } }) => TrangThai)).toEqual(["4"]);
});

test("a batch of dossiers with one fault leaves nothing behind", async () => {
  const { portal, create } = openScene();
  const other = "H04.15-261120-0008";
  const answer = await create(hoSo(), hoSo({ MaHoSo: other, NgayTiepNhan: "20260230000000" }));
  expect(answer.body["error_code"]).toBe("3");
  expect(portal.state.counts.dossiers).toBe(0);
});

test("steps are held in the order in which they arrive, several to a call", async () => {
  const { portal, create, step } = openScene();
  await create(hoSo());
  const at = (minute: string) => tienDo({ ThoiDiemXuLy: `202611201410${minute}` });
  await step(at("30"), at("10"));
  await step(at("20"));
  const times = portal.state.dossiers.get(CODE)?.steps.map((held) => held.step.ThoiDiemXuLy);
  expect(times).toEqual(["20261120141030", "20261120141010", "20261120141020"]);
});

test("a step that directly repeats the one before it is counted as a repetition, another is not", async () => {
  const { portal, create, step } = openScene();
  await create(hoSo());
  await step(tienDo());
  await step(tienDo());
  await step(tienDo({ NoiDungXuLy: "Trình ký" }));
  await step(tienDo());
  expect(portal.state.counts).toMatchObject({ steps: 4, repeatedSteps: 1 });
  const repeated = portal.state.dossiers.get(CODE)?.steps.map((held) => held.repeated);
  expect(repeated).toEqual([false, true, false, false]);
});

test("every procedure of the sample month is known by its own name and field of work", async () => {
  const { call } = openScene();
  const names = new Map<string, string>();
  for (const line of readFileSync("mocks/samples/bac-giang-2025-04.jsonl", "utf8").trim().split("\n")) {
    const { steps } = JSON.parse(line) as { steps: { put?: { procedureCode: string; procedureName: string } }[] };
    for (const { put } of steps) if (put !== undefined) names.set(put.procedureCode, put.procedureName);
  }
  expect(names.size).toBe(9);
  for (const [code, name] of names) {
    const { body } = await call("LayThuTuc", { maTTHC: code });
    expect(body["result"]).toMatchObject([
      { MATTHC: code, TENTTHC: name, LINHVUCTHUCHIEN: [{ MALINHVUC: expect.stringMatching(/^G02-/u) }] },
    ]);
  }
  const { body } = await call("LayDanhSachTTHC", {});
  expect(body["result"]).toHaveLength(9);
});

test("any well-formed national code is known, the same way every time; others give an empty result", async () => {
  const { call } = openScene({ unknownProcedures: ["1.009999"] });
  const first = await call("LayThuTuc", { maTTHC: "1.003560.000.00.00.H56" });
  const second = await openScene().call("LayThuTuc", { maTTHC: "1.003560.000.00.00.H56" });
  expect(first.body["result"]).toHaveLength(1);
  expect(second).toEqual(first);
  expect((await call("LayThuTuc", { maTTHC: "1.009999" })).body["result"]).toEqual([]);
  expect((await call("LayThuTuc", { maTTHC: "noi-bo-17" })).body["result"]).toEqual([]);
});

test("a portal-born dossier takes statuses, is found by look-up, and is forgotten with the rest", async () => {
  const { portal, call } = openScene();
  const seeded = await portal.app.request("/__simulator/portal-dossiers", {
    method: "POST",
    body: JSON.stringify({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033" }),
  });
  expect(seeded.status).toBe(201);
  for (const TrangThai of ["2", "5", "11"]) {
    const { body } = await call("DongBoTrangThaiHoSo", { type: "2", data: trangThai({ TrangThai }) });
    expect(body["error_code"]).toBe("0");
  }
  expect(portal.state.portalDossiers.get(PORTAL_CODE)?.statuses.map(({ data }) => data.TrangThai)).toEqual([
    "2",
    "5",
    "11",
  ]);
  expect((await call("TraCuuHoSo", { mahoso: PORTAL_CODE })).body["result"]).toHaveLength(1);
  await portal.app.request("/__simulator/state", { method: "DELETE" });
  expect((await call("TraCuuHoSo", { mahoso: PORTAL_CODE })).body["result"]).toEqual([]);
});

test("the destination is taken from the query as well as from the header, and not asked for when none is set", async () => {
  const { request } = openScene();
  const query = new URLSearchParams({ dstcode: HEADERS.dstcode });
  const json = { "content-type": "application/json" };
  expect((await request(`/mapi/login?${query}`, CREDENTIALS, json)).status).toBe(200);
  expect((await openScene({ dstcode: "" }).request("/mapi/login", CREDENTIALS, json)).status).toBe(200);
});

test("the portal is reached under the security server's path too, with its two endpoints apart", async () => {
  const prefix = "/XrdAdapter/RestService/forward";
  const { request, login } = openScene({ prefix, integrationPath: "/mapi/t", sharePath: "/mapi/c" });
  expect((await request(`${prefix}/mapi/login`, CREDENTIALS)).status).toBe(200);
  const body = { session: await login(), madonvi: "000.00.00.H04" };
  const read = await request(`${prefix}/mapi/t`, { ...body, service: "LayThuTuc", maTTHC: "2.000591" });
  expect(await read.json()).toMatchObject({ error_code: "0", result: [{ MATTHC: "2.000591" }] });
  const list = await request(`${prefix}/mapi/c`, { ...body, service: "LayDanhSachTTHC" });
  expect(await list.json()).toMatchObject({ error_code: "0" });
  expect((await request(`${prefix}/mapi/g`, body)).status).toBe(404);
});

test("fields that clients leave out, send as null or as a number are taken; unknown ones are taken and noted", async () => {
  const { portal, create } = openScene();
  const { DSKetNoiCSDL: _, GhiChu: __, ...lean } = hoSo({ NgayHenTra: "", KenhThucHien: "1" });
  const sent = { ...lean, MaDoiTuong: null, TaiLieuNop: [{ TenTepDinhKem: "a.pdf", Url: "x" }] } as never;
  expect((await create(sent)).body["error_code"]).toBe("0");
  expect([...portal.unknownFields]).toEqual(["TaiLieuNop[].Url"]);
});

test("a look-up says the status only under a key that was set", async () => {
  const { create, step, call } = openScene({ lookupStatusKey: "TRANGTHAIHOSO" });
  await create(hoSo());
  await step(tienDo({ TrangThai: "9" }));
  const { body } = await call("TraCuuHoSo", { mahoso: CODE });
  expect(body["result"]).toEqual([{ MAHOSO: CODE, TRANGTHAIHOSO: "9" }]);
});

test("the state page for tests lists dossiers with their steps in order of arrival, the newest when limited", async () => {
  const { portal, create, step } = openScene();
  await create(hoSo());
  await create(hoSo({ MaHoSo: "H04.15-261120-0008" }));
  await step(tienDo(), tienDo({ TrangThai: "9" }));
  const read = async (query: string) =>
    (await (await portal.app.request(`/__simulator/state${query}`)).json()) as {
      counts: Record<string, number>;
      calls: unknown;
      dossiers: { MaHoSo: string; steps: { TrangThai: string }[] }[];
    };
  const { counts, calls, dossiers } = await read("");
  expect(counts).toMatchObject({ dossiers: 2, steps: 2, repeatedSteps: 0, sessions: 1, calls: 4 });
  expect(calls).toEqual({ login: { ok: 1 }, DongBoHoSoMC: { ok: 2 }, CapNhatTienDoHoSoMC: { ok: 1 } });
  expect(dossiers.map(({ MaHoSo, steps }) => [MaHoSo, steps.map((held) => held.TrangThai)])).toEqual([
    [CODE, ["4", "9"]],
    ["H04.15-261120-0008", []],
  ]);
  expect((await read("?limit=1")).dossiers).toHaveLength(1);
  expect((await portal.app.request("/__simulator/state?limit=0")).status).toBe(400);
  expect((await portal.app.request(`/__simulator/state/dossiers/${CODE}`)).status).toBe(200);
  expect((await portal.app.request("/__simulator/state/dossiers/khong-co")).status).toBe(404);
});

test("the log of calls stays bounded while its counters see every call", async () => {
  const { portal, call } = openScene();
  for (let n = 0; n < 1005; n += 1) await call("TraCuuHoSo", { mahoso: `H04.15-261120-${1000 + n}` });
  const recent = portal.calls.recent();
  expect(recent).toHaveLength(1000);
  expect(recent.at(-1)).toMatchObject({ n: 1006, service: "TraCuuHoSo", subject: "H04.15-261120-2004", outcome: "ok" });
  expect(recent.map(({ n }) => n)).toEqual([...recent.map(({ n }) => n)].sort((a, b) => a - b));
  expect(portal.calls.count("ok", "TraCuuHoSo")).toBe(1005);
});

test("calls about one dossier that run at the same time are counted, calls about two dossiers are not", async () => {
  const { portal, login, request } = openScene({ wait: () => new Promise((resolve) => setTimeout(resolve, 5)) });
  const session = await login();
  portal.dial.set({ fault: "latency", ms: 5 });
  const look = (mahoso: string) =>
    request("/mapi/g", { session, madonvi: "000.00.00.H04", service: "TraCuuHoSo", mahoso });
  await Promise.all([look("H04-261120-0001"), look("H04-261120-0002")]);
  expect(portal.overlaps).toMatchObject({ count: 0, most: 2 });
  await Promise.all([look("H04-261120-0001"), look("H04-261120-0001")]);
  expect(portal.overlaps.count).toBe(1);
});
