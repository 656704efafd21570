import { type FieldRule, type FieldTable, FREE } from "./fields.ts";

const NAMED: FieldRule = { required: "filled" };
const SHARE: FieldRule = { required: "filled", form: "percent" };

/** np 2.5: a question of an agency's own bank. */
export const HOI_DAP: FieldTable = {
  HOIDAPID: NAMED,
  MaLinhVuc: NAMED,
  NOIDUNG: NAMED,
  MADONVI: NAMED,
  TENDONVI: NAMED,
};

/** np 2.5: an answer. */
export const TRA_LOI: FieldTable = {
  HOIDAPID: NAMED,
  MADONVI: NAMED,
  NGUOITRALOI: NAMED,
  CHUCVUNGUOITRALOI: FREE,
  NGAYTRALOI: { required: "filled", form: "date" },
  NOIDUNGTRALOI: NAMED,
};

/** np 2.5: a month of satisfaction; `Madonvi` as the portal spells it. */
export const DANH_GIA: FieldTable = {
  NgayTongHop: { required: "filled", form: "month" },
  TongSoNguoiDanhGia: { required: "filled", form: "amount" },
  PhanTramDanhGiaRatHaiLong: SHARE,
  PhanTramDanhGiaHaiLong: SHARE,
  PhanTramDanhGiaChuaHaiLong: SHARE,
  DanhSachNoiDungYKien: { texts: true },
  MaThuTuc: { required: "filled", form: "procedure-code" },
  NoiDung: FREE,
  PhanTramDanhGiaDichVuRatHaiLong: SHARE,
  PhanTramDanhGiaDichVuHaiLong: SHARE,
  PhanTramDanhGiaDichVuChuaHaiLong: SHARE,
  Madonvi: NAMED,
  TenDonVi: NAMED,
};
