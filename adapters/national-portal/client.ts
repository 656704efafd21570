import type { CallContext, Fault, Reading } from "../../contracts/adapter.ts";
import type { ListedProcedure } from "../../contracts/catalogue.ts";
import type { DongBoTrangThaiHoSo, HoSo, ThuTuc, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import type { ProcedureContent } from "../../contracts/services/procedures.ts";
import { field, isObject, malformed, type PortalAnswer } from "./faults.ts";
import { type Row, textOf, toListed, toProcedureContent } from "./map-procedure.ts";
import { mask } from "./masking.ts";

/** The portal's services as functions, in its own objects: how shapes A and B are spoken to (np 2.1, 1.2). */
export interface PortalClient {
  /** One dossier per call: nothing in an answer tells the items of a batch apart (np 6, item 4). */
  putDossier(hoSo: HoSo, isUpdating: boolean, call: CallContext): Promise<Reading<null>>;
  /** One step, or several of one dossier: taken or refused together (np 6, item 4). */
  addSteps(steps: readonly TienDo[], call: CallContext): Promise<Reading<null>>;
  /** The status of a dossier born on the portal. */
  setStatus(data: DongBoTrangThaiHoSo["data"], call: CallContext): Promise<Reading<null>>;
  /** Whether the portal holds the dossier; absent where it cannot be asked. */
  holdsDossier?(maHoSo: string, kind: "probe" | "read", call: CallContext): Promise<Reading<boolean>>;
  /** `LayThuTuc`: the procedure's row, or null when the portal knows none of that code. */
  findProcedure(maTTHC: string, call: CallContext): Promise<Reading<ThuTuc | null>>;
  /** `LayThuTuc` again, the whole of its row. */
  describeProcedure(maTTHC: string, call: CallContext): Promise<Reading<ProcedureContent | null>>;
  /** `LayDanhSachTTHC`: the list of procedures, whole. */
  listProcedures(call: CallContext): Promise<Reading<readonly ListedProcedure[]>>;
}

/** The bodies that the client would send, as their evidence shows them; "" when none would be. */
export interface PortalPreview {
  putDossier(hoSo: HoSo, isUpdating: boolean): string;
  addSteps(steps: readonly TienDo[]): string;
  setStatus(data: DongBoTrangThaiHoSo["data"]): string;
}

/** The evidence of each step of a packet, as it would be of a call of its own. */
export const sharesOf = <S>(
  steps: readonly S[],
  write: (steps: readonly S[]) => string,
): { readonly shares?: readonly string[] } => (steps.length > 1 ? { shares: steps.map((step) => write([step])) } : {});

/** The reading of an answer of which nothing but success is wanted. */
export const done = (): Reading<null> => ({ ok: true, value: null });

/** Hides secrets in what a reading says. */
export const maskReading = <T>(reading: Reading<T>, ...secrets: readonly string[]): Reading<T> =>
  reading.ok
    ? reading
    : { ok: false, fault: { ...reading.fault, message: mask(reading.fault.message, ...secrets) } satisfies Fault };

/** Rows of a `result`: a list, a single object, or nothing at all, which may also be written as an empty text. */
export const rowsOf = (answer: PortalAnswer): Reading<readonly unknown[]> => {
  const result = field(answer, "result") || [];
  if (Array.isArray(result)) return { ok: true, value: result };
  return isObject(result) ? { ok: true, value: [result] } : malformed("result is neither a list nor an object");
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
const readRow = (answer: PortalAnswer, maTTHC: string): Reading<Row | null> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  const procedures = rows.value.filter(isObject);
  const wanted = maTTHC.toLowerCase();
  const lone = procedures.length === 1 ? procedures[0] : undefined;
  const found = procedures.find((row) => textOf(row, "MATTHC").toLowerCase() === wanted) ?? lone;
  if (found === undefined) return { ok: true, value: null };
  return textOf(found, "TENTTHC") === "" ? malformed("the procedure has no TENTTHC") : { ok: true, value: found };
};

const mapped = <A, B>(reading: Reading<A | null>, map: (value: A) => B): Reading<B | null> =>
  reading.ok ? { ok: true, value: reading.value === null ? null : map(reading.value) } : reading;

/** `LayThuTuc`: what a dossier needs of the procedure. */
export const readProcedure = (answer: PortalAnswer, maTTHC: string): Reading<ThuTuc | null> =>
  mapped(readRow(answer, maTTHC), toProcedure);

/** `LayThuTuc`: everything the portal says of the procedure. */
export const readProcedureContent = (answer: PortalAnswer, maTTHC: string): Reading<ProcedureContent | null> =>
  mapped(readRow(answer, maTTHC), toProcedureContent);

/** `LayDanhSachTTHC`: an answer without a single row is no list of a country's procedures. */
export const readProcedureList = (answer: PortalAnswer): Reading<readonly ListedProcedure[]> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  const listed = toListed(rows.value);
  return listed.length === 0 ? malformed("the list names no procedure") : { ok: true, value: listed };
};

/** `TraCuuHoSo`: whether there is any row (np 5.4). */
export const readPresence = (answer: PortalAnswer): Reading<boolean> => {
  const rows = rowsOf(answer);
  return rows.ok ? { ok: true, value: rows.value.length > 0 } : rows;
};
