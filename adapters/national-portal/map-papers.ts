import type { Reading } from "../../contracts/adapter.ts";
import type { PapersQuery, PersonalPaper } from "../../contracts/papers.ts";
import { type DanhSachGiayTo, PAPERS_CHANNELS } from "../../contracts/platforms/national-portal/personal-papers.ts";
import type { LookupPurpose } from "../../contracts/registries.ts";
import { field, isObject, malformed, type PortalAnswer } from "./faults.ts";

/** What is asked, without the session (np 2.5). The requester is the officer: the document names no other number of theirs. */
export const toListRequest = (
  { ownerId, results = [] }: PapersQuery,
  { officerName, officerCode, procedureCode }: LookupPurpose,
): Omit<DanhSachGiayTo, "session"> => ({
  SoDinhDanhChuSoHuu: ownerId,
  HoTenNguoiYeuCau: officerName,
  KenhThucHien: PAPERS_CHANNELS.officer,
  SoDinhDanhNguoiYeuCau: officerCode,
  MaThuTuc: procedureCode,
  DanhSachDanhMucKetQua: results.map(({ code, notation = "" }) => ({ MaKetQua: code, SoKyHieu: notation })),
});

const LONGEST_TEXT = 2000;

const textIn = (row: Readonly<Record<string, unknown>>, name: string): string => {
  const value = field(row, name);
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value : "";
  return text
    .normalize("NFC")
    .replaceAll(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, LONGEST_TEXT);
};

/** As it is written: what is sent back must be what came. */
const exactIn = (row: Readonly<Record<string, unknown>>, name: string): string => {
  const value = field(row, name);
  return typeof value === "string" && value.length <= LONGEST_TEXT ? value : "";
};

const rowsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] | null => {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) && value.every(isObject) ? value : null;
};

/** A code such as `<owner>.<type>` says whose paper it is (domain row 11); a catalogue's own code says nothing. */
const OWNER = /^(\d{9,13})\./u;

const toPaper = (row: Readonly<Record<string, unknown>>): PersonalPaper | null => {
  const files = rowsIn(field(row, "DanhSachTepDinhKem"));
  if (files === null) return null;
  return {
    code: textIn(row, "MaKetQua"),
    name: textIn(row, "TenGiayTo"),
    notation: textIn(row, "SoKyHieu"),
    agency: exactIn(row, "CoQuanChuQuan"),
    files: files
      .map((file) => ({ name: textIn(file, "TenTep"), path: exactIn(file, "DuongDan") }))
      .filter(({ path }) => path !== ""),
  };
};

/**
 * The papers of an answer; no list at all is none. One paper of somebody else makes the whole answer unreadable: who it is about
 * is not known then.
 */
export const toPapers = (answer: PortalAnswer, { ownerId }: PapersQuery): Reading<readonly PersonalPaper[]> => {
  const result = field(answer, "result") || {};
  if (!isObject(result)) return malformed("result is no object");
  const rows = rowsIn(field(result, "DanhSachGiayToKetQua"));
  const papers = rows?.map(toPaper);
  if (papers === undefined || papers.includes(null)) return malformed("the list of papers cannot be read");
  const read = papers.filter((paper) => paper !== null);
  const isForeign = read.some(({ code }) => (OWNER.exec(code)?.[1] ?? ownerId) !== ownerId);
  return isForeign ? malformed("the answer is about somebody else") : { ok: true, value: read };
};
