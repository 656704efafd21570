import type { ThuTuc } from "../../contracts/platforms/national-portal/wire.ts";

/** np 4: a national code, with or without a provincial or ministerial suffix in either form. */
const PROCEDURE_CODE = /^[1-9]\.\d{6}(\.(000\.\d\d\.\d\d\.)?[GHK]\d\d)?$/u;

/** True for a procedure code of a shape that the document shows (np 4). */
export const isProcedureCode = (code: string): boolean => PROCEDURE_CODE.test(code);

/** Field of work: code and name. The codes are invented in the shape of np 4 (`G03-GD10`). */
type Field = readonly [code: string, name: string];

const FOOD: Field = ["G02-AT01", "An toàn thực phẩm"];
const FUEL: Field = ["G02-LT01", "Lưu thông hàng hóa trong nước"];
const TRADE_PROMOTION: Field = ["G02-XT01", "Xúc tiến thương mại"];
const POWER: Field = ["G02-DL01", "Điện lực"];
const COMPETITION: Field = ["G02-CT01", "Quản lý cạnh tranh"];

/** The procedures of the sample month (mocks/samples): real codes and names. */
const KNOWN: Readonly<Record<string, readonly [name: string, field: Field]>> = {
  "2.000591": ["Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm", FOOD],
  "2.000648": ["Cấp Giấy chứng nhận cửa hàng đủ điều kiện bán lẻ xăng dầu", FUEL],
  "2.000674": ["Cấp Giấy chứng nhận đủ điều kiện làm tổng đại lý kinh doanh xăng dầu", FUEL],
  "2.000033": ["Thông báo hoạt động khuyến mại", TRADE_PROMOTION],
  "1.013001": [
    "Thông báo phát triển điện mặt trời mái nhà tự sản xuất, tự tiêu thụ có đấu nối với hệ thống điện quốc gia",
    POWER,
  ],
  "2.000609": ["Thông báo tổ chức hội nghị, hội thảo, đào tạo về bán hàng đa cấp", COMPETITION],
  "2.001474": ["Thông báo sửa đổi, bổ sung nội dung chương trình khuyến mại", TRADE_PROMOTION],
  "2.000004": ["Đăng ký hoạt động khuyến mại đối với chương trình khuyến mại mang tính may rủi", TRADE_PROMOTION],
  "2.000131": ["Đăng ký tổ chức hội chợ, triển lãm thương mại tại Việt Nam", TRADE_PROMOTION],
};

/** Fields lent to codes that the sample does not hold. */
const LENT: readonly Field[] = [
  ["G15-HT01", "Hộ tịch"],
  ["G03-GD10", "Giáo dục và đào tạo"],
  ["G04-GT02", "Đường bộ"],
  ["G10-NN05", "Trồng trọt"],
  ["G17-YT03", "Dược phẩm"],
];

const describe = (code: string): readonly [name: string, field: Field] => {
  const known = KNOWN[code];
  if (known !== undefined) return known;
  // The digits alone choose, so that a code means the same in every run.
  const digits = Number(code.slice(2, 8));
  return [`Thủ tục hành chính ${code}`, LENT[digits % LENT.length] as Field];
};

/** A row of `LayThuTuc` (np 2.4): upper-case keys, every list that clients read. */
const row = (code: string): ThuTuc & Record<string, unknown> => {
  const [name, [fieldCode, fieldName]] = describe(code);
  return {
    ID: code.slice(2, 8),
    MATTHC: code,
    TENTTHC: name,
    LOAITTHC: "1",
    TRANGTHAI: "1",
    MACOQUANCONGBO: fieldCode.slice(0, 3),
    YEUCAU: "",
    MOTADOITUONGTHUCHIEN: "",
    LINHVUCTHUCHIEN: [{ MALINHVUC: fieldCode, TENLINHVUC: fieldName }],
    TRINHTUTHUCHIEN: [],
    CACHTHUCTHUCHIEN: [
      { KENH: "2", THOIGIAN: [{ THOIGIANGIAIQUYET: "15", DONVITINH: "Ngày làm việc", MOTA: "", PHILEPHI: [] }] },
    ],
    THANHPHANHOSO: [
      {
        TRUONGHOP: "",
        GIAYTO: [
          {
            MAGIAYTO: `${code}-TP01`,
            TENGIAYTO: "Đơn đề nghị",
            TENMAUDON: "",
            SOBANCHINH: "1",
            SOBANSAO: "0",
            URL: "",
          },
        ],
      },
    ],
    DOITUONGTHUCHIEN: [{ TENDOITUONG: "Công dân Việt Nam" }],
    COQUANTHUCHIEN: [],
    KETQUATHUCHIEN: [{ MAKETQUA: `KQ.${code}`, TENKETQUA: "Văn bản trả lời" }],
    CANCUPHAPLY: [],
    CAPTHUCHIEN: [{ CAPTHUCHIEN: "1", MOTACOQUANTHUCHIEN: "" }],
  };
};

/** The national catalogue of procedures as this simulator knows it. */
export interface ProcedureCatalogue {
  /** The detail row of a procedure, or undefined when the catalogue does not hold it. */
  find(code: string): (ThuTuc & Record<string, unknown>) | undefined;
  has(code: string): boolean;
  /** Rows of `LayDanhSachTTHC` (np 2.1): the procedures of the sample month. */
  list(): { MATTHC: string; TENTTHC: string }[];
}

/** Makes a catalogue that knows every well-formed code but those named. */
export const createCatalogue = (unknownCodes: readonly string[]): ProcedureCatalogue => {
  const unknown = new Set(unknownCodes);
  const has = (code: string) => isProcedureCode(code) && !unknown.has(code);
  return {
    has,
    find: (code) => (has(code) ? row(code) : undefined),
    list: () =>
      Object.entries(KNOWN)
        .filter(([code]) => has(code))
        .map(([code, [name]]) => ({ MATTHC: code, TENTTHC: name })),
  };
};
