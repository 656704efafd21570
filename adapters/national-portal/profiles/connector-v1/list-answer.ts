import type { Reading } from "../../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../../contracts/comparer.ts";
import { type AnswerForm, field, isObject, malformed, type PortalAnswer } from "../../faults.ts";
import { textOf } from "../../map-procedure.ts";
import { CONNECTOR_ANSWER } from "./connector-answers.ts";

/** np 1.3: a list comes bare, as `{Total, Data}`, or as the `data` of an answer with a code. */
export const LIST_ANSWER: AnswerForm = {
  ...CONNECTOR_ANSWER,
  unwrap: (value) => {
    if (Array.isArray(value)) return { code: 200, data: value };
    if (!isObject(value)) return undefined;
    return field(value, "code") === undefined ? { ...value, code: 200 } : value;
  },
};

const rowsIn = (answer: PortalAnswer): readonly unknown[] | undefined => {
  const data = field(answer, "data");
  const inner = isObject(data) ? field(data, "data") : data;
  return Array.isArray(inner) ? inner : undefined;
};

const statusIn = (row: unknown): string =>
  isObject(row) ? textOf(row, "TrangThai") || textOf(row, "TrangThaiHoSo") : "";

/** np 3.1: newly filed. */
const NEWLY_FILED = "1";

/**
 * The rows that nobody took on yet, as they stand: whoever takes dossiers in need not see the whole list at once, and what is no
 * row at all is kept for a person to see.
 */
export const readNewRows = (answer: PortalAnswer): Reading<readonly unknown[]> => {
  const rows = rowsIn(answer);
  if (rows === undefined) return malformed("The answer holds no list of dossiers");
  return { ok: true, value: rows.filter((row) => ["", NEWLY_FILED].includes(statusIn(row))) };
};

/** The rows as dossiers with their status. A list that says it has more rows than it shows is none to compare with. */
export const readList = (answer: PortalAnswer): Reading<readonly PlatformDossier[]> => {
  const data = field(answer, "data");
  const inner = rowsIn(answer);
  if (inner === undefined) return malformed("The answer holds no list of dossiers");
  const total = Number(textOf(isObject(data) ? data : answer, "Total"));
  if (total > inner.length) return malformed(`The list shows ${inner.length} of ${total} dossiers`);
  const dossiers = inner.filter(isObject).map((row) => {
    const status = statusIn(row);
    return { code: textOf(row, "MaHoSo"), ...(status !== "" && { status }) };
  });
  return { ok: true, value: dossiers.filter(({ code }) => code !== "") };
};
