import { expect, test } from "vitest";
import { nationalPortal } from "../../../adapters/national-portal/adapter.ts";
import { readHeld } from "../../../adapters/national-portal/compare.ts";
import { readConfig } from "../../../adapters/national-portal/config.ts";
import { readList } from "../../../adapters/national-portal/profiles/connector-v1/list-answer.ts";
import { settings } from "./open-portal.ts";

const CODE = "H04.15-261101-0001";
const held = (result: unknown, statusKey?: string) => readHeld({ error_code: 0, result }, CODE, statusKey);

test("any row of TraCuuHoSo means that the portal holds the dossier, none that it does not", () => {
  expect(held([])).toEqual({ ok: true, value: null });
  expect(held("")).toEqual({ ok: true, value: null });
  for (const result of [[{ MAHOSO: CODE }], { MaHoSo: CODE }, [{}], ["row"]]) {
    expect([result, held(result)]).toEqual([result, { ok: true, value: { code: CODE } }]);
  }
  expect(held(7).ok).toBe(false);
});

test("a status is read under the configured key alone, in any case, and only where it says something", () => {
  const row = { MAHOSO: CODE, TRANGTHAI: 4, KHAC: "9" };
  expect(held([row])).toEqual({ ok: true, value: { code: CODE } });
  expect(held([row], "TrangThai")).toEqual({ ok: true, value: { code: CODE, status: "4" } });
  for (const empty of ["", "  ", null, [], {}]) {
    expect(held([{ MAHOSO: CODE, TRANGTHAI: empty }], "TRANGTHAI")).toEqual({ ok: true, value: { code: CODE } });
  }
});

test("of several rows the one of the dossier counts", () => {
  const rows = [
    { MAHOSO: "H04.15-261101-0002", TRANGTHAI: "1" },
    { MAHOSO: CODE.toLowerCase(), TRANGTHAI: "9" },
  ];
  expect(held(rows, "TRANGTHAI")).toEqual({ ok: true, value: { code: CODE, status: "9" } });
});

test("the connector's list is read bare, with its total, or inside data; rows without a code are left out", () => {
  const rows = [
    { MaHoSo: "a", TrangThai: 4 },
    { mahoso: "b", TrangThaiHoSo: "5" },
    { MaHoSo: "c" },
    { TrangThai: 1 },
    "d",
  ];
  const value = [{ code: "a", status: "4" }, { code: "b", status: "5" }, { code: "c" }];
  expect(readList({ code: 200, data: rows })).toEqual({ ok: true, value });
  expect(readList({ code: 200, Total: 5, Data: rows })).toEqual({ ok: true, value });
  expect(readList({ code: 200, data: { Total: "5", Data: rows } })).toEqual({ ok: true, value });
});

test("a list that is a part of what there is, or none, is not compared with", () => {
  expect(readList({ code: 200, Total: 900, Data: [{ MaHoSo: "a" }] }).ok).toBe(false);
  for (const data of [null, "none", 7, {}]) expect([data, readList({ code: 200, data }).ok]).toEqual([data, false]);
});

test("the key of a status is the name of a field, and tells what the profile can compare", () => {
  const read = (key: string) => readConfig({ ...settings, NATIONAL_PORTAL_LOOKUP_STATUS_KEY: key });
  expect(read("TRANG_THAI")).toMatchObject({ kind: "configured", config: { lookupStatusKey: "TRANG_THAI" } });
  for (const key of ["trạng thái", "a.b", "x".repeat(51)]) {
    const reading = read(key);
    expect([key, reading.kind === "faulty" && reading.faults.length]).toEqual([key, 1]);
  }
  const seenWith = (key: string) => {
    const reading = nationalPortal.readConfig({ ...settings, NATIONAL_PORTAL_LOOKUP_STATUS_KEY: key });
    return reading.kind === "configured" ? nationalPortal.create(reading.config).compare?.source?.sees : undefined;
  };
  expect(seenWith("")).toEqual(["missing-at-portal"]);
  expect(seenWith("TRANGTHAI")).toEqual(["missing-at-portal", "status-differs"]);
});
