import { describe, expect, test } from "vitest";
import {
  CONNECTOR_PATHS,
  type ConnectorStep,
  type NoiHoSo,
} from "../../contracts/platforms/national-portal/connector-v1.ts";
import { FACE_REFUSALS } from "../../mocks/national-portal/refusals.ts";
import { type NationalPortalOptions, PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import { openScene, PORTAL_CODE } from "./national-portal-scene.ts";

const CODE = "G99.20-20261120-0000007";

/** A dossier that the connector takes: the client sample of SOURCE.md with invented data. */
const noiHoSo = (change: Partial<NoiHoSo> = {}): NoiHoSo => ({
  MaHoSo: CODE,
  MaTTHC: "1.005129",
  MaDichVuCong: "1.005129",
  ChuHoSo: "Trần Thị Ví Dụ",
  LoaiDoiTuong: 0,
  MaDonViTiepNhan: "G99.20",
  NgayNop: "",
  NgayTiepNhan: "2026-11-20 09:15:00",
  TrangThai: 2,
  ThanhPhanHoSo: [],
  ThongTinNguoiNop: {
    LoaiDoiTuong: 0,
    IdDoiTuong: "",
    ThongTinChiTiet: {
      TenNguoiNop: "Trần Thị Ví Dụ",
      SoDinhDanh: "001099000001",
      SoDienThoai: "0900000000",
      Email: "",
      Fax: "",
      TenChuHs: "Trần Thị Ví Dụ",
      SoDinhDanhChuHs: "001099000001",
    },
  },
  DanhSachLePhi: [],
  ...change,
});

const step = (change: Partial<ConnectorStep> = {}): ConnectorStep => ({
  IDHoSo: "",
  MaHoSo: CODE,
  NguoiXuLy: "Lê Văn Mẫu",
  ChucDanh: "",
  ThoiDiemXuLy: "2026-11-20T14:10:00.000",
  PhongBanXuLy: "",
  NoiDungXuLy: "Thẩm định",
  TrangThai: 4,
  NgayBatDau: "",
  NgayKetThucTheoQuyDinh: "",
  ...change,
});

const paper = (IdGiayTo: string, HashTepTin: string) => ({ IdGiayTo, MaKetQua: "", TenGiayTo: "a.pdf", HashTepTin });

const component = (IdGiayTo: string, HashTepTin: string): NoiHoSo["ThanhPhanHoSo"][number] => ({
  MaThanhPhanHoSo: "TP1",
  TenThanhPhanHoSo: "Đơn",
  SoLuong: 1,
  LoaiBan: 2,
  GiayToDinhKem: [paper(IdGiayTo, HashTepTin)],
});

const openConnectorScene = async (options: Partial<NationalPortalOptions> = {}) => {
  const scene = openScene(options);
  const { clientId, clientSecret, createPath, numberPath } = PORTAL_DEFAULTS;
  const logIn = async (client_secret: string = clientSecret) => {
    const body = { client_id: clientId, client_secret };
    const response = await scene.request(CONNECTOR_PATHS.login, body, { "content-type": "application/json" });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const { access_token } = (await logIn()).body;
  const authorization = `Bearer ${access_token}`;
  const post = async (path: string, body: unknown, headers: Record<string, string> = { authorization }) => {
    const response = await scene.request(path, body, { "content-type": "application/json", ...headers });
    const { code, message, data } = (await response.json()) as { code: number; message: string; data: unknown };
    return { status: response.status, code, message, data };
  };
  const upload = async (fields: Readonly<Record<string, string | File>>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const response = await scene.portal.app.request(CONNECTOR_PATHS.upload, {
      method: "POST",
      headers: { authorization },
      body,
    });
    const { data } = (await response.json()) as { data: { IdTepTin: string; HashTepTin: string }[] | null };
    return { status: response.status, file: data?.[0] };
  };
  const number = async () => {
    const response = await scene.portal.app.request(`${numberPath}?code=G99.20`, { headers: { authorization } });
    return ((await response.json()) as { value: string }).value;
  };
  const download = (id: string, code: string) =>
    scene.portal.app.request(`${CONNECTOR_PATHS.download}${encodeURIComponent(id)}?maHoSo=${code}`, {
      headers: { authorization },
    });
  return {
    ...scene,
    download,
    logIn,
    post,
    upload,
    number,
    create: (body: unknown) => post(createPath, body),
    addSteps: (body: unknown) => post(CONNECTOR_PATHS.steps, body),
    setStatus: (body: unknown) => post(CONNECTOR_PATHS.status, body),
  };
};

describe("the connector of the portal", () => {
  test("gives a token for the client, bare or wrapped, with the seconds it lives", async () => {
    const bare = await openConnectorScene();
    expect((await bare.logIn()).body).toEqual({
      access_token: expect.any(String),
      expires_in: 900,
      token_type: "Bearer",
    });
    const wrapped = openScene({ tokenAnswer: "wrapped" });
    const { clientId: client_id, clientSecret: client_secret } = PORTAL_DEFAULTS;
    const answer = await wrapped.request(CONNECTOR_PATHS.login, { client_id, client_secret });
    expect(await answer.json()).toMatchObject({ code: 200, data: { access_token: expect.any(String) } });
    expect(await bare.logIn("khong-phai")).toMatchObject({ status: 401, body: { code: 401, data: null } });
  });

  test("takes a dossier, answers its id, and shows it behind the other faces", async () => {
    const scene = await openConnectorScene();
    expect(await scene.create(noiHoSo())).toEqual({
      status: 200,
      code: 200,
      message: "Thành công",
      data: { idHoSo: expect.stringMatching(/^hs-/u), maHoSo: CODE },
    });
    expect((await scene.call("TraCuuHoSo", { mahoso: CODE })).body["result"]).toEqual([{ MAHOSO: CODE }]);
    expect(scene.portal.state.dossiers.get(CODE)?.hoSo).toMatchObject({
      LoaiDoiTuong: "1",
      NgayTiepNhan: "20261120091500",
      TrangThaiHoSo: "2",
    });
  });

  test("refuses a dossier that is there in the words that clients match, with HTTP 400", async () => {
    const scene = await openConnectorScene();
    await scene.create(noiHoSo());
    expect(await scene.create(noiHoSo())).toMatchObject({
      status: 400,
      code: 400,
      message: `Hồ sơ ${CODE} đã tồn tại`,
    });
  });

  test("keeps steps with numbers and ISO times as the portal's own", async () => {
    const scene = await openConnectorScene();
    const { data } = await scene.create(noiHoSo());
    const { idHoSo } = data as { idHoSo: string };
    expect(await scene.addSteps([step({ IDHoSo: idHoSo })])).toMatchObject({ code: 200, data: null });
    const held = scene.portal.state.dossiers.get(CODE);
    expect(held?.status).toBe("4");
    expect(held?.steps.map(({ step: { ThoiDiemXuLy } }) => ThoiDiemXuLy)).toEqual(["20261120141000"]);
    expect(await scene.addSteps([step({ IDHoSo: "hs-khac" })])).toMatchObject({ code: 400 });
  });

  test("takes files first: a dossier may name only what was uploaded, with the hash it was answered", async () => {
    const scene = await openConnectorScene();
    const { status, file } = await scene.upload({ file: new File(["nội dung"], "a.pdf"), maHoSo: CODE });
    expect(status).toBe(200);
    expect(file?.HashTepTin).toMatch(/^[0-9a-f]{64}$/u);
    const named = (id = "", hash = "") => scene.create(noiHoSo({ ThanhPhanHoSo: [component(id, hash)] }));
    expect(await named("tep-la", "")).toMatchObject({ code: 400, message: "Tệp chưa được tải lên trước: tep-la" });
    expect(await named(file?.IdTepTin, "0".repeat(64))).toMatchObject({ code: 400 });
    expect(await named(file?.IdTepTin, file?.HashTepTin)).toMatchObject({ code: 200 });
    expect([...scene.portal.state.uploads.values()]).toMatchObject([{ maHoSo: CODE, name: "a.pdf", size: 10 }]);
  });

  test("sets the status of its dossiers and of those born on the portal", async () => {
    const scene = await openConnectorScene();
    scene.portal.addPortalDossier({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033" });
    await scene.create(noiHoSo());
    const fee = { TenPhiLePhi: "Phí", MaPhiLePhi: "LP.01", HinhThucThu: "1", Gia: "100000", LoaiPhiLePhi: "3" };
    expect(await scene.setStatus([{ MaHoSo: CODE, TrangThai: 6, DanhSachLePhi: [fee] }])).toMatchObject({ code: 200 });
    expect(scene.portal.state.dossiers.get(CODE)).toMatchObject({ status: "6", hoSo: { DanhSachLePhi: [fee] } });
    expect(await scene.setStatus([{ MaHoSo: PORTAL_CODE, TrangThai: 4 }])).toMatchObject({ code: 200 });
    expect(scene.portal.state.portalDossiers.get(PORTAL_CODE)?.statuses[0]?.data.TrangThai).toBe("4");
  });

  test("gives the files of what was filed to who names dossier and file, and counts what it is told of arrivals", async () => {
    const scene = await openConnectorScene();
    const files = [{ id: "f 1", base64: btoa("tep") }];
    scene.portal.addPortalDossier({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033", row: { ChuHoSo: "Ví Dụ" }, files });
    expect(await (await scene.download("f 1", PORTAL_CODE)).text()).toBe("tep");
    for (const [id, code] of [
      ["f 1", CODE],
      ["khac", PORTAL_CODE],
    ] as const)
      expect((await scene.download(id, code)).status).toBe(404);
    const told = (rows: unknown) => scene.post(CONNECTOR_PATHS.receipt, rows);
    expect(await told([{ MaHoSo: PORTAL_CODE, TrangThaiNhanHoSo: 1 }])).toMatchObject({ code: 200 });
    expect(await told([{ MaHoSo: PORTAL_CODE, TrangThaiNhanHoSo: "1" }])).toMatchObject({ code: 400 });
    expect(await told([{ MaHoSo: CODE, TrangThaiNhanHoSo: 1 }])).toMatchObject({ code: 400 });
    expect(scene.portal.state.portalDossiers.get(PORTAL_CODE)?.receipts).toBe(1);
  });

  test("gives numbers that it never gave before", async () => {
    const scene = await openConnectorScene();
    await scene.create(noiHoSo({ MaHoSo: "G99.20-20261120-0000001" }));
    expect([await scene.number(), await scene.number()]).toEqual([
      "G99.20-20261120-0000002",
      "G99.20-20261120-0000003",
    ]);
  });

  test("answers a dead token with HTTP 401, also when the dial kills it", async () => {
    const scene = await openConnectorScene();
    expect(await scene.post(PORTAL_DEFAULTS.createPath, noiHoSo(), {})).toMatchObject({ status: 401, code: 401 });
    scene.portal.dial.set({ fault: "session-expired", service: "NoiHoSo", times: 1 });
    expect((await scene.create(noiHoSo())).status).toBe(401);
    expect((await scene.create(noiHoSo())).status).toBe(401);
    expect(scene.portal.state.counts.dossiers).toBe(0);
  });
});

type Provocation = (
  scene: Awaited<ReturnType<typeof openConnectorScene>>,
) => Promise<{ status: number; message: string }>;

/** What the façade alone refuses is provoked beside the façade; a file that is not there has HTTP 404, and a test of its own. */
type Rule = Exclude<keyof typeof FACE_REFUSALS, "authorization" | "noFile">;

const PROVOCATIONS: Record<Rule, Record<string, Provocation>> = {
  notNumber: {
    "a status written as text": ({ create }) => create({ ...noiHoSo(), TrangThai: "2" }),
    "an applicant type written as text": ({ create }) => create({ ...noiHoSo(), LoaiDoiTuong: "0" }),
    "a fraction": ({ addSteps }) => addSteps([step({ TrangThai: 4.5 })]),
  },
  notObject: {
    "a list in the place of who files": ({ create }) => create({ ...noiHoSo(), ThongTinNguoiNop: [] }),
  },
  time: {
    "a step in the portal's own form": ({ addSteps }) => addSteps([step({ ThoiDiemXuLy: "20261120141000" })]),
    "a step without thousandths": ({ addSteps }) => addSteps([step({ ThoiDiemXuLy: "2026-11-20T14:10:00" })]),
    "a step with an offset": ({ addSteps }) => addSteps([step({ ThoiDiemXuLy: "2026-11-20T14:10:00.000+07:00" })]),
    "a day that is none": ({ addSteps }) => addSteps([step({ ThoiDiemXuLy: "2026-02-30T14:10:00.000" })]),
    "a dossier with the time of a step": ({ create }) => create(noiHoSo({ NgayTiepNhan: "2026-11-20T09:15:00.000" })),
  },
  upload: {
    "an upload without a dossier": async ({ upload }) => {
      const { status } = await upload({ file: new File(["a"], "a") });
      return { status, message: FACE_REFUSALS.upload.message };
    },
    "an upload without a file": async ({ upload }) => {
      const { status } = await upload({ maHoSo: CODE, file: "a" });
      return { status, message: FACE_REFUSALS.upload.message };
    },
  },
  notUploaded: {
    "a file that nobody uploaded": ({ create }) => create(noiHoSo({ ThanhPhanHoSo: [component("tep-la", "")] })),
  },
  listsNotAllowed: {
    "results with a status that has none": async ({ create, setStatus }) => {
      await create(noiHoSo());
      return setStatus([{ MaHoSo: CODE, TrangThai: 4, DanhSachGiayToKetQua: [paper("x", "y")] }]);
    },
  },
};

describe.each(Object.entries(PROVOCATIONS))("rule %s of the connector", (key, ways) => {
  test.each(Object.entries(ways))("refuses %s with HTTP 400", async (_, provoke) => {
    const { status, message } = await provoke(await openConnectorScene());
    expect(status).toBe(400);
    expect(message).toContain(FACE_REFUSALS[key as Rule].message.split("{}")[0]);
  });
});

test.each([
  ["a list in the place of the dossier", [noiHoSo()]],
  ["a status outside 1 to 10", noiHoSo({ TrangThai: 11 })],
  ["an applicant type of the other shapes", noiHoSo({ LoaiDoiTuong: 3 })],
  ["a procedure code of no shape", noiHoSo({ MaTTHC: "x" })],
  ["no one who files", { ...noiHoSo(), ThongTinNguoiNop: undefined }],
])("a dossier with %s is refused, without effect", async (_, body) => {
  const scene = await openConnectorScene();
  expect(await scene.create(body)).toMatchObject({ status: 400, code: 400 });
  expect(scene.portal.state.counts.dossiers).toBe(0);
});
