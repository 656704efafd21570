import type { Fault, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { ErrorCode } from "../../contracts/errors.ts";
import { parseExact } from "./exact-json.ts";
import { isRow, memberOf, rowsOf, textOf } from "./rows.ts";

/** A look-up changes nothing: what went wrong on the way may always be asked again. */
const failed = (fault: Fault): Reading<never> => ({ ok: false, fault });

/** The platform's own words are cut: they explain, they are not kept as evidence. */
const LONGEST_WORDS = 200;

/** An answer that cannot be read, said without a piece of it: a look-up keeps no body. */
export const malformed = (what: string): Reading<never> =>
  failed({ outcome: "transient", code: "upstream_malformed", message: what });

/** A readable no. */
export const rejected = (platformCode: string, words: string): Reading<never> =>
  failed({
    outcome: "refused",
    code: "upstream_rejected",
    platformCode,
    message: words.slice(0, LONGEST_WORDS) || "The register refused without a reason.",
  });

/** The platform cannot answer now. */
export const away = (code: ErrorCode, message: string, parts: Partial<Fault> = {}): Reading<never> =>
  failed({ outcome: "transient", code, message: message.slice(0, LONGEST_WORDS), ...parts });

/** Seconds to wait from `Retry-After`, given as seconds or as an HTTP date. */
const retryAfter = ({ headers }: HttpAnswer, now: Date): Pick<Fault, "retryAfterSeconds"> => {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/u.test(text)) return { retryAfterSeconds: Number(text) };
  // Date.parse alone would take "-5" for a month.
  const moment = /^[a-z]+,? .*\d\d:\d\d:\d\d/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? {} : { retryAfterSeconds: Math.max(0, Math.ceil((moment - now.getTime()) / 1000)) };
};

// Codes of WSO2's gateway (9008xx, 9009xx) and of the bus inside it (1015xx, 303xxx).
const GATEWAY_CODE = /^(?:900[89]\d\d|1015\d\d|303\d{3})$/u;
const GATEWAY_XML = /<(?:\w+:)?fault\b[^>]*>\s*<(?:\w+:)?code>(\d{6})<\/(?:\w+:)?code>/u;
/** Unclassified, invalid, expired, inactive: a new token mends it. 900902 (none) and 900908 (not subscribed) stay. */
const DEAD_TOKEN: ReadonlySet<string> = new Set(["900900", "900901", "900903", "900904"]);
const BUS_TIMEOUT = "101504";

interface GatewayFault {
  readonly code: string;
  readonly words: string;
}

const gatewayFaultOf = (value: unknown, body: string): GatewayFault | undefined => {
  if (!isRow(value)) {
    const code = GATEWAY_XML.exec(body.slice(0, 2000))?.[1];
    return code !== undefined && GATEWAY_CODE.test(code) ? { code, words: "" } : undefined;
  }
  const row = rowsOf(value, "fault")[0] ?? value;
  const code = textOf(row, "code") ?? "";
  if (!GATEWAY_CODE.test(code)) return undefined;
  return { code, words: textOf(row, "message") ?? textOf(row, "description") ?? "" };
};

const readGatewayFault = ({ code, words }: GatewayFault, answer: HttpAnswer, now: Date): Reading<never> => {
  const message = `The API gateway in front of the register said ${code}${words === "" ? "" : `: ${words}`}`;
  if (DEAD_TOKEN.has(code)) {
    return away("upstream_unavailable", message, { platformCode: code, sessionDied: true });
  }
  if (code.startsWith("9008"))
    return away("upstream_unavailable", message, { platformCode: code, ...retryAfter(answer, now) });
  if (code.startsWith("9009")) return rejected(code, message);
  return away(code === BUS_TIMEOUT ? "upstream_timeout" : "upstream_unavailable", message, { platformCode: code });
};

const statusFault = (answer: HttpAnswer, now: Date): Reading<never> | undefined => {
  const { status } = answer;
  const platformCode = String(status);
  const message = `HTTP ${status}`;
  if (status === 408 || status === 504) return away("upstream_timeout", message, { platformCode });
  if (status === 429 || status >= 500)
    return away("upstream_unavailable", message, { platformCode, ...retryAfter(answer, now) });
  if (status === 401) return away("upstream_unavailable", message, { platformCode, sessionDied: true });
  if (status === 403) return rejected(platformCode, "The register does not let this client in.");
  return undefined;
};

const parsed = (body: string): unknown => {
  try {
    return parseExact(body);
  } catch {
    return undefined;
  }
};

/**
 * Reads an answer as JSON whose numbers are text. Nothing here is ever "not found": that only a register's readable
 * answer says.
 *
 * - a fault of the API gateway, whatever the HTTP status: a dead token, a limit, a readable no, or its own trouble;
 * - 408 and 504 `upstream_timeout`; 429 and 5xx `upstream_unavailable`; 401 a dead token; 403 a readable no;
 * - what is over-long, no JSON, not UTF-8, or of another status than 2xx: `upstream_malformed`.
 */
export const readJson = (answer: HttpAnswer, now: Date): Reading<unknown> => {
  const value = answer.overlong ? undefined : parsed(answer.body);
  const fault = gatewayFaultOf(value, answer.body);
  if (fault !== undefined) return readGatewayFault(fault, answer, now);
  const bad = statusFault(answer, now);
  if (bad !== undefined) return bad;
  if (answer.overlong) return malformed("The answer is too long.");
  if (answer.status < 200 || answer.status > 299) return malformed(`HTTP ${answer.status} without a readable reason.`);
  if (value === undefined) return malformed("The answer is no JSON.");
  // The transport reads UTF-8: names in another charset come out with these, and must not be shown.
  if (answer.body.includes("\uFFFD")) return malformed("The answer is not in UTF-8.");
  return { ok: true, value };
};

/** The token endpoint refuses by OAuth's words (`invalid_client`): settings that an administrator has to mend. */
export const readOAuthError = (answer: HttpAnswer): Reading<never> | undefined => {
  if (answer.overlong || (answer.status !== 400 && answer.status !== 401)) return undefined;
  const value = parsed(answer.body);
  const error = isRow(value) ? memberOf(value, "error") : undefined;
  if (typeof error !== "string" || !/^[a-z_]{1,50}$/u.test(error)) return undefined;
  return rejected(error, `The token endpoint refused the client: ${error}`);
};
