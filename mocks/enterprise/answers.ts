import type {
  AnswerHcm,
  AnswerV1,
  CooperativeV2,
  DetailV1,
  EnterpriseV2,
  HouseholdV2,
  MainInformation,
} from "../../contracts/platforms/enterprise/wire.ts";
import { addressOf, type HeldBusiness, lineOf, PLACE, personOf } from "./businesses.ts";

/** How the forms that real clients met differ from the usual one; the dial turns them. */
export interface AnswerStyle {
  readonly status?: "text" | "number";
  readonly representatives?: "list" | "object" | "absent";
  /** How an address of generation 2 is written. */
  readonly address?: "nested" | "flat";
  /** Generation 1 as the oldest document has it: no `HOAdress` in full. */
  readonly capital?: "number" | "text" | "exponent";
}

const slashed = (day: string): string => day.split("-").reverse().join("/");
const dateTime = (day: string | null): string | null => (day === null ? null : `${day}T00:00:00`);

const mainOf = (business: HeldBusiness): MainInformation => ({
  ENTERPRISE_ID: 1,
  ENTERPRISE_CODE: "0000000001",
  ENTERPRISE_GDT_CODE: business.code,
  ENTERPRISE_TYPE_ID: "X",
  ENTERPRISE_TYPE_NAME: business.form,
  NAME: business.name,
  SHORT_NAME: business.short,
  NAME_F: business.foreign,
  FOUNDING_DATE: slashed(business.founded),
  LAST_AMEND_DATE: business.changed === null ? null : slashed(business.changed),
  NUMBER_CHANGES: 2,
  ENTERPRISE_STATUS_ID: "X",
  ENTERPRISE_STATUS_NAME: business.status,
  LEGAL_NAMES: business.people.join("; "),
  CAPITAL_AMOUNT: business.capital,
});

/** JSON in which the capital is a number with all its digits: `JSON.stringify` would round it. */
const withCapital = (json: string, { capital }: HeldBusiness, style: AnswerStyle): string => {
  if (style.capital === "text") return json;
  const digits = style.capital === "exponent" ? `${capital}E0` : capital;
  return json.replace(`"CAPITAL_AMOUNT":"${capital}"`, `"CAPITAL_AMOUNT":${digits}`);
};

/** Generation 1 (registries section 5.6). */
export const answerV1 = (business: HeldBusiness | undefined, style: AnswerStyle): string => {
  const status = (one: 0 | 1) => (style.status === "number" ? one : String(one));
  if (business === undefined) {
    const none: AnswerV1 = { Data: null, DataCount: 0, Status: status(0), Message: "Không tìm thấy doanh nghiệp" };
    return JSON.stringify(none);
  }
  const people = business.people.map((name) => ({ FULL_NAME: name }));
  const Representatives = style.representatives === "object" ? (people[0] ?? { FULL_NAME: "" }) : people;
  const detail: DetailV1 = {
    MainInformation: mainOf(business),
    HOAdress: {
      CityID: 1,
      CityName: PLACE.city,
      DistrictID: null,
      DistrictName: null,
      WardID: 1,
      WardName: PLACE.ward,
      StreetNumber: business.street,
      AddressFullText: lineOf(business.street),
    },
    Representatives,
    BusinessActivity: business.activities.map(({ code, name, main }) => ({
      CODE: code,
      NAME: name,
      IS_MAIN: main ? "Y" : "N",
    })),
    Member: [],
  };
  const { Representatives: _, ...without } = detail;
  const Data = style.representatives === "absent" ? (without as DetailV1) : detail;
  const answer: AnswerV1 = { Data, DataCount: 1, Status: status(1), Message: "success" };
  return withCapital(JSON.stringify(answer), business, style);
};

const certificateOf = (business: HeldBusiness) => ({
  MaNoiBo: "1",
  TenTiengViet: business.name,
  TenNuocNgoai: business.foreign,
  TenVietTat: business.short,
  NgayDangKyLanDau: dateTime(business.founded) ?? "",
  NgayDangKyThayDoi: dateTime(business.changed),
  SoLanDangKyThayDoi: 0,
  NganhNgheKinhDoanh: business.activities.map(({ code, name, main }) => ({
    MaNganh: code,
    TenNganh: name,
    LaNganhChinh: main ? 1 : 0,
  })),
});

const enterpriseV2 = (business: HeldBusiness): EnterpriseV2 => ({
  ...certificateOf(business),
  MaSoDoanhNghiep: business.code,
  LoaiHinhDN: business.form,
  TinhTrangPhapLy: [{ TinhTrangPhapLy: business.status, MaTinhTrangPhapLy: "X" }],
  DaiDienPhapLuat: [{ ThongTinCaNhan: business.people.map(personOf) }],
  DiaChiTruSo: [{ DiaChi: [addressOf(business.street)] }],
});

const householdV2 = (business: HeldBusiness): HouseholdV2 => ({
  ...certificateOf(business),
  MaSoHKD: business.code,
  MaSoDangKyHKD: business.registration ?? "",
  LoaiHinhHKD: business.form,
  ChuHoKinhDoanh: business.people.map(personOf),
  DiaChiTruSo: [{ ...addressOf(business.street), DiaChiDayDu: lineOf(business.street) }],
});

const cooperativeV2 = (business: HeldBusiness): CooperativeV2 => ({
  ...certificateOf(business),
  MaSoHTX: business.code,
  LoaiHinhHTX: business.form,
  DaiDienPhapLuat: { ThongTinCaNhan: business.people.map(personOf) },
  DiaChiTruSo: [addressOf(business.street)],
});

const WRITERS_V2 = { enterprise: enterpriseV2, household: householdV2, cooperative: cooperativeV2 } as const;

/** Generation 2: the root is null when nothing was found (registries section 2.7). */
export const answerV2 = (root: string, business: HeldBusiness | undefined, style: AnswerStyle): string => {
  if (business === undefined) return JSON.stringify({ [root]: null });
  const row = WRITERS_V2[business.kind](business);
  const office = { DiaChiTruSo: [addressOf(business.street)] };
  return JSON.stringify({ [root]: [{ ...row, ...(style.address === "flat" && office) }] });
};

/** The façade of Hồ Chí Minh City (registries section 2.7). */
export const answerHcm = (business: HeldBusiness | undefined, style: AnswerStyle): string => {
  const ResultObject =
    business === undefined ? null : { ...mainOf(business), HO_ADDRESS_FULLTEXT: lineOf(business.street) };
  const answer: AnswerHcm = {
    StatusCode: 200,
    Status: "SUCCESS",
    ThrowException: false,
    Description: "",
    ResultObject,
  };
  const json = JSON.stringify(answer);
  return business === undefined ? json : withCapital(json, business, style);
};
