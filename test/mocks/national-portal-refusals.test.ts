import { describe, expect, test } from "vitest";
import type { TaiLieuNop } from "../../contracts/platforms/national-portal/wire.ts";
import { MAPI_REFUSALS as REFUSALS } from "../../mocks/national-portal/refusals.ts";
import {
  type Answered,
  CODE,
  CREDENTIALS,
  HEADERS,
  hoSo,
  openScene,
  PORTAL_CODE,
  type Scene,
  tienDo,
  trangThai,
} from "./national-portal-scene.ts";

type RefusalKey = keyof typeof REFUSALS;
type Provocation = (scene: Scene) => Promise<Answered>;

const read = async (response: Response): Promise<Answered> => ({
  status: response.status,
  body: (await response.json()) as Record<string, unknown>,
});

const file = (change: Record<string, unknown>): TaiLieuNop => ({ ...hoSo().TaiLieuNop[0], ...change }) as TaiLieuNop;

const seedPortalDossier = (scene: Scene) => scene.portal.addPortalDossier({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033" });

/** For every rule, the ways into it. The type makes a rule without a way a compile error. */
const PROVOCATIONS: Record<RefusalKey, Record<string, Provocation>> = {
  destination: {
    "a call without dstcode": async ({ request }) =>
      read(await request("/mapi/login", CREDENTIALS, { "content-type": "application/json" })),
    "a call for another destination": async ({ request }) =>
      read(await request("/mapi/login", CREDENTIALS, { ...HEADERS, dstcode: "VN:GOV:G01:x" })),
  },
  contentType: {
    "a body that is not called JSON": async ({ request }) =>
      read(await request("/mapi/login", CREDENTIALS, { ...HEADERS, "content-type": "text/plain" })),
  },
  notJson: {
    "a body that cannot be read": async ({ request }) => read(await request("/mapi/g", '{"session":')),
    "a body that is a list": async ({ request }) => read(await request("/mapi/g", [])),
  },
  credentials: {
    "a wrong password": async ({ request }) =>
      read(await request("/mapi/login", { ...CREDENTIALS, password: "khong-phai" })),
    "a wrong name": async ({ request }) => read(await request("/mapi/login", { ...CREDENTIALS, username: "H99" })),
  },
  session: {
    "a session that was never given": async ({ call }) => call("TraCuuHoSo", { mahoso: CODE, session: "la" }),
    "no session": async ({ call }) => call("TraCuuHoSo", { mahoso: CODE, session: undefined }),
    "a session that outlived its time": async (scene) => {
      await scene.call("TraCuuHoSo", { mahoso: CODE });
      scene.pass(15 * 60_000);
      return scene.call("TraCuuHoSo", { mahoso: CODE });
    },
  },
  agency: {
    "another agency's code": async ({ call }) => call("TraCuuHoSo", { mahoso: CODE, madonvi: "000.00.00.H99" }),
  },
  service: { "a service that does not exist": async ({ call }) => call("XoaHoSo", {}) },
  endpoint: {
    "a write sent to the share endpoint": async () => {
      const { request, login } = openScene({ sharePath: "/mapi/c" });
      const body = { session: await login(), madonvi: "000.00.00.H04", service: "TraCuuHoSo", mahoso: CODE };
      return read(await request("/mapi/c", body));
    },
  },
  parameter: {
    "a look-up of nothing": async ({ call }) => call("TraCuuHoSo", {}),
    "a look-up with the parameter's name in another case": async ({ call }) => call("TraCuuHoSo", { maHoSo: CODE }),
    "a procedure without a code": async ({ call }) => call("LayThuTuc", { maTTHC: "" }),
  },
  isUpdating: {
    "a JSON boolean": async ({ call }) => call("DongBoHoSoMC", { isUpdating: false, data: [hoSo()] }),
    "a lower-case string": async ({ call }) => call("DongBoHoSoMC", { isUpdating: "false", data: [hoSo()] }),
    "no isUpdating": async ({ call }) => call("DongBoHoSoMC", { data: [hoSo()] }),
  },
  data: {
    "a dossier that is not in a list": async ({ call }) => call("DongBoHoSoMC", { isUpdating: "False", data: hoSo() }),
    "an empty list": async ({ create }) => create(),
    "steps that are not objects": async ({ call }) => call("CapNhatTienDoHoSoMC", { data: ["x"] }),
    "a status in a list": async ({ call }) => call("DongBoTrangThaiHoSo", { type: "2", data: [trangThai()] }),
  },
  type: {
    "a status without its type": async ({ call }) => call("DongBoTrangThaiHoSo", { data: trangThai() }),
    "a type that is a number": async ({ call }) => call("DongBoTrangThaiHoSo", { type: 2, data: trangThai() }),
  },
  tooManySteps: {
    "eleven steps in a call": async ({ create, step }) => {
      await create(hoSo());
      return step(...Array.from({ length: 11 }, () => tienDo()));
    },
  },
  notText: {
    "a number in the object": async ({ create }) => create(hoSo({ TrangThaiHoSo: 2 as never })),
    "a boolean in a row": async ({ create }) => create(hoSo({ TaiLieuNop: [file({ DuocSoHoa: true })] })),
    "null where a text is due": async ({ create }) => create(hoSo({ Fax: null as never })),
    "a number in a step": async ({ step }) => step(tienDo({ TrangThai: 4 as never })),
  },
  notList: {
    "a text for a list": async ({ create }) => create(hoSo({ DanhSachLePhi: "" as never })),
    "a text in a list": async ({ create }) => create(hoSo({ DanhSachLePhi: ["x"] as never })),
  },
  required: {
    "a missing field": async ({ create }) => create(hoSo({ TenTTHC: undefined as never })),
    "an empty field": async ({ create }) => create(hoSo({ MaLinhVuc: "" })),
    "an empty channel": async ({ create }) => create(hoSo({ KenhThucHien: "" })),
    "a due date that is not even empty": async ({ create }) => create(hoSo({ NgayHenTra: undefined as never })),
    "a step without content": async ({ step }) => step(tienDo({ NoiDungXuLy: "" })),
    "a status without its time": async ({ call }) =>
      call("DongBoTrangThaiHoSo", { type: "2", data: trangThai({ NgayXuLy: "" }) }),
  },
  tooLong: {
    "an abstract of 1001": async ({ create }) => create(hoSo({ TrichYeuHoSo: "a".repeat(1001) })),
    "a note of 2001": async ({ create }) => create(hoSo({ GhiChu: "a".repeat(2001) })),
    "an officer of 51": async ({ step }) => step(tienDo({ NguoiXuLy: "a".repeat(51) })),
    "a file name of 4001": async ({ create }) =>
      create(hoSo({ TaiLieuNop: [file({ TenTepDinhKem: "a".repeat(4001) })] })),
    "a result paper of 2001": async ({ create }) =>
      create(hoSo({ DanhSachGiayToKetQua: [{ TenGiayTo: "a".repeat(2001) }] as never })),
    "another paper of 2001": async ({ create }) =>
      create(hoSo({ DanhSachTepDinhKemKhac: [{ TenGiayTo: "a".repeat(2001), SoLuong: 1, LoaiGiayTo: "1" }] })),
  },
  date: {
    "an ISO time": async ({ create }) => create(hoSo({ NgayTiepNhan: "2026-11-20T09:15:00" })),
    "a day that no month has": async ({ create }) => create(hoSo({ NgayHenTra: "20261131170000" })),
    "a step's begin at 24 o'clock": async ({ step }) => step(tienDo({ NgayBatDau: "20261120240000" })),
  },
  notInList: {
    "status 11": async ({ create }) => create(hoSo({ TrangThaiHoSo: "11" })),
    "status 0 of a step": async ({ step }) => step(tienDo({ TrangThai: "0" })),
    "channel 4": async ({ create }) => create(hoSo({ KenhThucHien: "4" })),
    "delivery 2": async ({ create }) => create(hoSo({ HinhThuc: "2" as never })),
    "applicant type 5": async ({ create }) => create(hoSo({ LoaiDoiTuong: "5" })),
    "a flag in words": async ({ create }) => create(hoSo({ HoSoCoThanhPhanSoHoa: "True" as never })),
    "a portal-born dossier sent back as finished": async ({ call }) =>
      call("DongBoTrangThaiHoSo", { type: "2", data: trangThai({ TrangThai: "9" }) }),
  },
  shape: {
    "a local dossier code": async ({ create }) => create(hoSo({ MaHoSo: "HS-2026-17" })),
    "a local procedure code": async ({ create }) => create(hoSo({ MaTTHC: "TT-17" })),
    "a price with a unit": async ({ create }) =>
      create(
        hoSo({
          DanhSachLePhi: [{ TenPhiLePhi: "x", MaPhiLePhi: "x", HinhThucThu: "1", Gia: "100 đ", LoaiPhiLePhi: "1" }],
        }),
      ),
  },
  address: {
    "a file by its path": async ({ create }) => create(hoSo({ TaiLieuNop: [file({ DuongDanTaiTepTin: "/tep/501" })] })),
  },
  identity: {
    "a personal id of nine digits": async ({ create }) =>
      create(hoSo({ DinhDanhCHS: [{ LoaiDinhDanh: "1", SoDinhDanh: "012345678" }] })),
    "an old id of twelve digits": async ({ create }) =>
      create(hoSo({ DinhDanhCHS: [{ LoaiDinhDanh: "2", SoDinhDanh: "001099000001" }] })),
  },
  procedure: {
    "a procedure that the catalogue does not hold": async () =>
      openScene({ unknownProcedures: ["2.000591"] }).create(hoSo()),
  },
  ownOrigin: {
    "a portal-born dossier synced like a local one": async (scene) => {
      seedPortalDossier(scene);
      return scene.create(hoSo({ MaHoSo: PORTAL_CODE }));
    },
  },
  exists: {
    "a second creation": async ({ create }) => {
      await create(hoSo());
      return create(hoSo());
    },
    "one dossier twice in one call": async ({ create }) => create(hoSo(), hoSo()),
  },
  notHeld: {
    "an update of an unknown dossier": async ({ update }) => update(hoSo()),
    "a step of an unknown dossier": async ({ step }) => step(tienDo()),
  },
  notAsked: {
    "an answer to a question that nobody sent": async ({ call }) =>
      call("DongBoKetQuaHoiDapGuiTuDVCQG", {
        data: [
          {
            HOIDAPID: "la",
            MADONVI: "H04.15",
            NGUOITRALOI: "Lê Văn Mẫu",
            CHUCVUNGUOITRALOI: "",
            NGAYTRALOI: "20261120141000",
            NOIDUNGTRALOI: "Có",
          },
        ],
      }),
  },
  notPortalBorn: {
    "a status of a dossier that the portal does not know": async ({ call }) =>
      call("DongBoTrangThaiHoSo", { type: "2", data: trangThai() }),
    "a status of a dossier that the province synced": async ({ create, call }) => {
      await create(hoSo());
      return call("DongBoTrangThaiHoSo", { type: "2", data: trangThai({ MaHoSo: CODE }) });
    },
  },
};

/** True when a message is a rule's sentence, whatever stands in the place of `{}`. */
const isSentenceOf = (rule: string, message: unknown): boolean => {
  const [before = "", after = ""] = rule.split("{}");
  return typeof message === "string" && message.startsWith(before) && message.endsWith(after);
};

describe.each(Object.entries(PROVOCATIONS))("rule %s", (key, ways) => {
  test.each(Object.entries(ways))("refuses %s", async (_, provoke) => {
    const { code, status, message } = REFUSALS[key as RefusalKey];
    const answer = await provoke(openScene());
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body)).toEqual(["error_code", "message"]);
    expect(answer.body["error_code"]).toBe(code);
    expect(answer.body["message"]).toSatisfy((said) => isSentenceOf(message, said));
  });
});

test("every rule of the table was provoked and cites its section", () => {
  expect(Object.keys(PROVOCATIONS).sort()).toEqual(Object.keys(REFUSALS).sort());
  for (const ways of Object.values(PROVOCATIONS)) expect(Object.keys(ways).length).toBeGreaterThan(0);
  for (const { section } of Object.values(REFUSALS)) expect(section).toMatch(/^np \d/u);
});

test("what was refused has no effect and is counted under its rule", async () => {
  const { portal, step, update, create } = openScene();
  await update(hoSo());
  await step(tienDo());
  await create(hoSo({ NgayTiepNhan: "" }));
  expect(portal.state.counts).toMatchObject({ dossiers: 0, steps: 0 });
  expect(portal.calls.count("notHeld")).toBe(2);
  expect(portal.calls.count("required", "DongBoHoSoMC")).toBe(1);
});

test("a dead session is told in words that name it, and the existing dossier by the words that clients match", async () => {
  expect(REFUSALS.session.message).toContain("phiên");
  const { create } = openScene();
  await create(hoSo());
  expect((await create(hoSo())).body).toEqual({ error_code: "-3", message: `Hồ sơ ${CODE} đã tồn tại` });
});

test("a session dies with all others when they are expired, and a new login lives", async () => {
  const { portal, login, request } = openScene();
  const session = await login();
  portal.sessions.expireAll();
  const look = async (with_: string) => {
    const body = { session: with_, madonvi: "000.00.00.H04", service: "TraCuuHoSo", mahoso: CODE };
    return ((await (await request("/mapi/g", body)).json()) as { error_code: string }).error_code;
  };
  expect(await look(session)).toBe("-1");
  expect(await look(await login())).toBe("0");
});

test("texts as long as the limits are taken", async () => {
  const { create, step } = openScene();
  expect((await create(hoSo({ TrichYeuHoSo: "a".repeat(1000), GhiChu: "a".repeat(2000) }))).body["error_code"]).toBe(
    "0",
  );
  expect((await step(tienDo({ NguoiXuLy: "a".repeat(50) }))).body["error_code"]).toBe("0");
});
