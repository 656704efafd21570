/**
 * The portal's fields that hold no personal data (np 1.1, 2.2 to 2.4): codes, times, flags, fees and its own messages.
 * Names, identity numbers, contacts, free words about a person and officers' names are left out, hence hidden.
 */
export const PUBLIC_FIELDS: ReadonlySet<string> = new Set(
  [
    ["madonvi", "service", "isUpdating", "type", "error_code", "message", "mahoso", "maTTHC"],
    ["MaHoSo", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "LoaiDoiTuong", "TrangThaiHoSo"],
    ["NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi", "HinhThuc", "DonViXuLy"],
    ["NoiNopHoSo", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "MaCSDL"],
    [
      "TepDinhKemId",
      "IsDeleted",
      "MaThanhPhanHoSo",
      "DuocSoHoa",
      "DuocTaiSuDung",
      "DuocLayTuKhoDMQG",
      "MaKetQuaThayThe",
    ],
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
  ]
    .flat()
    .map((name) => name.toLowerCase()),
);
