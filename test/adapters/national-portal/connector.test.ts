import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  toCreateTime,
  toNoiHoSo,
  toStepTime,
} from "../../../adapters/national-portal/profiles/connector-v1/connector-map.ts";
import { rememberedKey } from "../../../adapters/national-portal/profiles/connector-v1/remembered.ts";
import type { FileSource, Message, OpenedFile } from "../../../contracts/adapter.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { PORTAL_DEFAULTS } from "../../../mocks/national-portal/settings.ts";
import { json, type Reply, scripted, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import { openProfile, type ProfileScene } from "./profile-scene.ts";
import { putMessage, dossier as sample, stepMessage } from "./samples.ts";

const code = "H04.15-261120-0007";
const dossier: Dossier = { ...sample, procedureCode: "2.000591" };
const delivered = { delivered: true };
const put = (changes: Partial<Dossier> = {}, known = false): Message =>
  putMessage({ dossierCode: code, dossier: { ...dossier, ...changes }, known });
const step: Message = { ...stepMessage(), dossierCode: code } as Message;

/** Files by their address; counts what was opened and what was let go. */
const shelf = (contents: Readonly<Record<string, string>>) => {
  const seen = { opened: [] as string[], closed: 0 };
  const open = (url: string, text: string): OpenedFile => ({
    bytes: (async function* () {
      seen.opened.push(url);
      for (const part of text.match(/.{1,5}/gsu) ?? []) yield new TextEncoder().encode(part);
    })(),
    size: new TextEncoder().encode(text).length,
    type: "application/pdf",
    close: async () => {
      seen.closed += 1;
    },
  });
  const files: FileSource = {
    open: async (url) => {
      const text = contents[url];
      if (text !== undefined) return { ok: true, value: open(url, text) };
      return { ok: false, fault: { outcome: "refused", code: "invalid_request", message: `no file at ${url}` } };
    },
  };
  return { files, seen };
};

describe("files of the connector", () => {
  let scene: ProfileScene;
  const url = "https://files.example.vn/501";
  const result = "https://files.example.vn/r1";
  const { files, seen } = shelf({ [url]: "nội dung của tờ khai", [result]: "kết quả" });
  beforeEach(async () => {
    seen.opened = [];
    seen.closed = 0;
    scene = await openProfile("connector-v1", { files });
  });
  afterEach(() => scene.close());
  const created = () => scene.simulator.state.connectorDossiers.get(code)?.noiHoSo;

  test("go up first, whole, and the dossier names them by id and hash", async () => {
    expect(await scene.perform(put())).toEqual(delivered);
    expect(scene.last().attempts.map(({ kind }) => kind)).toEqual(["login", "read", "send"]);
    const [upload] = scene.simulator.state.uploads.values();
    const bytes = new TextEncoder().encode("nội dung của tờ khai");
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    expect(upload).toMatchObject({ maHoSo: code, name: "to-khai.pdf", size: bytes.length, HashTepTin: digest });
    expect(created()?.ThanhPhanHoSo).toEqual([
      {
        MaThanhPhanHoSo: "000.00.00.G15-TP0001",
        TenThanhPhanHoSo: "to-khai.pdf",
        SoLuong: 1,
        LoaiBan: 2,
        GiayToDinhKem: [{ IdGiayTo: upload?.IdTepTin, MaKetQua: "", TenGiayTo: "to-khai.pdf", HashTepTin: digest }],
      },
    ]);
    expect(seen.closed).toBe(1);
  });

  test("are not uploaded again by the next try, nor by a later result of the same dossier", async () => {
    scene.simulator.dial.set({ fault: "http-status", status: 503, service: "NoiHoSo", times: 1 });
    expect(await scene.perform(put())).toMatchObject({ delivered: false });
    expect(await scene.perform(put())).toEqual(delivered);
    const results = [{ id: "501", name: "Giấy phép", url: result, code: "KQ.1" }];
    expect(await scene.perform(put({ status: "finished", results }, true))).toEqual(delivered);
    expect(seen.opened).toEqual([url, result]);
    // An address may be all that it takes to read the file.
    expect(JSON.stringify(await scene.cache.get(rememberedKey(code)))).not.toContain("files.example.vn");
    expect(scene.simulator.state.dossiers.get(code)).toMatchObject({
      status: "9",
      hoSo: { DanhSachGiayToKetQua: [{ TenGiayTo: "Giấy phép", MaGiayToKetQua: "KQ.1" }] },
    });
  });

  test("that fail on their way are transient and leave no dossier", async () => {
    scene.simulator.dial.set({ fault: "close", service: "upload", times: 1 });
    expect(await scene.perform(put())).toMatchObject({ delivered: false, fault: { outcome: "transient" } });
    expect(created()).toBeUndefined();
    expect(seen.closed).toBe(1);
    expect(await scene.perform(put())).toEqual(delivered);
  });

  test("are opened anew when the token dies under them", async () => {
    await scene.perform(step);
    scene.simulator.sessions.expireAll();
    expect(await scene.perform(put())).toEqual(delivered);
    expect(scene.last().attempts.map(({ kind }) => kind)).toEqual(["read", "login", "read", "send"]);
    expect(scene.simulator.state.uploads.size).toBe(1);
    expect(seen.closed).toBe(2);
  });

  test("that cannot be had refuse the dossier in the source's own words", async () => {
    const submittedFiles = [{ id: "1", name: "a", url: "https://files.example.vn/missing" }];
    expect(await scene.perform(put({ submittedFiles }))).toMatchObject({
      delivered: false,
      fault: { outcome: "refused", message: "no file at https://files.example.vn/missing" },
    });
    expect(created()).toBeUndefined();
  });

  test("with names made to break the form arrive under an escaped name and change nothing else", async () => {
    const submittedFiles = [{ id: "1", name: 'a"; name="maHoSo"', url }];
    expect(await scene.perform(put({ submittedFiles }))).toEqual(delivered);
    const [upload] = scene.simulator.state.uploads.values();
    expect(upload).toMatchObject({ maHoSo: code });
  });

  test("that were deleted stay at home", async () => {
    const submittedFiles = [{ id: "1", name: "a", url, deleted: true }];
    expect(await scene.perform(put({ submittedFiles }))).toEqual(delivered);
    expect(created()?.ThanhPhanHoSo).toEqual([]);
    expect(seen.opened).toEqual([]);
  });
});

describe("without a source of files", () => {
  test("the dossier goes without them, and says so at accept", async () => {
    const scene = await openProfile("connector-v1");
    expect(await scene.perform(put())).toEqual(delivered);
    expect(scene.simulator.state.connectorDossiers.get(code)?.noiHoSo.ThanhPhanHoSo).toEqual([]);
    const codes = (files: boolean) =>
      scene.adapter.advise?.(put({ results: [] }), files).map(({ field, code: what }) => [field, what]);
    const lost = "summary, dueAt, hasDigitisedComponents, vneidVerified";
    expect(codes(false)).toEqual([
      [lost, "not_carried"],
      ["submittedFiles", "files_not_sent"],
    ]);
    expect(codes(true)).toEqual([[lost, "not_carried"]]);
    expect(scene.adapter.advise?.(put({}, true), true).map(({ code: what }) => what)).toEqual([
      "not_carried",
      "update_is_partial",
    ]);
    expect(scene.adapter.advise?.(step, false)).toEqual([]);
    await scene.close();
  });

  test("profiles that pass addresses on have nothing to advise", () => {
    expect(openPortal().advise?.(put(), false)).toEqual([]);
  });
});

describe("names of a dossier at the connector", () => {
  test("the id that a create answers goes along with steps and updates", async () => {
    const scene = await openProfile("connector-v1");
    await scene.perform(put());
    const idHoSo = scene.simulator.state.connectorDossiers.get(code)?.idHoSo;
    await scene.perform(step);
    expect(JSON.parse(scene.last().attempts[0]?.request.body ?? "")).toMatchObject([{ IDHoSo: idHoSo, MaHoSo: code }]);
    await scene.perform(put({ status: "processing" }, true));
    expect(JSON.parse(scene.last().attempts[0]?.request.body ?? "")).toMatchObject([{ IdHoSo: idHoSo, TrangThai: 4 }]);
    await scene.close();
  });

  test("a number of the portal is taken once and used ever after", async () => {
    const scene = await openProfile("connector-v1");
    scene.reopen({ NATIONAL_PORTAL_NUMBER_PATH: PORTAL_DEFAULTS.numberPath });
    scene.simulator.dial.set({ fault: "close", service: "NoiHoSo", times: 1 });
    await scene.perform(put());
    expect(await scene.perform(put())).toEqual(delivered);
    expect(await scene.perform(step)).toEqual(delivered);
    const number = "000.00.00.H04-20261120-0000001";
    expect([...scene.simulator.state.dossiers.keys()]).toEqual([number]);
    expect(scene.simulator.state.dossiers.get(number)?.steps).toHaveLength(1);
    expect(scene.simulator.calls.count("ok", "nextvalue")).toBe(1);
    await scene.close();
  });

  test("what was remembered in another shape counts as nothing", async () => {
    const scene = await openProfile("connector-v1");
    await scene.cache.put(rememberedKey(code), { maHoSo: 5, idHoSo: null, files: [{ of: 1 }, "x"] });
    expect(await scene.perform(put())).toEqual(delivered);
    expect([...scene.simulator.state.dossiers.keys()]).toEqual([code]);
    await scene.close();
  });
});

const settings = {
  NATIONAL_PORTAL_PROFILE: "connector-v1",
  NATIONAL_PORTAL_URL: "https://igate.test",
  NATIONAL_PORTAL_CLIENT_ID: "client",
  NATIONAL_PORTAL_CLIENT_SECRET: "bí mật",
};
const token = { access_token: "t-1", expires_in: 3600, token_type: "Bearer" };
const done = { code: 200, message: "Thành công", data: null };

const perform = async (message: Message, ...replies: Reply[]) => {
  const { transport, requests } = scripted(...replies);
  const call = scriptedCall(transport);
  return { outcome: await openPortal(settings).perform(message, call), requests, call };
};

describe("the token of the connector", () => {
  test.each([
    ["bare", token],
    ["wrapped", { code: 200, message: "", data: token }],
  ])("is taken %s, and goes out as a bearer token that is kept nowhere", async (_, answer) => {
    const { outcome, requests, call } = await perform(step, json(answer), json({ ...done, message: "t-1" }));
    expect(outcome).toEqual(delivered);
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual([
      "/connector/connector/v1/login",
      "/connector/connector/v1/hoso/capnhatientrinh",
    ]);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ client_id: "client", client_secret: "bí mật" });
    expect(requests[1]?.headers["Authorization"]).toBe("Bearer t-1");
    const kept = JSON.stringify(call.attempts.map(({ evidence, answerEvidence }) => [evidence, answerEvidence]));
    expect(kept).not.toContain("t-1");
    expect(kept).not.toContain("bí mật");
  });

  test("is renewed before its own time is over", async () => {
    const { transport, requests } = scripted(
      json({ ...token, expires_in: 60 }),
      json(done),
      json(done),
      json(token),
      json(done),
    );
    const portal = openPortal(settings);
    const call = scriptedCall(transport);
    await portal.perform(step, call);
    call.advance(29_000);
    await portal.perform(step, call);
    call.advance(1_000);
    expect(await portal.perform(step, call)).toEqual(delivered);
    expect(requests.map(({ url }) => url.endsWith("/login"))).toEqual([true, false, false, true, false]);
  });

  test.each([
    ["no token", json({ code: 200, message: "", data: null }), "upstream_malformed"],
    ["an empty token", json({ access_token: "" }), "upstream_malformed"],
    ["a refusal", json({ code: 400, message: "Sai client" }, 400), "upstream_unavailable"],
    ["401", json({ code: 401, message: "Sai client" }, 401), "upstream_unavailable"],
  ])("that is answered with %s is a transient fault, and nothing is sent", async (_, reply, fault) => {
    const { outcome, requests } = await perform(step, reply);
    expect(outcome).toMatchObject({ delivered: false, fault: { outcome: "transient", code: fault } });
    expect(requests).toHaveLength(1);
  });
});

describe("an answer of the connector", () => {
  const answered = async (reply: Reply) => (await perform(step, json(token), reply)).outcome;

  test.each([200, "200", 0, "00"])("with code %j in a 2xx is success", async (success) => {
    expect(await answered(json({ ...done, code: success }))).toEqual(delivered);
  });

  test.each([
    [400, 400],
    [200, 400],
    [200, 1],
    [422, "E17"],
  ])("with HTTP %i and code %j is a refusal", async (status, refusal) => {
    expect(await answered(json({ code: refusal, message: "thiếu" }, status))).toMatchObject({
      fault: { outcome: "refused", code: "upstream_rejected", platformCode: String(refusal), message: "thiếu" },
    });
  });

  test.each([
    [403, 403],
    [200, 403],
    [404, 404],
  ])("with HTTP %i and code %i points at the settings and is tried again", async (status, said) => {
    expect(await answered(json({ code: said, message: "Không có quyền" }, status))).toMatchObject({
      fault: {
        outcome: "transient",
        code: "upstream_unavailable",
        message: expect.stringContaining("check the settings"),
      },
    });
  });

  test.each([
    [502, 502],
    [200, 502],
    [200, 429],
  ])("with HTTP %i and code %i says that the portal is away", async (status, said) => {
    expect(await answered(json({ code: said, message: "" }, status))).toMatchObject({
      fault: { outcome: "unknown", code: "upstream_unavailable" },
    });
  });

  test.each(["", "<html>", '{"code":200', "[]", "{}"])(
    "that is %j says nothing, although it is a 2xx",
    async (body) => {
      expect(await answered({ status: 200, body })).toMatchObject({
        fault: { outcome: "unknown", code: "upstream_malformed" },
      });
    },
  );

  test("of a create may leave out the names, or give a number of the portal's own", async () => {
    const named = (data: unknown) => perform(put({ submittedFiles: [] }), json(token), json({ ...done, data }));
    expect((await named(null)).outcome).toEqual(delivered);
    const { call } = await named({ idHoSo: "b1-demo", maHoSo: "G99.20-20261120-0000007" });
    expect((await call.cache.get(rememberedKey(code)))?.value).toMatchObject({
      idHoSo: "b1-demo",
      maHoSo: "G99.20-20261120-0000007",
    });
  });
});

describe("what the connector is told", () => {
  const parts = { maHoSo: code, uploads: new Map(), nationalStatus: "2", madonvi: "H04" };
  const told = (changes: Partial<Dossier>) => toNoiHoSo({ ...parts, dossier: { ...dossier, ...changes } });

  test("types of applicants have numbers of their own, and those without one are refused at accept", () => {
    const of = (type: Dossier["applicant"]["type"]) => ({ applicant: { ...dossier.applicant, type } });
    expect(told(of("citizen")).LoaiDoiTuong).toBe(0);
    expect(told(of("enterprise")).LoaiDoiTuong).toBe(1);
    const portal = openPortal(settings);
    for (const type of ["agency", "organisation"] as const) {
      expect(portal.check(put(of(type))).map(({ field, code: what }) => [field, what])).toEqual([
        ["applicant.type", "no_mapping"],
      ]);
    }
  });

  test("both kinds of fee are normal fees, and numbers are numbers", () => {
    const fee = { code: "P1", name: "Phí", amount: 0, collectedAt: "intake" } as const;
    const { DanhSachLePhi, TrangThai } = told({
      fees: [
        { ...fee, kind: "fee" },
        { ...fee, kind: "charge" },
      ],
    });
    expect(DanhSachLePhi.map(({ LoaiPhiLePhi, Gia }) => [LoaiPhiLePhi, Gia])).toEqual([
      ["1", "0"],
      ["1", "0"],
    ]);
    expect(TrangThai).toBe(2);
  });

  test("the agency that receives is the processing unit's, or else the caller's", () => {
    expect(told({}).MaDonViTiepNhan).toBe("H04");
    expect(told({ processingUnit: { code: "H04.15", name: "Sở" } }).MaDonViTiepNhan).toBe("H04.15");
  });

  test("who files for another is a person apart from the owner", () => {
    const submitter = { name: "Lê Văn Nộp", identities: [], phone: "0911", relation: "authorised" } as const;
    expect(told({ submitter: { ...submitter, identities: [] } }).ThongTinNguoiNop).toEqual({
      LoaiDoiTuong: 0,
      IdDoiTuong: "",
      ThongTinChiTiet: {
        TenNguoiNop: "Lê Văn Nộp",
        SoDinhDanh: "",
        SoDienThoai: "0911",
        Email: "",
        Fax: "",
        TenChuHs: "Trần Thị Ví Dụ",
        SoDinhDanhChuHs: "001099000001",
      },
    });
    expect(told({}).ThongTinNguoiNop).toMatchObject({
      LoaiDoiTuong: 0,
      IdDoiTuong: "tech-000001",
      ThongTinChiTiet: { TenNguoiNop: "Trần Thị Ví Dụ", SoDienThoai: "0900000000" },
    });
  });

  test("a moment that was not given is not invented", () => {
    const { submittedAt: _, ...rest } = dossier;
    expect(toNoiHoSo({ ...parts, dossier: rest }).NgayNop).toBe("");
  });

  test.each([
    ["2026-11-20T09:15:00+07:00", "2026-11-20 09:15:00", "2026-11-20T09:15:00.000"],
    ["2026-12-31T17:00:00.5Z", "2027-01-01 00:00:00", "2027-01-01T00:00:00.500"],
    ["2026-11-19T21:15:00.123456-05:00", "2026-11-20 09:15:00", "2026-11-20T09:15:00.123"],
    ["1969-12-31T23:59:59.250Z", "1970-01-01 06:59:59", "1970-01-01T06:59:59.250"],
  ])("%s is written %s in a dossier and %s in a step", (instant, created, stepped) => {
    expect(toCreateTime(instant)).toBe(created);
    expect(toStepTime(instant)).toBe(stepped);
  });

  test("an absent moment is empty in both", () => {
    expect([toCreateTime(undefined), toStepTime(undefined)]).toEqual(["", ""]);
  });

  test("fees and results go along with the statuses 5, 6 and 9 alone", async () => {
    const results = [{ id: "1", name: "a", url: "https://f.vn/1" }];
    const bodyWith = async (status: Dossier["status"]) => {
      const { requests } = await perform(put({ status, results }, true), json(token), json(done));
      return Object.keys(JSON.parse(requests[1]?.body ?? "")[0]);
    };
    for (const status of ["supplement-required", "payment-required", "finished"] as const) {
      expect(await bodyWith(status)).toEqual(expect.arrayContaining(["DanhSachLePhi", "DanhSachGiayToKetQua"]));
    }
    for (const status of ["processing", "returned"] as const)
      expect(await bodyWith(status)).not.toContain("DanhSachLePhi");
  });

  test("it says that a put may repeat after an unknown outcome", () => {
    expect(openPortal(settings).operations["dossier.put"]).toEqual({
      idempotent: false,
      probe: false,
      repeatable: true,
    });
  });
});
