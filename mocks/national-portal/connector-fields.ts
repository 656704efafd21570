import { type FieldTable, FREE, LE_PHI, oneOf } from "./fields.ts";

const STATUSES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
/** np 3.3. */
const APPLICANT_TYPES: ReadonlySet<number> = new Set([0, 1, 2]);

/** np 3.5: names as in shape A, other meanings of `LoaiPhiLePhi`. */
const CONNECTOR_FEE: FieldTable = { ...LE_PHI, LoaiPhiLePhi: { values: oneOf("1", "2", "3") } };

/** Client sample, `GiayToDinhKem[]`; the file must have been uploaded (np 1.3). */
const GIAY_TO: FieldTable = {
  IdGiayTo: { required: "filled" },
  MaKetQua: FREE,
  TenGiayTo: { max: 2000 },
  HashTepTin: FREE,
};

/** Client sample: the dossier of "NoiHoSo". Required is what the call is pointless without; no list is known. */
export const NOI_HO_SO: FieldTable = {
  MaHoSo: { required: "filled", form: "dossier-code" },
  MaTTHC: { required: "filled", form: "procedure-code" },
  MaDichVuCong: FREE,
  ChuHoSo: { required: "filled" },
  LoaiDoiTuong: { required: "filled", numbers: APPLICANT_TYPES },
  MaDonViTiepNhan: { required: "filled" },
  NgayNop: { form: "create-time" },
  NgayTiepNhan: { required: "filled", form: "create-time" },
  TrangThai: { numbers: STATUSES },
  ThanhPhanHoSo: {
    required: "present",
    rows: {
      MaThanhPhanHoSo: FREE,
      TenThanhPhanHoSo: FREE,
      SoLuong: { numbers: "any" },
      LoaiBan: { numbers: new Set([0, 1, 2]) },
      GiayToDinhKem: { rows: GIAY_TO },
    },
  },
  ThongTinNguoiNop: {
    required: "present",
    object: {
      LoaiDoiTuong: { required: "filled", numbers: APPLICANT_TYPES },
      IdDoiTuong: FREE,
      ThongTinChiTiet: {
        required: "present",
        object: {
          TenNguoiNop: { required: "filled" },
          SoDinhDanh: FREE,
          SoDienThoai: FREE,
          Email: FREE,
          Fax: FREE,
          TenChuHs: FREE,
          SoDinhDanhChuHs: FREE,
        },
      },
    },
  },
  DanhSachLePhi: { rows: CONNECTOR_FEE },
};

/** np 2.3: a step of shape C. */
export const CONNECTOR_STEP: FieldTable = {
  IDHoSo: FREE,
  MaHoSo: { required: "filled" },
  NguoiXuLy: { required: "filled", max: 50 },
  ChucDanh: FREE,
  ThoiDiemXuLy: { required: "filled", form: "step-time" },
  PhongBanXuLy: FREE,
  NoiDungXuLy: { required: "filled" },
  TrangThai: { required: "filled", numbers: STATUSES },
  NgayBatDau: { form: "step-time" },
  NgayKetThucTheoQuyDinh: { form: "step-time" },
};

/** np 1.3, 2.3, 5.6: a status of shape C. */
export const CONNECTOR_STATUS: FieldTable = {
  IdHoSo: FREE,
  MaHoSo: { required: "filled" },
  TrangThai: { required: "filled", numbers: STATUSES },
  NoiDungYKien: FREE,
  PhongBanXuLy: FREE,
  NoiDungXuLy: FREE,
  DanhSachLePhi: { rows: CONNECTOR_FEE },
  DanhSachGiayToKetQua: { rows: GIAY_TO },
};
