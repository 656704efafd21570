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

/** The rows as dossiers with their status. A list that says it has more rows than it shows is none to compare with. */
export const readList = (answer: PortalAnswer): Reading<readonly PlatformDossier[]> => {
  const data = field(answer, "data");
  const inner = isObject(data) ? field(data, "data") : data;
  if (!Array.isArray(inner)) return malformed("The answer holds no list of dossiers");
  const total = Number(textOf(isObject(data) ? data : answer, "Total"));
  if (total > inner.length) return malformed(`The list shows ${inner.length} of ${total} dossiers`);
  const dossiers = inner.filter(isObject).map((row) => {
    const status = textOf(row, "TrangThai") || textOf(row, "TrangThaiHoSo");
    return { code: textOf(row, "MaHoSo"), ...(status !== "" && { status }) };
  });
  return { ok: true, value: dossiers.filter(({ code }) => code !== "") };
};
