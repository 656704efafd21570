import type { ListedProcedure } from "../../contracts/catalogue.ts";
import type { ProcedureContent, ProcedureTerm } from "../../contracts/services/procedures.ts";
import { field, isObject } from "./faults.ts";

/** A row as the portal wrote it; keys in any case (np 2.4). */
export type Row = Readonly<Record<string, unknown>>;

/** A member as text: numbers count, everything else is empty. NFC, without space around it. */
export const textOf = (row: Row, name: string): string => {
  const value = field(row, name);
  return typeof value === "string" || typeof value === "number" ? String(value).normalize("NFC").trim() : "";
};

/** A member as rows: a list, or one object in its place; other members of a list are left out. */
const rowsIn = (row: Row, name: string): Row[] => {
  const value = field(row, name);
  return (Array.isArray(value) ? value : [value]).filter(isObject);
};

const given = <K extends string>(key: K, text: string): Partial<Record<K, string>> =>
  (text === "" ? {} : { [key]: text }) as Partial<Record<K, string>>;

const count = (text: string): number => (/^\d{1,6}$/u.test(text) ? Number(text) : 0);

/** VND as the catalogue writes them: `100000`, `100.000`, `100,000 đồng`; null for everything else. */
const amountOf = (text: string): number | null => {
  const digits = /^(\d{1,3}(?:[.,\s]\d{3})*|\d{1,15})\s*(?:đồng|vnđ|vnd|đ)?$/iu.exec(text)?.[1];
  return digits === undefined ? null : Number(digits.replaceAll(/\D/gu, ""));
};

/** The units that time is reckoned in; others (months, "theo quy định") have no due date. The longer words come first. */
const UNITS = [
  [/^giờ/u, "working-hours"],
  [/^ngày làm việc|^ngày lv/u, "working-days"],
  [/^ngày/u, "days"],
] as const;

const LONGEST_DAYS = 1000;

const timeOf = (amount: string, unit: string): ProcedureTerm["time"] => {
  const number = /^\d{1,4}(?:[.,]\d{1,2})?$/u.test(amount) ? Number(amount.replace(",", ".")) : 0;
  const named = UNITS.find(([words]) => words.test(unit.toLowerCase()))?.[1];
  if (named === undefined || number <= 0 || number > LONGEST_DAYS) return null;
  // Half a day of the calendar is none: only working time has halves.
  return named === "days" && !Number.isInteger(number) ? null : { unit: named, amount: number };
};

const toTerm = (row: Row): ProcedureTerm => {
  const amount = textOf(row, "THOIGIANGIAIQUYET");
  const unit = textOf(row, "DONVITINH");
  return {
    text: `${amount} ${unit}`.trim(),
    time: timeOf(amount, unit),
    ...given("note", textOf(row, "MOTA")),
    fees: rowsIn(row, "PHILEPHI").map((fee) => ({
      code: textOf(fee, "MAPHILEPHI"),
      amount: amountOf(textOf(fee, "SOTIEN")),
      ...given("unit", textOf(fee, "DONVI")),
      ...given("note", textOf(fee, "MOTA")),
    })),
  };
};

/** np 3.4; words stand where a client shows them instead. */
const CHANNELS: Readonly<Record<string, "counter" | "online" | "post">> = {
  "1": "counter",
  "2": "online",
  "3": "post",
  "trực tiếp": "counter",
  "trực tuyến": "online",
  "dịch vụ bưu chính": "post",
  "bưu chính": "post",
};

const toPaper = (row: Row) => ({
  code: textOf(row, "MAGIAYTO"),
  name: textOf(row, "TENGIAYTO"),
  ...given("form", textOf(row, "TENMAUDON")),
  ...given("formUrl", textOf(row, "URL")),
  originals: count(textOf(row, "SOBANCHINH")),
  copies: count(textOf(row, "SOBANSAO")),
});

/** Rows of a code and a name; those with neither say nothing. */
const namedRows = (row: Row, list: string, code: string, name: string) =>
  rowsIn(row, list)
    .map((item) => ({ code: textOf(item, code), name: textOf(item, name) }))
    .filter((item) => item.code !== "" || item.name !== "");

/** A list that is missing is unknown; one that is there and empty says that there is nothing. */
const resultsOf = (row: Row): ProcedureContent["results"] =>
  Array.isArray(field(row, "KETQUATHUCHIEN")) || rowsIn(row, "KETQUATHUCHIEN").length > 0
    ? namedRows(row, "KETQUATHUCHIEN", "MAKETQUA", "TENKETQUA")
    : null;

/** Pure: a whole row of `LayThuTuc` in our words (np 2.4). */
export const toProcedureContent = (row: Row): ProcedureContent => ({
  name: textOf(row, "TENTTHC"),
  // Left out by some clients' samples: only another value says that it is not public.
  isPublic: ["", "1"].includes(textOf(row, "TRANGTHAI")),
  ...given("publishedBy", textOf(row, "MACOQUANCONGBO")),
  fields: namedRows(row, "LINHVUCTHUCHIEN", "MALINHVUC", "TENLINHVUC"),
  channels: rowsIn(row, "CACHTHUCTHUCHIEN").map((way) => ({
    channel: CHANNELS[textOf(way, "KENH").toLowerCase()] ?? null,
    terms: rowsIn(way, "THOIGIAN").map(toTerm),
  })),
  components: rowsIn(row, "THANHPHANHOSO").map((component) => ({
    ...given("case", textOf(component, "TRUONGHOP")),
    papers: rowsIn(component, "GIAYTO").map(toPaper),
  })),
  results: resultsOf(row),
  agencies: namedRows(row, "COQUANTHUCHIEN", "MADONVI", "TENDONVI"),
  applicants: rowsIn(row, "DOITUONGTHUCHIEN").flatMap((item) => textOf(item, "TENDOITUONG") || []),
  ...given("requirements", textOf(row, "YEUCAU")),
  legalBases: rowsIn(row, "CANCUPHAPLY").map((item) => ({
    number: textOf(item, "SOVANBAN"),
    name: textOf(item, "TENVANBAN"),
  })),
});

/** Pure: the rows of `LayDanhSachTTHC` (np 2.1), each code once; a row without a code names nothing. */
export const toListed = (rows: readonly unknown[]): ListedProcedure[] => {
  const listed = rows.filter(isObject).map((row) => ({ code: textOf(row, "MATTHC"), name: textOf(row, "TENTTHC") }));
  return [...new Map(listed.filter(({ code }) => code !== "").map((row) => [row.code.toLowerCase(), row])).values()];
};
