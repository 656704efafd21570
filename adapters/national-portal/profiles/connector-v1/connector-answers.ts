import type { HttpAnswer, Reading } from "../../../../contracts/adapter.ts";
import type { CreatedDossier, UploadedFile } from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import {
  type AnswerForm,
  field,
  isObject,
  malformed,
  type PortalAnswer,
  readAnswer,
  refusedLogin,
} from "../../faults.ts";
import { maskSessionValue } from "../../masking.ts";
import type { Login } from "../../session.ts";

/** The answers of shape C: `code` repeats the HTTP status (np 1.3). Tokens die with 401; 403 and 404 are settings. */
export const CONNECTOR_ANSWER: AnswerForm = {
  codeName: "code",
  success: /^(?:0+|20\d)$/u,
  codesAreStatuses: true,
  doors: { 401: "session", 403: "settings", 404: "settings", words: false },
  unwrap: (value) => (isObject(value) ? value : undefined),
};

/** A bare answer, such as a token or a number, has no code: being there is its success. */
const BARE: AnswerForm = {
  ...CONNECTOR_ANSWER,
  unwrap: (value) => {
    if (!isObject(value)) return undefined;
    return field(value, "code") === undefined ? { ...value, code: 200 } : value;
  },
};

/** Answers with a code or without one. */
export const readBare = (answer: HttpAnswer, kind: "login" | "read", now: Date): Reading<PortalAnswer> => {
  const reading = readAnswer(answer, { kind, now, form: BARE });
  if (!reading.ok) return reading;
  const data = field(reading.value, "data");
  return { ok: true, value: isObject(data) ? data : reading.value };
};

const textOf = (object: PortalAnswer, name: string): string => {
  const value = field(object, name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

/** A token is renewed this long before it ends, so that it does not die on its way. */
const RENEWED_EARLY_MS = 30_000;

/** The token of a login (np 1.3), bare or as `data`. */
export const readToken = (answer: HttpAnswer, now: Date): Reading<Login> => {
  const reading = readBare(answer, "login", now);
  if (!reading.ok) {
    const { fault } = reading;
    const masked = { ...fault, message: maskSessionValue(fault.message) };
    const refused = fault.outcome === "refused" || fault.sessionDied === true;
    return { ok: false, fault: refused ? refusedLogin(masked) : masked };
  }
  const token = textOf(reading.value, "access_token");
  if (token === "") return malformed("The login answer holds no access_token");
  const lifeMs = Number(textOf(reading.value, "expires_in")) * 1000 - RENEWED_EARLY_MS;
  return { ok: true, value: { token, ...(lifeMs > 0 && { lifeMs }) } };
};

const toFile = (value: unknown): UploadedFile | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) return undefined;
  const id = textOf(first, "IdTepTin");
  return id === "" ? undefined : { IdTepTin: id, HashTepTin: textOf(first, "HashTepTin") };
};

const bareId = (body: string): string | undefined => /^"?([\w-]{1,100})"?$/u.exec(body.trim())?.[1];

/** An uploaded file (np 1.3): one client reads an id as text, another `IdTepTin` and `HashTepTin`, bare or in `data`. */
export const readUpload = (answer: HttpAnswer, now: Date): Reading<UploadedFile> => {
  const id = answer.status >= 200 && answer.status < 300 && !answer.overlong ? bareId(answer.body) : undefined;
  if (id !== undefined) return { ok: true, value: { IdTepTin: id, HashTepTin: "" } };
  const reading = readAnswer(answer, { kind: "read", now, form: BARE });
  if (!reading.ok) return reading;
  const data = field(reading.value, "data");
  const file = toFile(data ?? reading.value);
  return file === undefined ? malformed("The upload's answer holds no IdTepTin") : { ok: true, value: file };
};

/** The names that a create answers with (np 1.3); `""` for what it does not say. */
export const readCreated = (answer: PortalAnswer): CreatedDossier => {
  const data = field(answer, "data");
  return isObject(data)
    ? { idHoSo: textOf(data, "idHoSo"), maHoSo: textOf(data, "maHoSo") }
    : { idHoSo: "", maHoSo: "" };
};
