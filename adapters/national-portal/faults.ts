import type { AttemptKind, Fault, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { ErrorCode } from "../../contracts/errors.ts";

/** An answer that says success: its object, whose keys are read with `field`. */
export type PortalAnswer = Readonly<Record<string, unknown>>;

/** What decides how an answer is read. */
export interface ReadingRules {
  readonly kind: AttemptKind;
  /** For a `Retry-After` that names a moment. */
  readonly now: Date;
  /** A create: "đã tồn tại" is a refusal whatever the code, 0 included (np 1.1, "Error codes seen"). */
  readonly isCreate?: boolean;
  /** How this profile writes an answer; the default is that of shape A. */
  readonly form?: AnswerForm;
}

/** How a profile writes an answer. */
export interface AnswerForm {
  /** The member that holds the code. */
  readonly codeName: string;
  /** A code that says success. */
  readonly success: RegExp;
  /** Codes that say what an HTTP status says, as shape C writes them (np 1.3). */
  readonly codesAreStatuses: boolean;
  /** What the statuses 401 and 403 and words about a session mean: log in again, or look at the settings. */
  readonly doors: { readonly 401: Door; readonly 403: Door; readonly 404?: Door; readonly words: boolean };
  /** Finds the answer inside its wrapping; undefined when there is none. */
  readonly unwrap: (value: unknown) => PortalAnswer | undefined;
}

/** Why a call was turned away before it took effect: a dead session, or settings that an administrator has to mend. */
export type Door = "session" | "settings";

/** Longest piece of an unreadable answer kept in a fault's message, in UTF-16 units; the evidence keeps the rest. */
const EXCERPT_LENGTH = 200;
const LONGEST_CODE = 50;
const DUPLICATE = "đã tồn tại";
// "phiên bản" (version), "phiên dịch", "phiên âm", "phiên họp", "phiên toà" are no sessions: a refusal about one of
// them is final and must not turn into a renewal.
const SESSION = /session|(?<!\p{L})phiên(?!\p{L})(?!\s+(?:bản|dịch|âm|họp|toà|tòa)(?!\p{L}))/u;

/** Text as it is compared: NFC, lower case, runs of space as one. */
const folded = (text: string): string => text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ");

/** Whether a value is a JSON object, and no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member by its name in any case: the portal's three key cases (np 6, item 14). The exact name wins. */
export const field = (object: Readonly<Record<string, unknown>>, name: string): unknown => {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : object[key];
};

/** The answers of shape A (np 1.1). */
export const MAPI_ANSWER: AnswerForm = {
  codeName: "error_code",
  success: /^0+$/u,
  codesAreStatuses: false,
  doors: { 401: "session", 403: "session", words: true },
  unwrap: (value) => (isObject(value) ? value : undefined),
};

/** The platform's own code as text, verbatim; undefined when there is none to read. */
const readCode = (object: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const code = field(object, name);
  if (typeof code === "number") return Number.isFinite(code) ? String(code) : undefined;
  if (typeof code !== "string") return undefined;
  return code.trim() !== "" && code.length <= LONGEST_CODE ? code : undefined;
};

const readMessage = (object: Readonly<Record<string, unknown>>): string => {
  const message = field(object, "message") ?? "";
  return typeof message === "string" ? message : JSON.stringify(message);
};

/** The envelope of an answer as far as it can be read. */
interface ReadEnvelope {
  readonly object?: PortalAnswer;
  readonly code?: string;
  readonly message: string;
  /** Why there is no code to go by. */
  readonly fault?: string;
}

const readEnvelope = (answer: HttpAnswer, { codeName, unwrap }: AnswerForm): ReadEnvelope => {
  if (answer.overlong) return { message: "", fault: "the answer is too long" };
  let value: unknown;
  try {
    value = JSON.parse(answer.body.replace(/^\uFEFF/u, ""));
  } catch {
    return { message: "", fault: "the answer is no JSON" };
  }
  const object = unwrap(value);
  if (object === undefined) return { message: "", fault: "the answer is no JSON object" };
  const code = readCode(object, codeName);
  const message = readMessage(object);
  return code === undefined ? { message, fault: `the answer has no ${codeName}` } : { object, code, message };
};

/** Seconds to wait from `Retry-After`, given as seconds or as an HTTP date; undefined when it says neither. */
const retryAfter = (answer: HttpAnswer, now: Date): number | undefined => {
  const text = answer.headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  // Date.parse alone would take "-5" for a month.
  const moment = /^[a-z]+,? .*\d\d:\d\d:\d\d/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : Math.max(0, Math.ceil((moment - now.getTime()) / 1000));
};

/** What an answer without a usable word means: a message may have taken effect, a question has none to take. */
const unreadable = (answer: HttpAnswer, rules: ReadingRules, code: ErrorCode, what: string): Reading<never> => {
  const excerpt = answer.body.slice(0, EXCERPT_LENGTH).trim();
  const waits = answer.status === 429 || answer.status === 503 ? retryAfter(answer, rules.now) : undefined;
  const fault: Fault = {
    outcome: rules.kind === "send" ? "unknown" : "transient",
    code,
    message: `HTTP ${answer.status}, ${what}${excerpt === "" ? "" : `: ${excerpt}`}`,
    ...(waits === undefined ? {} : { retryAfterSeconds: waits }),
  };
  return { ok: false, fault };
};

/** The statuses that say "not now" whatever the body says (design section 6, "Retry"). */
const busyCode = (status: number): ErrorCode | undefined => {
  if (status === 408 || status === 504) return "upstream_timeout";
  return status === 429 || status >= 500 ? "upstream_unavailable" : undefined;
};

/** The call was turned away at the door, so it certainly took no effect. */
const turnedAway = (door: Door, message: string, platformCode: string | undefined): Reading<never> => ({
  ok: false,
  fault: {
    outcome: "transient",
    code: "upstream_unavailable",
    ...(platformCode === undefined ? {} : { platformCode }),
    message: door === "session" ? message : `The portal turned the call away (check the settings): ${message}`,
    ...(door === "session" && { sessionDied: true }),
  },
});

const refusal = (message: string, platformCode: string): Reading<never> => ({
  ok: false,
  fault: { outcome: "refused", code: "upstream_rejected", platformCode, message },
});

/** The status that an answer stands for: its own, or the one that its code repeats where codes are statuses. */
const statusOf = (answer: HttpAnswer, code: string | undefined, { codesAreStatuses, success }: AnswerForm): number => {
  const said = Number(code);
  const repeats = codesAreStatuses && code !== undefined && Number.isInteger(said) && said >= 300 && said <= 599;
  return repeats && !success.test(code.trim()) ? said : answer.status;
};

const doorAt = (status: number, { doors }: AnswerForm): Door | undefined =>
  status === 401 || status === 403 || status === 404 ? doors[status] : undefined;

/** What a readable code and its words refuse, if anything. */
const readRefusal = (
  message: string,
  code: string,
  isCreate: boolean,
  { success, doors }: AnswerForm,
): Reading<never> | undefined => {
  const said = folded(message);
  if (isCreate && said.includes(DUPLICATE)) return refusal(message, code);
  if (success.test(code.trim())) return undefined;
  return doors.words && SESSION.test(said) ? turnedAway("session", message, code) : refusal(message, code);
};

/**
 * Reads an answer. The code decides, never the words, but for one sentence of a create (np 1.1).
 *
 * - 408, 429 and 5xx: `upstream_timeout` or `upstream_unavailable`, whatever the body says;
 * - a door of the profile (401, 403), or words about the session beside a code that is no success: turned away,
 *   without effect;
 * - a create that meets "đã tồn tại": a refusal (see `isDuplicate`), whatever the code;
 * - another readable code, also with a 4xx: refused, `upstream_rejected`;
 * - success in a 2xx: success;
 * - all else (empty, HTML, half a JSON, no readable code, over-long, a 3xx or 4xx that says success):
 *   `upstream_malformed`.
 *
 * What is neither success nor refusal is `unknown` for a send, `transient` for a question.
 */
export const readAnswer = (answer: HttpAnswer, rules: ReadingRules): Reading<PortalAnswer> => {
  const form = rules.form ?? MAPI_ANSWER;
  const { object, code, message, fault } = readEnvelope(answer, form);
  const status = statusOf(answer, code, form);
  const busy = busyCode(answer.status) ?? busyCode(status);
  if (busy !== undefined) return unreadable(answer, rules, busy, "the platform is not available");

  const door = doorAt(status, form);
  if (door !== undefined) return turnedAway(door, `HTTP ${status}${message === "" ? "" : `: ${message}`}`, code);
  if (object === undefined || code === undefined) return unreadable(answer, rules, "upstream_malformed", fault ?? "");

  const no = readRefusal(message, code, rules.isCreate === true, form);
  if (no !== undefined) return no;
  if (answer.status >= 200 && answer.status < 300) return { ok: true, value: object };
  return unreadable(answer, rules, "upstream_malformed", "the answer contradicts its status");
};

/** A create was refused because the portal holds the dossier: it is to be sent again as an update (np 1.1). */
export const isDuplicate = (fault: Fault): boolean =>
  fault.outcome === "refused" && folded(fault.message).includes(DUPLICATE);

/** A code 0 whose contents cannot be read: only for questions, so certainly without effect. */
export const malformed = (what: string): Reading<never> => ({
  ok: false,
  fault: { outcome: "transient", code: "upstream_malformed", message: what },
});

/**
 * A refused login (wrong password, locked account). Final for a person, but no fault of any dossier: were it a
 * refusal, thousands of entries would fail at once and each would have to be reopened.
 */
export const refusedLogin = (fault: Fault): Fault => ({
  outcome: "transient",
  code: "upstream_unavailable",
  ...(fault.platformCode === undefined ? {} : { platformCode: fault.platformCode }),
  message: `The portal refused the credentials (check the user name and password): ${fault.message}`,
});

/** A question that was refused decides nothing: the exchange waits and asks again. */
export const asTransient = (fault: Fault): Fault =>
  fault.outcome === "transient" ? fault : { ...fault, outcome: "transient", code: "upstream_unavailable" };
