import type { CallContext, Reading } from "../../contracts/adapter.ts";
import type { ComparedKind, PlatformDossier } from "../../contracts/comparer.ts";
import { rowsOf } from "./client.ts";
import type { CompareSource } from "./dialect.ts";
import { isObject, type PortalAnswer } from "./faults.ts";
import { type Row, textOf } from "./map-procedure.ts";

/**
 * `TraCuuHoSo`: the dossier as the portal's row shows it, or null without any row. No document shows the fields of a row (np 5.4):
 * its status is read under the key that the administrator found there, and not at all without one.
 */
export const readHeld = (
  answer: PortalAnswer,
  code: string,
  statusKey: string | undefined,
): Reading<PlatformDossier | null> => {
  const rows = rowsOf(answer);
  if (!rows.ok) return rows;
  if (rows.value.length === 0) return { ok: true, value: null };
  const found = rows.value.filter(isObject);
  const row: Row = found.find((one) => textOf(one, "MAHOSO").toLowerCase() === code.toLowerCase()) ?? found[0] ?? {};
  const status = statusKey === undefined ? "" : textOf(row, statusKey);
  return { ok: true, value: { code, ...(status !== "" && { status }) } };
};

/**
 * The list of dossiers that were filed on the portal, procedure by procedure (np 1.3). What the province brought to the portal
 * may not be in it: nothing is missing at the portal because of it.
 */
export const listing = (
  read: (procedureCode: string, call: CallContext) => Promise<Reading<readonly PlatformDossier[]>>,
): CompareSource => ({ kind: "list", sees: ["missing-here", "status-differs"], read });

/** Asking by `TraCuuHoSo`, dossier by dossier. */
export const lookUps = (
  find: (code: string, call: CallContext) => Promise<Reading<PlatformDossier | null>>,
  statusKey: string | undefined,
): CompareSource => {
  const sees: ComparedKind[] = ["missing-at-portal"];
  if (statusKey !== undefined) sees.push("status-differs");
  return { kind: "look-up", sees, find };
};
