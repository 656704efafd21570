import type { ThuTuc } from "./wire.ts";

/** np 2.4: how long a procedure takes in a channel, and what it costs there. */
export interface ThoiGian {
  THOIGIANGIAIQUYET: string;
  DONVITINH: string;
  MOTA: string;
  PHILEPHI: { MAPHILEPHI: string; SOTIEN: string; DONVI: string; MOTA: string }[];
}

/** np 2.4: the whole row of `LayThuTuc`; keys in any case, `KENH` as in np 3.4, `CAPTHUCHIEN` 0 ministry to 3 commune. */
export interface ThuTucDayDu extends ThuTuc {
  ID: string;
  LOAITTHC: string;
  /** 1: public. */
  TRANGTHAI: string;
  MACOQUANCONGBO: string;
  YEUCAU: string;
  MOTADOITUONGTHUCHIEN: string;
  TRINHTUTHUCHIEN: { TRUONGHOP: string; TRINHTU: { TENTRINHTU: string }[] }[];
  CACHTHUCTHUCHIEN: { KENH: string; THOIGIAN: ThoiGian[] }[];
  THANHPHANHOSO: {
    TRUONGHOP: string;
    GIAYTO: {
      MAGIAYTO: string;
      TENGIAYTO: string;
      TENMAUDON: string;
      SOBANCHINH: string;
      SOBANSAO: string;
      URL: string;
    }[];
  }[];
  DOITUONGTHUCHIEN: { TENDOITUONG: string }[];
  COQUANTHUCHIEN: { MADONVI: string; TENDONVI: string }[];
  /** Empty: no document ends the procedure. */
  KETQUATHUCHIEN: { MAKETQUA: string; TENKETQUA: string }[];
  CANCUPHAPLY: { SOVANBAN: string; TENVANBAN: string }[];
  CAPTHUCHIEN: { CAPTHUCHIEN: string; MOTACOQUANTHUCHIEN: string }[];
}
