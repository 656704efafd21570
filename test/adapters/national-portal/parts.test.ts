import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROFILES } from "../../../adapters/national-portal/profile.ts";
import { CONNECTOR } from "../../../adapters/national-portal/profiles/connector-v1/connector-table.ts";
import { FACADE } from "../../../adapters/national-portal/profiles/lgsp-facade/facade-table.ts";
import { MAPI } from "../../../adapters/national-portal/profiles/mapi/mapi-table.ts";
import type { Message } from "../../../contracts/adapter.ts";
import { type Dossier, dossierSchema } from "../../../contracts/services/dossier.ts";
import { openProfile, type ProfileScene } from "./profile-scene.ts";

const code = "H04.15-261120-0007";
const url = (name: string) => `https://files.example.vn/${name}`;

/** A dossier with every part of the contract, each value unlike its default. */
const whole = {
  procedureCode: "2.000591",
  procedureName: "Tên do tỉnh đặt",
  channel: "online",
  receiptNumber: "BN-1",
  applicant: {
    type: "citizen",
    name: "Trần Thị Ví Dụ",
    portalAccountId: "tech-000001",
    identities: [
      { kind: "personal-id", value: "001099000001" },
      { kind: "old-id", value: "012345679" },
    ],
    email: "vidu@example.vn",
    phone: "0900000001",
    fax: "0240000001",
  },
  submitter: { name: "Lê Nộp Hộ", identities: [], relation: "authorised" },
  summary: "Xin cấp bản sao",
  submittedAt: "2026-11-20T08:05:00+07:00",
  receivedAt: "2026-11-20T09:15:00+07:00",
  dueAt: "2026-11-23T17:00:00+07:00",
  finishedAt: "2026-11-22T10:00:00+07:00",
  returnedAt: "2026-11-22T11:00:00+07:00",
  refusedAt: "2026-11-22T12:00:00+07:00",
  status: "finished",
  delivery: "post",
  processingUnit: { code: "H04.15", name: "Sở Công Thương" },
  note: "Ghi chú",
  returnNote: "Đã trả",
  otherInfo: "Khác",
  origin: "kiosk",
  portalCode: "G22.99-261119-0001",
  serviceLevel: "full",
  linked: { kind: "same-level", parentCode: "H04.15-261119-0001" },
  hasDigitisedComponents: true,
  vneidVerified: true,
  onlinePayment: "national-portal",
  databasesUsed: ["7"],
  submittedFiles: [
    {
      id: "501",
      name: "to-khai.pdf",
      componentCode: "TP1",
      url: url("501"),
      digitised: true,
      reuse: "replaced",
      fromNationalStore: true,
      replacedByResultCode: "KQ.1",
      deleted: true,
    },
  ],
  fees: [{ code: "P1", name: "Phí", kind: "charge", amount: 150_000, collectedAt: "result" }],
  otherPapers: [{ name: "Ảnh", quantity: 2, kind: "1" }],
  supplements: [
    {
      id: "BS1",
      requestedBy: "Lê Văn Mẫu",
      content: "Bổ sung ảnh",
      requestedAt: "2026-11-20T10:00:00+07:00",
      receivedBy: "Lê Văn Nhận",
      receivedAt: "2026-11-21T10:00:00+07:00",
      status: "2",
      oldDueAt: "2026-11-23T17:00:00+07:00",
      newDueAt: "2026-11-24T17:00:00+07:00",
      receivedNote: "Đã đủ",
      papers: [{ id: "502", name: "anh.jpg", url: url("502"), digitised: true }],
      fees: [{ code: "P2", name: "Phí bổ sung", kind: "fee", amount: 5000, collectedAt: "supplement" }],
    },
  ],
  results: [{ id: "601", name: "Giấy phép", code: "KQ.2", url: url("601"), componentCode: "TP9" }],
  revision: 3,
} satisfies Dossier;

/** What is ours alone: search, statistics and routing. The portal has no field for any of it; its catalogue names procedures. */
const OURS: readonly string[] = [...["procedureName", "origin", "portalCode", "serviceLevel", "linked", "revision"]];
/** Fields that other tests follow, with the reason. */
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mapi: { submitter: "the wire knows the owner alone" },
  "lgsp-facade": { submitter: "the wire knows the owner alone" },
  "connector-v1": {
    submittedFiles: "uploaded first: connector.test.ts",
    results: "with an update alone: connector.test.ts",
    delivery: "no field in NoiHoSo",
    channel: "no field in NoiHoSo",
  },
};
const TABLES = { mapi: MAPI, "lgsp-facade": FACADE, "connector-v1": CONNECTOR } as const;

/** Another value in the place of a field's; absent where it may be. */
const OTHERS: Partial<Record<keyof Dossier, unknown>> = {
  procedureCode: "2.000033",
  channel: "counter",
  applicant: { ...whole.applicant, name: "Người Khác" },
  summary: "Khác",
  receivedAt: "2026-11-20T09:16:00+07:00",
  status: "processing",
  delivery: "counter",
  processingUnit: { code: "H04.16", name: "Sở Y tế" },
};

test("the dossier of these tests has every part of the contract", () => {
  expect(Object.keys(whole).sort()).toEqual(Object.keys(dossierSchema.shape).sort());
  expect(dossierSchema.safeParse(whole).error).toBeUndefined();
});

describe.each(PROFILES)("profile %s", (profile) => {
  let scene: ProfileScene;
  beforeEach(async () => {
    scene = await openProfile(profile);
  });
  afterEach(() => scene.close());

  const put = (dossier: unknown): Message => ({
    operation: "dossier.put",
    dossierCode: code,
    dossier: dossier as Dossier,
    known: false,
    unknownOutcome: false,
  });
  const bodyOf = async (dossier: unknown): Promise<unknown> => {
    // The catalogue is read once, so that a preview can be shown.
    await scene.perform(put(dossier));
    return scene.adapter.preview?.(put(dossier), scene.cache);
  };

  const carried = Object.keys(dossierSchema.shape).filter(
    (field) =>
      !OURS.includes(field) &&
      !(TABLES[profile].notCarried as readonly string[]).includes(field) &&
      !(field in (ELSEWHERE[profile] ?? {})),
  );
  test.each(carried)("%s changes what the portal is sent", async (field) => {
    const other = { ...whole, [field]: OTHERS[field as keyof Dossier] };
    expect(await bodyOf(other)).not.toEqual(await bodyOf(whole));
  });

  test("what the table calls not carried, and what is ours, changes nothing", async () => {
    const fields = [...OURS, ...TABLES[profile].notCarried];
    const other = Object.fromEntries(Object.entries(whole).filter(([field]) => !fields.includes(field)));
    expect(await bodyOf({ ...other, summary: whole.summary })).toEqual(await bodyOf(whole));
  });
});

test("every part of a file, a fee, a supplement and a result is in the portal's state and on its page", async () => {
  const scene = await openProfile("mapi");
  const { portalCode: _, ...dossier } = whole;
  const message = {
    operation: "dossier.put",
    dossierCode: code,
    dossier,
    known: false,
    unknownOutcome: false,
  } as const;
  expect(await scene.perform(message)).toEqual({ delivered: true });
  const hoSo = scene.simulator.state.dossiers.get(code)?.hoSo;
  expect(hoSo?.TaiLieuNop).toEqual([
    {
      TepDinhKemId: "501",
      TenTepDinhKem: "to-khai.pdf",
      IsDeleted: "True",
      MaThanhPhanHoSo: "TP1",
      DuongDanTaiTepTin: url("501"),
      DuocSoHoa: "1",
      DuocTaiSuDung: "2",
      DuocLayTuKhoDMQG: "1",
      MaKetQuaThayThe: "KQ.1",
    },
  ]);
  expect(hoSo?.DanhSachHoSoBoSung).toEqual([
    {
      HoSoBoSungId: "BS1",
      NguoiYeuCauBoSung: "Lê Văn Mẫu",
      NoiDungBoSung: "Bổ sung ảnh",
      NgayBoSung: "20261120100000",
      NguoiTiepNhanBoSung: "Lê Văn Nhận",
      ThongTinTiepNhan: "Đã đủ",
      NgayTiepNhanBoSung: "20261121100000",
      TrangThaiBoSung: "2",
      DanhSachGiayToBoSung: [
        {
          TepDinhKemId: "502",
          TenTepDinhKem: "anh.jpg",
          IsDeleted: "False",
          MaThanhPhanHoSo: "",
          DuongDanTaiTepTin: url("502"),
          DuocSoHoa: "1",
          DuocTaiSuDung: "0",
          DuocLayTuKhoDMQG: "0",
          MaKetQuaThayThe: "",
        },
      ],
      DanhSachLePhiBoSung: [
        { TenPhiLePhi: "Phí bổ sung", MaPhiLePhi: "P2", HinhThucThu: "2", Gia: "5000", LoaiPhiLePhi: "1" },
      ],
      NgayHenTraTruoc: "20261123170000",
      NgayHenTraMoi: "20261124170000",
    },
  ]);
  expect(hoSo?.DanhSachGiayToKetQua).toEqual([
    {
      TenGiayTo: "Giấy phép",
      MaThanhPhanHoSo: "TP9",
      GiayToId: "601",
      DuongDanTepTinKetQua: url("601"),
      MaGiayToKetQua: "KQ.2",
    },
  ]);
  expect([...scene.simulator.unknownFields]).toEqual([]);
  const page = await (await scene.simulator.app.request(`/dossiers/${code}`)).text();
  for (const shown of ["anh.jpg", "Phí bổ sung", "KQ.2", "Đã đủ"]) expect(page).toContain(shown);
  await scene.close();
});
