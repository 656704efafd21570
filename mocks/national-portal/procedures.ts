import type { ThuTuc, ThuTucTrongDanhSach } from "../../contracts/platforms/national-portal/wire.ts";
import type { ThuTucDayDu } from "../../contracts/platforms/national-portal/wire-procedure.ts";
import { KNOWN_CODES, procedureRow } from "./procedure-rows.ts";

/** np 4: a national code, with or without a provincial or ministerial suffix in either form. */
const PROCEDURE_CODE = /^[1-9]\.\d{6}(\.(000\.\d\d\.\d\d\.)?[GHK]\d\d)?$/u;

/** True for a procedure code of a shape that the document shows (np 4). */
export const isProcedureCode = (code: string): boolean => PROCEDURE_CODE.test(code);

/** What a rehearsal changes of a row. Keys and values go out as they are given, also those that no document knows. */
export type RowChange = Partial<ThuTucDayDu> & Readonly<Record<string, unknown>>;

/** The national catalogue of procedures as this simulator knows it. */
export interface ProcedureCatalogue {
  /** The detail row of a procedure, or undefined when the catalogue does not hold it. */
  find(code: string): (ThuTuc & Record<string, unknown>) | undefined;
  has(code: string): boolean;
  /** Rows of `LayDanhSachTTHC` (np 2.1): the procedures of the sample month, and those that were changed. */
  list(): ThuTucTrongDanhSach[];
  /** Publishes another text of a procedure, listed from now on. */
  change(code: string, change: RowChange): void;
  /** Takes a procedure off the list and out of the catalogue. */
  withdraw(code: string): void;
}

/** Makes a catalogue that knows every well-formed code but those named. */
export const createCatalogue = (unknownCodes: readonly string[]): ProcedureCatalogue => {
  const unknown = new Set(unknownCodes);
  const listed = new Set(KNOWN_CODES);
  const changes = new Map<string, RowChange>();
  const has = (code: string) => isProcedureCode(code) && !unknown.has(code);
  const rowOf = (code: string): ThuTuc & Record<string, unknown> => ({ ...procedureRow(code), ...changes.get(code) });
  return {
    has,
    find: (code) => (has(code) ? rowOf(code) : undefined),
    list: () =>
      [...listed].filter(has).map((code) => {
        const { MATTHC, TENTTHC } = rowOf(code);
        return { MATTHC, TENTTHC };
      }),
    change: (code, change) => {
      listed.add(code);
      unknown.delete(code);
      changes.set(code, { ...changes.get(code), ...change });
    },
    withdraw: (code) => {
      listed.delete(code);
      unknown.add(code);
    },
  };
};
