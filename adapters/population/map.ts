import {
  LENGTHS,
  type NgayThangNamSinh,
  type TraCuuThongTinCongDan,
} from "../../contracts/platforms/population/wire.ts";
import type {
  Citizen,
  CitizenAddress,
  CitizenQuery,
  CitizenRelative,
  LookupPurpose,
} from "../../contracts/registries.ts";
import type { PopulationConfig } from "./config.ts";
import { writeName } from "./name-form.ts";

/** An element of an answer, in the registry's own names. */
export type WireObject = Readonly<Record<string, unknown>>;

/** What a question can be written with. */
type Writing = Pick<PopulationConfig, "integrationCode" | "nameForm" | "agencyPlace">;

const wireBorn = (born: string): NgayThangNamSinh =>
  born.length === 4 ? { Nam: born } : { NgayThangNam: born.replaceAll("-", "") };

/** The question, its elements in the order in which they are sent (reg 2.2). */
export const toQuestion = (
  { identity, fullName, born }: CitizenQuery,
  { requestId, procedureCode, agency, officerCode }: LookupPurpose,
  { integrationCode, nameForm, agencyPlace }: Writing,
): TraCuuThongTinCongDan => ({
  MaYeuCau: requestId,
  MaDVC: procedureCode,
  MaTichHop: integrationCode,
  ...(agencyPlace === "before-officer" && { MaDonVi: agency }),
  MaCanBo: officerCode,
  ...(agencyPlace === "after-officer" && { MaDonVi: agency }),
  ...(identity.kind === "personal-id" ? { SoDinhDanh: identity.value } : { SoCMND: identity.value }),
  HoVaTen: writeName(fullName, nameForm),
  NgayThangNamSinh: wireBorn(born),
});

/** What XML cannot carry, or only as something else. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** What of a question the registry could never take: the names of the elements, never their values. */
export const unfit = (question: TraCuuThongTinCongDan): readonly string[] => {
  const { SoDinhDanh, SoCMND, NgayThangNamSinh: born } = question;
  const wrong = (Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]).filter((name) => {
    const value = question[name];
    return value !== undefined && (value.trim() === "" || UNWRITABLE.test(value) || [...value].length > LENGTHS[name]);
  });
  const identityFits = SoDinhDanh === undefined ? /^\d{9}$/u.test(SoCMND ?? "") : /^\d{12}$/u.test(SoDinhDanh);
  const bornFits = "Nam" in born ? /^\d{4}$/u.test(born.Nam) : /^\d{8}$/u.test(born.NgayThangNam);
  return [
    ...wrong,
    ...(identityFits ? [] : [SoDinhDanh === undefined ? "SoCMND" : "SoDinhDanh"]),
    ...(bornFits ? [] : ["NgayThangNamSinh"]),
  ];
};

/** Whether a value is an object, and no list. */
export const isObject = (value: unknown): value is WireObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text or a number as text, trimmed, in NFC; undefined when there is none. A repeated element: its first. */
const textOf = (value: unknown): string | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number") return String(first);
  return (typeof first === "string" && first.normalize("NFC").trim()) || undefined;
};

const at = (object: WireObject, name: string): string | undefined =>
  Object.hasOwn(object, name) ? textOf(object[name]) : undefined;

/** `Ho`, `ChuDem`, `Ten`, often all in the last, or a plain text (reg 2.3). */
const nameOf = (value: unknown): string => {
  if (!isObject(value)) return textOf(value) ?? "";
  return ["Ho", "ChuDem", "Ten"].flatMap((part) => at(value, part) ?? []).join(" ");
};

/** The given texts under our names; undefined when there are none. */
const named = <Name extends string>(object: unknown, names: Readonly<Record<Name, string>>) => {
  if (!isObject(object)) return undefined;
  const entries = (Object.entries(names) as [Name, string][]).flatMap(([ours, theirs]) => {
    const text = at(object, theirs);
    return text === undefined ? [] : [[ours, text] as const];
  });
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<Record<Name, string>>);
};

const toAddress = (value: unknown): CitizenAddress | undefined =>
  named(value, {
    provinceCode: "MaTinhThanh",
    districtCode: "MaQuanHuyen",
    wardCode: "MaPhuongXa",
    detail: "ChiTiet",
    country: "QuocGia",
  });

/** A relative of whom anything is known; the name may be missing. */
const toRelative = (value: unknown): CitizenRelative | undefined => {
  if (!isObject(value)) return undefined;
  const names = { personalId: "SoDinhDanh", oldId: "SoCMND", nationality: "QuocTich", relation: "QuanHe" };
  const rest = named(value, names);
  const fullName = nameOf(value["HoVaTen"]);
  const isKnown = fullName !== "" || rest?.personalId !== undefined || rest?.oldId !== undefined;
  return isKnown ? { fullName, ...rest } : undefined;
};

/** `yyyyMMdd` (or with hyphens), else the year; a date that the calendar does not know counts as its year. */
const toBorn = (value: unknown): string | undefined => {
  if (!isObject(value)) return undefined;
  const day = at(value, "NgayThangNam") ?? "";
  const [, year, month, date] = /^(\d{4})-?(\d{2})-?(\d{2})$/u.exec(day) ?? [];
  const iso = `${year}-${month}-${date}`;
  if (year !== undefined && !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString().startsWith(iso)) return iso;
  const known = at(value, "Nam") ?? year ?? day;
  return /^\d{4}$/u.test(known) ? known : undefined;
};

const given = <Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };

/** A citizen as the registry describes one; unknown elements are ignored, codes stay the registry's own (reg 2.3). */
export const toCitizen = (wire: WireObject): Citizen => ({
  fullName: nameOf(wire["HoVaTen"]),
  ...given({
    personalId: at(wire, "SoDinhDanh"),
    oldId: at(wire, "SoCMND"),
    born: toBorn(wire["NgayThangNamSinh"]),
    gender: at(wire, "GioiTinh"),
    ethnicity: at(wire, "DanToc"),
    religion: at(wire, "TonGiao"),
    maritalStatus: at(wire, "TinhTrangHonNhan"),
    bloodGroup: at(wire, "NhomMau"),
    nationality: at(wire, "QuocTich"),
    birthRegistration: toAddress(wire["NoiDangKyKhaiSinh"]),
    origin: toAddress(wire["QueQuan"]),
    permanentResidence: toAddress(wire["ThuongTru"]),
    currentResidence: toAddress(wire["NoiOHienTai"]),
    father: toRelative(wire["Cha"]),
    mother: toRelative(wire["Me"]),
    spouse: toRelative(wire["VoChong"]),
    representative: toRelative(wire["NguoiDaiDien"]),
    householdHead: toRelative(wire["ChuHo"]),
  }),
});
