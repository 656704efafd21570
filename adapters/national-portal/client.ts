import type { CallContext, Fault, Reading } from "../../contracts/adapter.ts";
import type { DongBoTrangThaiHoSo, HoSo, ThuTuc, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import { field, isObject, malformed, type PortalAnswer } from "./faults.ts";
import { mask } from "./masking.ts";

/** The portal's services as functions, in its own objects: how shapes A and B are spoken to (np 2.1, 1.2). */
export interface PortalClient {
  /** One dossier per call: nothing in an answer tells the items of a batch apart (np 6, item 4). */
  putDossier(hoSo: HoSo, isUpdating: boolean, call: CallContext): Promise<Reading<null>>;
  /** One step per call (design section 6, "Order"). */
  addStep(tienDo: TienDo, call: CallContext): Promise<Reading<null>>;
  /** The status of a dossier born on the portal. */
  setStatus(data: DongBoTrangThaiHoSo["data"], call: CallContext): Promise<Reading<null>>;
  /** Whether the portal holds the dossier; absent where it cannot be asked. */
  holdsDossier?(maHoSo: string, kind: "probe" | "read", call: CallContext): Promise<Reading<boolean>>;
  /** `LayThuTuc`: the procedure's row, or null when the portal knows none of that code. */
  findProcedure(maTTHC: string, call: CallContext): Promise<Reading<ThuTuc | null>>;
}

/** The bodies that the client would send, as their evidence shows them; "" when none would be. */
export interface PortalPreview {
  putDossier(hoSo: HoSo, isUpdating: boolean): string;
  addStep(tienDo: TienDo): string;
  setStatus(data: DongBoTrangThaiHoSo["data"]): string;
}

/** The reading of an answer of which nothing but success is wanted. */
export const done = (): Reading<null> => ({ ok: true, value: null });

/** Hides secrets in what a reading says. */
export const maskReading = <T>(reading: Reading<T>, ...secrets: readonly string[]): Reading<T> =>
  reading.ok
    ? reading
    : { ok: false, fault: { ...reading.fault, message: mask(reading.fault.message, ...secrets) } satisfies Fault };

/** Rows of a `result`: a list, a single object, or nothing at all, which may also be written as an empty text. */
const rowsOf = (answer: PortalAnswer): Reading<readonly unknown[]> => {
  const result = field(answer, "result") || [];
  if (Array.isArray(result)) return { ok: true, value: result };
  return isObject(result) ? { ok: true, value: [result] } : malformed("result is neither a list nor an object");
};

const textOf = (object: Readonly<Record<string, unknown>>, name: string): string => {
  const value = field(object, name);
  return typeof value === "string" || typeof value === "number" ? String(value).normalize("NFC").trim() : "";
};

const toProcedure = (row: Readonly<Record<string, unknown>>): ThuTuc => {
  const given = field(row, "LINHVUCTHUCHIEN");
  const fields = Array.isArray(given) ? given : [given];
  return {
    MATTHC: textOf(row, "MATTHC"),
    TENTTHC: textOf(row, "TENTTHC"),
    LINHVUCTHUCHIEN: fields
      .filter(isObject)
      .map((item) => ({ MALINHVUC: textOf(item, "MALINHVUC"), TENLINHVUC: textOf(item, "TENLINHVUC") })),
  };
};

/** `LayThuTuc`: the row of the code asked for; a lone row counts also under another spelling of its code. */
export const readProcedure = (answer: PortalAnswer, maTTHC: string): Reading<ThuTuc | null> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  const procedures = rows.value.filter(isObject).map(toProcedure);
  const wanted = maTTHC.toLowerCase();
  const lone = procedures.length === 1 ? procedures[0] : undefined;
  const found = procedures.find(({ MATTHC }) => MATTHC.toLowerCase() === wanted) ?? lone;
  if (found === undefined) return { ok: true, value: null };
  return found.TENTTHC === "" ? malformed("the procedure has no TENTTHC") : { ok: true, value: found };
};

/** `TraCuuHoSo`: whether there is any row (np 5.4). */
export const readPresence = (answer: PortalAnswer): Reading<boolean> => {
  const rows = rowsOf(answer);
  return rows.ok ? { ok: true, value: rows.value.length > 0 } : rows;
};
