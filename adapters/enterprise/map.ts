import type { Business } from "../../contracts/registries.ts";
import { memberOf, nestedRowsOf, type Row, rowsOf, textOf } from "./rows.ts";
import { statusOf, statusOfAll } from "./statuses.ts";
import { amountOf, dayOf } from "./values.ts";

/** Leaves out what the register does not say. */
type Said<T> = { readonly [K in keyof T]: T[K] | undefined };
const said = <T extends object>(parts: Said<T>): Partial<T> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;

type Optional = Pick<Business, "statusText" | "type" | "foundedAt" | "lastChangedAt" | "address" | "capital">;

/** Several parts on one line; undefined when there is none. */
const joined = (parts: readonly (string | undefined)[]): string | undefined =>
  parts.filter((part) => part !== undefined).join(", ") || undefined;

/** Names once each, in order. */
const people = (names: readonly (string | undefined)[]): Business["representatives"] =>
  [...new Set(names.filter((name) => name !== undefined))].map((fullName) => ({ fullName }));

const activities = (rows: readonly Row[], names: readonly [code: string, name: string, main: string]) =>
  rows.flatMap((row) => {
    const [code, name] = [textOf(row, names[0]), textOf(row, names[1])];
    const main = /^(?:y|1|true)$/iu.test(textOf(row, names[2]) ?? "") || memberOf(row, names[2]) === true;
    return code === undefined && name === undefined ? [] : [{ code: code ?? "", name: name ?? "", main }];
  });

/** Hyphens and spaces aside, a code is its letters and digits. */
const bare = (code: string): string => code.replaceAll(/[^0-9a-z]/giu, "").toUpperCase();

/** The first code of the row, or null when it has some and none of them is the one asked for. */
const codeOf = (row: Row, names: readonly string[], asked: string): string | null => {
  const codes = names.map((name) => textOf(row, name)).filter((code) => code !== undefined);
  const found = codes.find((code) => bare(code) === bare(asked));
  return codes.length === 0 ? asked : (found ?? null);
};

const OLD_REPRESENTATIVES = /\s*;\s*/u;

/** What a person's row is called in both generations. Papers and birth dates are personal data and stay behind. */
const namesIn = (rows: readonly Row[], name: string) => rows.map((row) => textOf(row, name));

/**
 * A business of generation 1 (registries section 2.6). `main` is `MainInformation`, `data` what its other blocks are in:
 * for the façade of Hồ Chí Minh City the same object.
 *
 * @returns null when the row is about another business, or has no name.
 */
export const toBusinessV1 = (main: Row, data: Row, asked: string): Business | null => {
  const code = codeOf(main, ["ENTERPRISE_GDT_CODE"], asked);
  const vietnamese = textOf(main, "NAME");
  if (code === null || vietnamese === undefined) return null;
  const office = rowsOf(data, "HOAdress")[0] ?? rowsOf(data, "HOAddress")[0] ?? {};
  const parts = ["StreetNumber", "WardName", "DistrictName", "CityName"].map((name) => textOf(office, name));
  const named = namesIn(rowsOf(data, "Representatives"), "FULL_NAME");
  const statusText = textOf(main, "ENTERPRISE_STATUS_NAME");
  return {
    code,
    names: { vietnamese, ...said({ foreign: textOf(main, "NAME_F"), short: textOf(main, "SHORT_NAME") }) },
    status: statusOf(statusText),
    ...said<Required<Optional>>({
      statusText,
      type: textOf(main, "ENTERPRISE_TYPE_NAME"),
      foundedAt: dayOf(textOf(main, "FOUNDING_DATE")),
      lastChangedAt: dayOf(textOf(main, "LAST_AMEND_DATE")),
      address: textOf(office, "AddressFullText") ?? textOf(main, "HO_ADDRESS_FULLTEXT") ?? joined(parts),
      capital: amountOf(textOf(main, "CAPITAL_AMOUNT")),
    }),
    representatives: people(
      named.some((name) => name !== undefined)
        ? named
        : (textOf(main, "LEGAL_NAMES")?.split(OLD_REPRESENTATIVES) ?? []),
    ).filter(({ fullName }) => fullName !== ""),
    activities: activities(rowsOf(data, "BusinessActivity"), ["CODE", "NAME", "IS_MAIN"]),
  };
};

/** How the three registers of generation 2 differ (registries section 2.7). */
export interface RegisterNames {
  readonly codes: readonly string[];
  readonly type: string;
  readonly people: string;
}

const addressV2 = (row: Row): string | undefined => {
  const parts = ["SoNha", "TenPhuongXa", "TenQuanHuyen", "TenTinhThanh"].map((name) => textOf(row, name));
  return textOf(row, "DiaChiDayDu") ?? textOf(row, "DiaChi") ?? joined(parts);
};

/**
 * A business of generation 2. Several standings count as one only where they agree (statuses.ts).
 *
 * @returns null when the row is about another business, or has no name.
 */
export const toBusinessV2 = (row: Row, names: RegisterNames, asked: string): Business | null => {
  const code = codeOf(row, names.codes, asked);
  const vietnamese = textOf(row, "TenTiengViet");
  if (code === null || vietnamese === undefined) return null;
  const standings = namesIn(rowsOf(row, "TinhTrangPhapLy"), "TinhTrangPhapLy").filter((name) => name !== undefined);
  const [office = {}] = nestedRowsOf(row, "DiaChiTruSo", "DiaChi");
  return {
    code,
    names: { vietnamese, ...said({ foreign: textOf(row, "TenNuocNgoai"), short: textOf(row, "TenVietTat") }) },
    status: statusOfAll(standings),
    ...said<Required<Optional>>({
      statusText: standings.join("; ") || undefined,
      type: textOf(row, names.type),
      foundedAt: dayOf(textOf(row, "NgayDangKyLanDau")) ?? dayOf(textOf(row, "FOUNDING_DATE")),
      lastChangedAt: dayOf(textOf(row, "NgayDangKyThayDoi")),
      address: addressV2(office),
      capital: undefined,
    }),
    representatives: people(namesIn(nestedRowsOf(row, names.people, "ThongTinCaNhan"), "HoVaTen")),
    activities: activities(rowsOf(row, "NganhNgheKinhDoanh"), ["MaNganh", "TenNganh", "LaNganhChinh"]),
  };
};
