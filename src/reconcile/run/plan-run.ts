import type { Adapter } from "../../../contracts/adapter.ts";
import { COMPARED_KINDS, type ComparedKind } from "../../../contracts/comparer.ts";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import { agencyCovers } from "../../../contracts/identifiers.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../../contracts/services/fields.ts";
import type { ComparisonSource } from "../../../contracts/services/reconciliations.ts";
import type { RunRow } from "./run-row.ts";

/** How a run will compare. */
export interface RunPlan {
  readonly profile: string;
  readonly source: ComparisonSource;
  readonly sees: readonly ComparedKind[];
  readonly phase: RunRow["phase"];
}

/** A list that was uploaded, as far as it matters here. */
export interface UploadedList {
  readonly id: string;
  readonly isWhole: boolean;
}

const refused = (field: string, code: FieldErrorCode): GatewayError => {
  const error: FieldError = { field, code, message: FIELD_ERRORS[code] };
  return new GatewayError("invalid_request", { errors: [error] });
};

/** What is wrong with a list that a run names. */
export const unusableList = (): GatewayError => refused("list", "not_allowed");

/**
 * Pure: how a platform is compared: by the list that is given, else as its profile can be asked. What belongs to nobody here
 * belongs to the province: a run of one of its agencies does not look for it.
 *
 * @throws GatewayError `not_configured`, `invalid_request`.
 */
export const planRun = (
  adapter: Adapter | undefined,
  list: UploadedList | undefined,
  boundary: Boundary,
  province: string,
): RunPlan => {
  if (adapter === undefined) throw new GatewayError("not_configured");
  const { profile, compare } = adapter;
  if (compare === undefined) throw refused("platform", "not_allowed");
  const seesStrangers = boundary === null || agencyCovers(boundary, province);
  const mayFind = (kind: ComparedKind): boolean => kind !== "missing-here" || seesStrangers;
  if (list !== undefined) {
    const sees = COMPARED_KINDS.filter((kind) => mayFind(kind) && (kind !== "missing-at-portal" || list.isWhole));
    return { profile, source: "upload", sees, phase: "dossiers" };
  }
  if (compare.source === undefined) throw refused("list", "required");
  const { kind: source, sees } = compare.source;
  return { profile, source, sees: sees.filter(mayFind), phase: source === "list" ? "fetch" : "dossiers" };
};
