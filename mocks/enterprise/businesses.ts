import type { AddressV2, PersonV2 } from "../../contracts/platforms/enterprise/wire.ts";

/** One invented business, from which every face writes its own answer. */
export interface HeldBusiness {
  readonly kind: "enterprise" | "household" | "cooperative";
  readonly code: string;
  /** Households: the number of the registration. */
  readonly registration?: string;
  readonly name: string;
  readonly foreign: string | null;
  readonly short: string | null;
  readonly form: string;
  readonly status: string;
  /** `yyyy-MM-dd`. */
  readonly founded: string;
  readonly changed: string | null;
  /** Digits as they stand on the wire. */
  readonly capital: string;
  readonly people: readonly string[];
  readonly street: string;
  readonly activities: readonly { readonly code: string; readonly name: string; readonly main: boolean }[];
}

const SOFTWARE = { code: "6201", name: "Lập trình máy vi tính", main: true };
const ADVICE = { code: "6202", name: "Tư vấn máy vi tính và quản trị hệ thống máy vi tính", main: false };
const GROCER = { code: "4711", name: "Bán lẻ lương thực, thực phẩm, đồ uống", main: true };

const business = (parts: Partial<HeldBusiness> & Pick<HeldBusiness, "code" | "name">): HeldBusiness => ({
  kind: "enterprise",
  foreign: null,
  short: null,
  form: "Công ty trách nhiệm hữu hạn một thành viên",
  status: "Đang hoạt động",
  founded: "2020-01-05",
  changed: null,
  capital: "5000000000",
  people: ["TRẦN THỊ MẪU"],
  street: "Số 1",
  activities: [SOFTWARE],
  ...parts,
});

/** Invented: no province has the prefix 99 (registries section 3.3). */
export const SAMPLE_BUSINESSES: readonly HeldBusiness[] = [
  business({
    code: "9900000016",
    name: "CÔNG TY CỔ PHẦN MẪU",
    foreign: "MAU JOINT STOCK COMPANY",
    short: "MAU JSC",
    form: "Công ty cổ phần",
    changed: "2024-02-06",
    // Beyond 2^53: a float would make it end in 992.
    capital: "9007199254740993.125",
    people: ["TRẦN THỊ MẪU", "LÊ VĂN MẪU"],
    activities: [SOFTWARE, ADVICE],
  }),
  business({ code: "9900000030", name: "CÔNG TY TNHH VÍ DỤ", status: "Tạm ngừng kinh doanh", street: "Số 3" }),
  business({ code: "9900000048", name: "CÔNG TY TNHH ĐÃ ĐÓNG", status: "Đã giải thể", street: "Số 4" }),
  business({ code: "9900000055", name: "CÔNG TY TNHH LẠ", status: "Tình trạng chưa ai đặt tên", street: "Số 5" }),
  business({
    kind: "household",
    code: "9900000023",
    registration: "99A8000001",
    name: "HỘ KINH DOANH MẪU",
    form: "Hộ kinh doanh",
    founded: "2024-01-05",
    people: ["LÊ VĂN MẪU"],
    street: "Số 2",
    activities: [GROCER],
  }),
  business({
    kind: "household",
    code: "099090000003",
    registration: "99A8000002",
    name: "HỘ KINH DOANH SỐ ĐỊNH DANH",
    form: "Hộ kinh doanh",
    people: ["PHẠM VĂN VÍ DỤ"],
    activities: [GROCER],
  }),
  business({
    kind: "cooperative",
    code: "9900000062",
    name: "HỢP TÁC XÃ MẪU",
    form: "Hợp tác xã",
    people: ["NGUYỄN THỊ MẪU"],
    activities: [GROCER],
  }),
];

/** Where all of them are. */
export const PLACE = { city: "Tỉnh Mẫu", ward: "Xã Mẫu" } as const;

/** Generation 2's block of a person, with an invented paper. */
export const personOf = (name: string): PersonV2 => ({
  HoVaTen: name,
  LoaiGiayToChungThuc: "Căn cước",
  SoGiayChungThuc: "099090000003",
  QuocTich: "Việt Nam",
});

/** Generation 2's block of an address, as enterprises and cooperatives have it. */
export const addressOf = (street: string): AddressV2 => ({
  TenTinhThanh: PLACE.city,
  MaTinhThanh: 99,
  TenPhuongXa: PLACE.ward,
  MaPhuongXa: 99_999,
  SoNha: street,
});

/** The address on one line. */
export const lineOf = (street: string): string => `${street}, ${PLACE.ward}, ${PLACE.city}`;
