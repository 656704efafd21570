import type { ThoiGian, ThuTucDayDu } from "../../contracts/platforms/national-portal/wire-procedure.ts";

/** Field of work: code and name. The codes are invented in the shape of np 4 (`G03-GD10`). */
type Field = readonly [code: string, name: string];

const FOOD: Field = ["G02-AT01", "An toàn thực phẩm"];
const FUEL: Field = ["G02-LT01", "Lưu thông hàng hóa trong nước"];
const TRADE_PROMOTION: Field = ["G02-XT01", "Xúc tiến thương mại"];
const POWER: Field = ["G02-DL01", "Điện lực"];
const COMPETITION: Field = ["G02-CT01", "Quản lý cạnh tranh"];

/** What a procedure of the sample month is. Terms, fees and results are invented. */
interface Known {
  readonly name: string;
  readonly field: Field;
  /** By channel (np 3.4): amount, unit. */
  readonly times: Readonly<Record<string, readonly [amount: string, unit: string]>>;
  /** In VND, as the catalogue writes it; none: nothing is charged and nothing is said of it. */
  readonly fee?: string;
  readonly result?: string;
}

const DAYS = "Ngày làm việc";
const both = (amount: string, unit = DAYS): Known["times"] => ({ "1": [amount, unit], "2": [amount, unit] });

/** The procedures of the sample month (mocks/samples): real codes and names. Four of them end without a document (domain 2.5, C3). */
const KNOWN: Readonly<Record<string, Known>> = {
  "2.000591": {
    name: "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
    field: FOOD,
    times: both("20"),
    fee: "1.000.000",
    result: "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
  },
  "2.000648": {
    name: "Cấp Giấy chứng nhận cửa hàng đủ điều kiện bán lẻ xăng dầu",
    field: FUEL,
    times: { "1": ["20", DAYS], "2": ["15", DAYS], "3": ["20", DAYS] },
    fee: "1200000",
    result: "Giấy chứng nhận cửa hàng đủ điều kiện bán lẻ xăng dầu",
  },
  "2.000674": {
    name: "Cấp Giấy chứng nhận đủ điều kiện làm tổng đại lý kinh doanh xăng dầu",
    field: FUEL,
    times: both("30", "Ngày"),
    fee: "1200000",
    result: "Giấy chứng nhận đủ điều kiện làm tổng đại lý kinh doanh xăng dầu",
  },
  "2.000033": { name: "Thông báo hoạt động khuyến mại", field: TRADE_PROMOTION, times: both("8", "Giờ làm việc") },
  "1.013001": {
    name: "Thông báo phát triển điện mặt trời mái nhà tự sản xuất, tự tiêu thụ có đấu nối với hệ thống điện quốc gia",
    field: POWER,
    times: both("5"),
  },
  "2.000609": {
    name: "Thông báo tổ chức hội nghị, hội thảo, đào tạo về bán hàng đa cấp",
    field: COMPETITION,
    times: both("0,5"),
    fee: "0",
  },
  "2.001474": {
    name: "Thông báo sửa đổi, bổ sung nội dung chương trình khuyến mại",
    field: TRADE_PROMOTION,
    times: both("8", "Giờ làm việc"),
  },
  "2.000004": {
    name: "Đăng ký hoạt động khuyến mại đối với chương trình khuyến mại mang tính may rủi",
    field: TRADE_PROMOTION,
    times: both("5"),
    result: "Văn bản xác nhận đăng ký",
  },
  "2.000131": {
    name: "Đăng ký tổ chức hội chợ, triển lãm thương mại tại Việt Nam",
    field: TRADE_PROMOTION,
    times: both("7"),
    result: "Văn bản xác nhận đăng ký",
  },
};

/** The codes that `LayDanhSachTTHC` lists from the beginning. */
export const KNOWN_CODES: readonly string[] = Object.keys(KNOWN);

/** Fields lent to codes that the sample does not hold. */
const LENT: readonly Field[] = [
  ["G15-HT01", "Hộ tịch"],
  ["G03-GD10", "Giáo dục và đào tạo"],
  ["G04-GT02", "Đường bộ"],
  ["G10-NN05", "Trồng trọt"],
  ["G17-YT03", "Dược phẩm"],
];

const describe = (code: string): Known => {
  const known = KNOWN[code];
  if (known !== undefined) return known;
  // The digits alone choose, so that a code means the same in every run.
  const digits = Number(code.slice(2, 8));
  return {
    name: `Thủ tục hành chính ${code}`,
    field: LENT[digits % LENT.length] as Field,
    times: { "2": ["15", DAYS] },
    result: "Văn bản trả lời",
  };
};

const term = (code: string, [amount, unit]: readonly [string, string], fee: string | undefined): ThoiGian => ({
  THOIGIANGIAIQUYET: amount,
  DONVITINH: unit,
  MOTA: "",
  PHILEPHI: fee === undefined ? [] : [{ MAPHILEPHI: `PHI.${code}`, SOTIEN: fee, DONVI: "Đồng", MOTA: "" }],
});

/** A row of `LayThuTuc` (np 2.4): upper-case keys, every list that clients read. */
export const procedureRow = (code: string): ThuTucDayDu => {
  const { name, field, times, fee, result } = describe(code);
  const [fieldCode, fieldName] = field;
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
    CACHTHUCTHUCHIEN: Object.entries(times).map(([KENH, time]) => ({ KENH, THOIGIAN: [term(code, time, fee)] })),
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
    KETQUATHUCHIEN: result === undefined ? [] : [{ MAKETQUA: `KQ.${code}`, TENKETQUA: result }],
    CANCUPHAPLY: [],
    CAPTHUCHIEN: [{ CAPTHUCHIEN: "1", MOTACOQUANTHUCHIEN: "" }],
  };
};
