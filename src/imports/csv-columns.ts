import { type FieldError, GatewayError } from "../../contracts/errors.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../contracts/services/fields.ts";

/** Where each column of a CSV file goes in the body of a PUT. Cells are texts; an empty one is an absent field. */
const PATHS = {
  code: "code",
  procedureCode: "procedureCode",
  procedureName: "procedureName",
  channel: "channel",
  receiptNumber: "receiptNumber",
  applicantType: "applicant.type",
  applicantName: "applicant.name",
  applicantEmail: "applicant.email",
  applicantPhone: "applicant.phone",
  summary: "summary",
  submittedAt: "submittedAt",
  receivedAt: "receivedAt",
  dueAt: "dueAt",
  finishedAt: "finishedAt",
  returnedAt: "returnedAt",
  refusedAt: "refusedAt",
  status: "status",
  delivery: "delivery",
  unitCode: "processingUnit.code",
  unitName: "processingUnit.name",
  note: "note",
  returnNote: "returnNote",
  otherInfo: "otherInfo",
  origin: "origin",
  portalCode: "portalCode",
  serviceLevel: "serviceLevel",
} as const;

/** The applicant's identity papers, one kind in each column. */
const IDENTITIES = {
  applicantPersonalId: "personal-id",
  applicantOldId: "old-id",
  applicantEnterpriseCode: "enterprise-code",
  applicantPassport: "passport",
} as const;

/** The columns that every file has; the others may be absent. */
export const REQUIRED_COLUMNS = [
  "code",
  "procedureCode",
  "channel",
  "applicantType",
  "applicantName",
  "summary",
  "receivedAt",
  "status",
  "delivery",
  "unitName",
] as const;

/** All columns a file may have, in any order. */
export const CSV_COLUMNS: readonly string[] = [...Object.keys(PATHS), ...Object.keys(IDENTITIES)];

const fault = (field: string, code: FieldErrorCode): FieldError => ({ field, code, message: FIELD_ERRORS[code] });

/** @throws GatewayError `invalid_request`: a column is unknown, comes twice, or is missing. */
export const checkHeader = (header: readonly string[]): readonly string[] => {
  const names = header.map((name) => name.trim());
  const errors = [
    ...names.filter((name) => !CSV_COLUMNS.includes(name)).map((name) => fault(name, "unknown_field")),
    ...names.filter((name, i) => names.indexOf(name) < i).map((name) => fault(name, "too_many")),
    ...REQUIRED_COLUMNS.filter((name) => !names.includes(name)).map((name) => fault(name, "required")),
  ];
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors: errors.slice(0, 100) });
  return names;
};

type Body = Record<string, unknown>;

const put = (body: Body, path: string, value: string): void => {
  const [outer = "", inner] = path.split(".");
  if (inner === undefined) body[outer] = value;
  else body[outer] = { ...(body[outer] as Body | undefined), [inner]: value };
};

/** Pure: the body of one record, as a line of JSON would have it. Null: the record has another number of cells than the header. */
export const bodyOfRecord = (columns: readonly string[], cells: readonly string[]): Body | null => {
  if (cells.length !== columns.length) return null;
  const body: Body = {};
  const identities: { kind: string; value: string }[] = [];
  for (const [i, column] of columns.entries()) {
    const value = cells[i] ?? "";
    if (value === "") continue;
    const kind = IDENTITIES[column as keyof typeof IDENTITIES];
    if (kind !== undefined) identities.push({ kind, value });
    else put(body, PATHS[column as keyof typeof PATHS], value);
  }
  return { ...body, applicant: { ...(body["applicant"] as Body | undefined), identities } };
};

const IDENTITY_PATH = /^applicant\.identities\[(\d+)\](?:\.\w+)?$/u;

/** Pure: the column that a field came from; the path itself where there is none. */
export const columnOf = (path: string, body: unknown): string => {
  const n = IDENTITY_PATH.exec(path)?.[1];
  if (n !== undefined) {
    const { applicant } = body as { applicant?: { identities?: { kind?: string }[] } };
    const kind = applicant?.identities?.[Number(n)]?.kind;
    return Object.entries(IDENTITIES).find(([, of]) => of === kind)?.[0] ?? path;
  }
  return Object.entries(PATHS).find(([, of]) => of === path)?.[0] ?? (path === "processingUnit" ? "unitName" : path);
};
