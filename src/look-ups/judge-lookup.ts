import { GatewayError } from "../../contracts/errors.ts";
import { canonicalProcedureCode } from "../../contracts/identifiers/procedure-codes.ts";
import { CITIZEN_FIELDS, type CitizenField } from "../../contracts/registries.ts";
import type { CitizenLookup } from "../../contracts/services/citizens.ts";
import type { AccessFacts } from "./begin-accesses.ts";

/** A look-up that may be made, or why not. */
export type LookupVerdict =
  | {
      readonly ok: true;
      /** Of the stored dossier; of the request where there is none yet. */
      readonly procedureCode: string;
      /** What may be released, in the order of the contract. */
      readonly fields: readonly CitizenField[];
    }
  | { readonly ok: false; readonly error: GatewayError };

const refused = (error: GatewayError): LookupVerdict => ({ ok: false, error });

const LIMITED = {
  vi: "Cán bộ đã tra cứu hết số lượt trong giờ này.",
  en: "The officer has used up the look-ups of this hour.",
};
const OTHER_PROCEDURE = {
  vi: "Hồ sơ này thuộc thủ tục khác.",
  en: "The dossier is of another procedure.",
};
const NOT_IN_CATALOGUE = {
  vi: "Hồ sơ chưa được gửi lên và thủ tục không có trong danh mục.",
  en: "The dossier is not put yet, and the procedure is not in the catalogue.",
};
const NOT_PUT = {
  vi: "Hồ sơ chưa được gửi lên; chỉ được tra cứu khi tiếp nhận.",
  en: "The dossier is not put yet: a look-up without it is for its intake alone.",
};

/**
 * Pure: whether a citizen may be looked up for a dossier (api section 5). The procedure is that of the stored dossier; a dossier
 * not yet put may be asked for at its intake alone, for a procedure of the catalogue. Nothing is released but what the
 * procedure's policy names.
 */
export const judgeLookup = (
  asked: Pick<CitizenLookup, "procedureCode" | "purpose" | "fields">,
  facts: AccessFacts,
): LookupVerdict => {
  const { limitedFor, dossier, procedureCode: stored } = facts;
  if (limitedFor !== null) {
    return refused(new GatewayError("rate_limited", { detail: LIMITED, retryAfterSeconds: limitedFor }));
  }
  if (dossier === "foreign") return refused(new GatewayError("not_found"));
  if (dossier === "missing" && asked.purpose !== "intake-verification") {
    return refused(new GatewayError("not_found", { detail: NOT_PUT }));
  }
  if (dossier === "missing" && !facts.isInCatalogue) {
    return refused(new GatewayError("conflict", { detail: NOT_IN_CATALOGUE }));
  }
  if (stored !== null && canonicalProcedureCode(stored) !== canonicalProcedureCode(asked.procedureCode)) {
    return refused(new GatewayError("conflict", { detail: OTHER_PROCEDURE }));
  }
  const wanted = asked.fields ?? CITIZEN_FIELDS;
  const fields = CITIZEN_FIELDS.filter((field) => facts.fields.includes(field) && wanted.includes(field));
  return { ok: true, procedureCode: stored ?? asked.procedureCode, fields };
};
