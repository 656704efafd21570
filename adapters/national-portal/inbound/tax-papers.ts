import type { PushedTaxNotice, PushedTaxReceipt, TaxDecision } from "../../../contracts/portal-inbound.ts";
import { amountOf, dayOf, missing, momentOf, objectIn, required, shortText, textOf, Unreadable } from "./loose.ts";
import { childText, type Element, elementsNamed, readXml } from "./notice-xml.ts";

/** Characters of base64 of one notice: 3 MiB of XML, some ten thousand decisions. */
const LONGEST_NOTICE = 4 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/u;
const CODE = 100;

const decoded = (value: unknown): string => {
  const base64 = typeof value === "string" ? value.replaceAll(/\s+/gu, "") : "";
  if (base64 === "" || base64.length > LONGEST_NOTICE || !BASE64.test(base64)) throw missing("FileThongBaoThue");
  try {
    const binary = atob(base64);
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    const why = {
      vi: "FileThongBaoThue không phải base64 của XML UTF-8.",
      en: "FileThongBaoThue is not base64 of XML in UTF-8.",
    };
    throw new Unreadable(why, { cause });
  }
};

const decisionOf = (list: Element): TaxDecision => {
  const decidedOn = dayOf(childText(list, "NGAY_QUYET_DINH"));
  return {
    taxCode: textOf(childText(list, "MA_SO_THUE")).slice(0, CODE),
    decision: required("SO_QUYET_DINH", childText(list, "SO_QUYET_DINH"), CODE),
    ...(decidedOn !== undefined && { decidedOn }),
    // One client reads the first spelling, one the second (document `payment`, section 3).
    item: shortText(childText(list, "TEN_TIEUMUC", "TEN_TIEU_MUC"), 1000) ?? "",
    amount: amountOf("SO_TIEN", childText(list, "SO_TIEN")),
  };
};

/** A paper without lists has one decision beside its code: the flat form of np 2.6. */
const rowOf = (row: Element): { code: string; decisions: TaxDecision[] } => {
  const lists = elementsNamed(row, "LIST");
  return {
    code: required("MA_HSO", childText(row, "MA_HSO"), CODE),
    decisions: (lists.length > 0 ? lists : [row]).map(decisionOf),
  };
};

/** `NhanThongBaoThueDat`: `DATA/BODY/ROW_LIST{MA_HSO, LIST*}`, many dossiers and many decisions of each. @throws Unreadable */
export const readTaxNotice = (data: unknown): PushedTaxNotice => {
  const top = readXml(decoded(objectIn(data)["FileThongBaoThue"]));
  const body = top.children.find(({ name }) => name === "DATA")?.children.find(({ name }) => name === "BODY");
  if (body === undefined) throw missing("DATA/BODY");
  const rows = elementsNamed(body, "ROW_LIST");
  const found = (rows.length > 0 ? rows : [body]).map(rowOf);
  // The rows of one dossier may stand apart.
  const byCode = Map.groupBy(found, ({ code }) => code);
  return {
    kind: "tax-notice",
    dossiers: [...byCode].map(([code, parts]) => ({ code, decisions: parts.flatMap(({ decisions }) => decisions) })),
  };
};

const addressOf = (data: Record<string, unknown>): string =>
  ["DiaChiNguoiNopTien", "XaNguoiNopTien", "HuyenNguoiNopTien", "TinhNguoiNopTien"]
    .map((field) => textOf(data[field]))
    .filter((part) => part !== "")
    .join(", ");

/** `NhanChungTuThueDat` (np 2.6). @throws Unreadable */
export const readTaxReceipt = (given: unknown): PushedTaxReceipt => {
  const data = objectIn(given);
  const payment = objectIn(data["ThongTinThanhToan"]);
  const paidAt = momentOf(payment["ThoiGianThanhToan"]);
  const content = shortText(payment["NoiDungThanhToan"], 10_000);
  const name = shortText(data["HoTenNguoiNopTien"], 500);
  const identity = shortText(data["SoCMTNguoiNopTien"], CODE);
  const address = addressOf(data).slice(0, 2000);
  const documentUrl = shortText(data["UrlFileChungTu"], 2000);
  return {
    kind: "tax-receipt",
    code: required("MaHoSo", data["MaHoSo"], CODE),
    receipt: {
      taxCode: textOf(data["MaSoThue"]).slice(0, CODE),
      decision: required("MaThongBaoThue", payment["MaThongBaoThue"], CODE),
      ...(paidAt !== undefined && { paidAt }),
      amount: amountOf("SoTien", payment["SoTien"]),
      paid: textOf(payment["TrangThaiThanhToan"]) === "1",
      ...(content !== undefined && { content }),
      payer: {
        ...(name !== undefined && { name }),
        ...(identity !== undefined && { identity }),
        ...(address !== "" && { address }),
      },
      ...(documentUrl !== undefined && { documentUrl }),
    },
  };
};
