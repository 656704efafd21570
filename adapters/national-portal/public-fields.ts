const lower = (...lists: readonly (readonly string[])[]): ReadonlySet<string> =>
  new Set(lists.flat().map((name) => name.toLowerCase()));

/**
 * The portal's fields that hold no personal data (np 1.1, 2.2 to 2.4): codes, times, flags, fees and its own messages.
 * Names, identity numbers, contacts, free words about a person and officers' names are left out, hence hidden.
 */
export const PUBLIC_FIELDS: ReadonlySet<string> = lower(
  ["madonvi", "service", "isUpdating", "type", "error_code", "message", "mahoso", "maTTHC"],
  ["MaHoSo", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "LoaiDoiTuong", "TrangThaiHoSo"],
  ["NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi", "HinhThuc", "DonViXuLy"],
  ["NoiNopHoSo", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "MaCSDL"],
  ["TepDinhKemId", "IsDeleted", "MaThanhPhanHoSo", "DuocSoHoa", "DuocTaiSuDung", "DuocLayTuKhoDMQG", "MaKetQuaThayThe"],
  ["TenPhiLePhi", "MaPhiLePhi", "HinhThucThu", "Gia", "LoaiPhiLePhi", "SoLuong", "GiayToId", "MaGiayToKetQua"],
  [
    "LoaiDinhDanh",
    "HoSoBoSungId",
    "NgayBoSung",
    "NgayTiepNhanBoSung",
    "TrangThaiBoSung",
    "NgayHenTraTruoc",
    "NgayHenTraMoi",
  ],
  ["ThoiDiemXuLy", "PhongBanXuLy", "TrangThai", "NgayBatDau", "NgayKetThucTheoQuyDinh", "MaHoSoDonVi", "NgayXuLy"],
  ["ID", "LOAITTHC", "MALINHVUC", "TENLINHVUC"],
  ["HOIDAPID", "TENDONVI", "NGAYTRALOI", "NgayTongHop", "TongSoNguoiDanhGia", "MaThuTuc"],
  ["PhanTramDanhGiaRatHaiLong", "PhanTramDanhGiaHaiLong", "PhanTramDanhGiaChuaHaiLong"],
  ["PhanTramDanhGiaDichVuRatHaiLong", "PhanTramDanhGiaDichVuHaiLong", "PhanTramDanhGiaDichVuChuaHaiLong"],
);

/** The same of shape C (np 1.3, 2.3, 5.6): its tokens, names, numbers and free words are left out, hence hidden. */
export const CONNECTOR_PUBLIC_FIELDS: ReadonlySet<string> = lower(
  ["code", "message", "client_id", "expires_in", "token_type", "idHoSo", "maHoSo", "value", "MaTTHC", "MaDichVuCong"],
  ["LoaiDoiTuong", "MaDonViTiepNhan", "NgayNop", "NgayTiepNhan", "TrangThai", "MaThanhPhanHoSo", "SoLuong", "LoaiBan"],
  ["IdGiayTo", "MaKetQua", "HashTepTin", "IdTepTin", "size", "type"],
  ["TenPhiLePhi", "MaPhiLePhi", "HinhThucThu", "Gia", "LoaiPhiLePhi"],
  ["ThoiDiemXuLy", "PhongBanXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh"],
);
