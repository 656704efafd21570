import type { Fault, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { ErrorCode } from "../../contracts/errors.ts";

/** What goes wrong at the registry or on the way to it. */
type FaultClass =
  | "our-request"
  | "configuration"
  | "access"
  | "away"
  | "busy"
  | "sick"
  | "slow"
  | "integrity"
  | "unreadable";

type FaultRow = Pick<Fault, "outcome"> & { readonly code: ErrorCode; readonly advice: string };

/**
 * The one table from their faults to our codes; may-I-retry is the code's own (contracts/errors.ts). A look-up has no
 * effect: no outcome is unknown. Whoever asks again asks by a new call: with a new request id, timestamp and hash.
 */
const CLASSES: Readonly<Record<FaultClass, FaultRow>> = {
  "our-request": { outcome: "refused", code: "upstream_rejected", advice: "the question was refused" },
  configuration: { outcome: "refused", code: "upstream_rejected", advice: "check the registered service and address" },
  access: {
    outcome: "refused",
    code: "upstream_rejected",
    advice: "access is not granted: check the credentials, the granted rights and this machine's clock",
  },
  integrity: {
    outcome: "refused",
    code: "upstream_rejected",
    advice: "the answer must not be trusted: tell the operator",
  },
  away: { outcome: "transient", code: "upstream_unavailable", advice: "the registry is not available" },
  busy: { outcome: "transient", code: "upstream_unavailable", advice: "too many questions" },
  sick: { outcome: "transient", code: "upstream_unavailable", advice: "a security server is ill: tell its operator" },
  slow: { outcome: "transient", code: "upstream_timeout", advice: "no answer came in time" },
  unreadable: { outcome: "transient", code: "upstream_malformed", advice: "the answer cannot be read" },
};

/** Last segments of X-Road's codes, lower case and without underscores, in old and new spelling (reg 6.3). */
const TAILS: Readonly<Partial<Record<FaultClass, readonly string[]>>> = {
  "our-request": [
    ...["badrequest", "invalidrequest", "missingheaderfield", "duplicateheaderfield", "invalidprotocolversion"],
    ...["invalidclientidentifier", "missingbody", "invalidsoap"],
  ],
  configuration: [
    ...["unknownservice", "unknownmember", "servicedisabled", "servicemissingurl", "invalidservicetype", "servicetype"],
  ],
  access: ["accessdenied", "sslauthenticationfailed"],
  away: ["networkerror", "ioerror", "httperror", "unknownhost", "servicefailed"],
  sick: [
    ...["globalconfoutdated", "outdatedglobalconf", "timestampingfailed", "loggingfailed", "cannotcreatesignature"],
    ...["tokennotactive", "maintenancemode", "databaseerror", "hwmodulenonoperational", "hsmnonoperational"],
  ],
  integrity: [
    ...[
      "inconsistentresponse",
      "invalidsignaturevalue",
      "certvalidation",
      "invalidhashchainresult",
      "invalidhashchain",
    ],
  ],
};

const BY_TAIL = new Map(
  (Object.entries(TAILS) as [FaultClass, readonly string[]][]).flatMap(([name, tails]) =>
    tails.map((tail) => [tail, name] as const),
  ),
);

/** First segments: whose fault it is, in X-Road's words and in those of SOAP 1.1 and 1.2. */
const BY_HEAD: Readonly<Record<string, FaultClass>> = {
  client: "our-request",
  sender: "our-request",
  versionmismatch: "our-request",
  mustunderstand: "our-request",
  server: "away",
  receiver: "away",
};

/** The class of a fault code; a readable code that nobody knows is a refusal. */
const classOf = (code: string): FaultClass => {
  const segments = code
    .slice(code.lastIndexOf(":") + 1)
    .toLowerCase()
    .replaceAll("_", "")
    .split(".");
  const known = segments.toReversed().flatMap((segment) => BY_TAIL.get(segment) ?? [])[0];
  return known ?? BY_HEAD[segments[0]?.trim() ?? ""] ?? "our-request";
};

const CODE = /^[\w.:-]{1,100}$/u;
const LONGEST_WORDS = 2000;

/** The registry's words without what may be a person's number; names are hidden by who knows them (client.ts). */
const words = (text: string): string =>
  text
    .slice(0, LONGEST_WORDS)
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/\d{4,}/gu, "***")
    .trim();

/** A fault of one class. */
export const faultOf = (
  name: FaultClass,
  { platformCode, text = "", waits }: { platformCode?: string; text?: string; waits?: number | undefined } = {},
): { readonly ok: false; readonly fault: Fault } => {
  const { advice, ...row } = CLASSES[name];
  const said = words(text);
  return {
    ok: false,
    fault: {
      ...row,
      ...(platformCode !== undefined && CODE.test(platformCode) && { platformCode }),
      message: said === "" ? advice : `${advice}: ${said}`,
      ...(waits !== undefined && { retryAfterSeconds: waits }),
    },
  };
};

/** A readable no with its code: a SOAP fault, an error of X-Road, or one of an LGSP. */
export const refusalBy = (platformCode: string, text: string) => faultOf(classOf(platformCode), { platformCode, text });

const retryAfter = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,6}$/u.test(text.trim()) ? Number(text) : undefined;

const BY_STATUS: Readonly<Record<number, FaultClass>> = {
  401: "access",
  403: "access",
  408: "slow",
  429: "busy",
  504: "slow",
};

/** What a status says by itself, whatever the body; undefined when the body decides. */
export const statusFault = ({ status, headers }: HttpAnswer) => {
  const name = BY_STATUS[status] ?? (status >= 500 ? "away" : undefined);
  if (name !== undefined) {
    const waits = status === 429 || status === 503 ? retryAfter(headers["retry-after"]) : undefined;
    return faultOf(name, { platformCode: String(status), text: `HTTP ${status}`, waits });
  }
  // Redirects are not followed (reg 6.2), and what stands beside a 404 is nobody's answer.
  return status >= 200 && status < 300
    ? undefined
    : faultOf("unreadable", { platformCode: String(status), text: `HTTP ${status}` });
};

/** X-Road itself failed when this header is there, whatever else the answer says (reg 6.3). */
export const xroadFault = ({ headers }: HttpAnswer): Reading<never> | undefined => {
  const code = headers["x-road-error"]?.trim();
  return code === undefined ? undefined : refusalBy(code, `X-Road ${CODE.test(code) ? code : ""}`);
};
