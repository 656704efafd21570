import { type Fault, TransportError } from "../../contracts/adapter.ts";
import { IntermediaryFault } from "../../contracts/intermediary-fault.ts";

/**
 * What kinds of errors X-Road has, each with our code, whose retry advice is the answer to "may I try again"
 * (registries section 6.3). `unknown`: the request may have reached the service.
 */
const CLASSES = {
  request: { outcome: "refused", code: "upstream_rejected", meaning: "the request is not as X-Road wants it" },
  configuration: { outcome: "refused", code: "upstream_rejected", meaning: "check the X-Road settings" },
  access: { outcome: "refused", code: "upstream_rejected", meaning: "access is not granted" },
  integrity: { outcome: "refused", code: "upstream_rejected", meaning: "the answer cannot be trusted and is not used" },
  network: { outcome: "unknown", code: "upstream_unavailable", meaning: "the service cannot be reached" },
  sick: { outcome: "unknown", code: "upstream_unavailable", meaning: "a security server is not well" },
} as const satisfies Record<string, Pick<Fault, "outcome" | "code"> & { readonly meaning: string }>;

type ErrorClass = keyof typeof CLASSES;

const TAILS: Readonly<Record<ErrorClass, readonly string[]>> = {
  request: [
    ...["badrequest", "invalidrequest", "missingheaderfield", "duplicateheaderfield", "invalidprotocolversion"],
    ...["invalidclientidentifier", "missingbody", "invalidsoap"],
  ],
  configuration: ["unknownservice", "unknownmember", "servicedisabled", "servicemissingurl", "servicetype"],
  access: ["accessdenied", "sslauthenticationfailed"],
  network: ["networkerror", "ioerror", "httperror", "unknownhost", "servicefailed"],
  sick: [
    ...["globalconfoutdated", "timestampingfailed", "loggingfailed", "cannotcreatesignature", "tokennotactive"],
    ...["maintenancemode", "databaseerror", "hsmnonoperational"],
  ],
  integrity: ["inconsistentresponse", "invalidsignaturevalue", "certvalidation", "invalidhashchain"],
};

const CLASS_OF: ReadonlyMap<string, ErrorClass> = new Map(
  (Object.keys(TAILS) as ErrorClass[]).flatMap((name) => TAILS[name].map((tail) => [tail, name] as const)),
);

/** Tails that were renamed, not only spelled anew. */
const ALIASES: Readonly<Record<string, string>> = {
  outdatedglobalconf: "globalconfoutdated",
  invalidservicetype: "servicetype",
  invalidhashchainresult: "invalidhashchain",
  hwmodulenonoperational: "hsmnonoperational",
};

/** Whose error it is: our request, our security server, or theirs. */
const ORIGIN = /^(client|server\.clientproxy|server\.serverproxy)(?:\.|$)/u;

/** Both spellings as one: `Server.ServerProxy.AccessDenied` and `server.serverproxy.access_denied`. */
const normalised = (type: string): string => type.trim().toLowerCase().replaceAll("_", "");

/** Whether a SOAP fault's code is one of X-Road's and not of the service behind it. */
export const isXRoadError = (type: string): boolean => ORIGIN.test(normalised(type)) && type.includes(".");

const classOf = (type: string): ErrorClass => {
  const whole = normalised(type);
  const origin = ORIGIN.exec(whole)?.[1];
  const segments = whole.slice(origin === undefined ? 0 : origin.length + 1).split(".");
  const known = segments.map((segment) => CLASS_OF.get(ALIASES[segment] ?? segment));
  // The most particular segment comes last: `ServiceFailed.SslAuthenticationFailed`.
  const found = known.findLast((each) => each !== undefined);
  // What the service behind their server answered wrongly is no fault of our request.
  if (found === "request" && known[0] === "network") return "network";
  return found ?? (origin === "client" ? "request" : "sick");
};

const LONGEST = 200;

/** What is thrown in the place of an answer: `type` is X-Road's own, verbatim; `words` and `detail` explain it. */
export const xRoadFailure = (type: string, words: string, detail: string): TransportError => {
  const { outcome, code, meaning } = CLASSES[classOf(type)];
  const explained = [words, detail].filter((text) => text !== "").join(", ");
  const message = `X-Road: ${meaning}${explained === "" ? "" : ` (${explained.slice(0, LONGEST)})`}`;
  const fault = new IntermediaryFault({ outcome, code, platformCode: type.slice(0, LONGEST), message });
  return new TransportError("reset", true, fault);
};

/** An answer whose id or client is not ours (registries section 6.5): never used. */
export const foreignAnswer = (what: string): TransportError =>
  xRoadFailure("Server.ClientProxy.InconsistentResponse", `${what} of the answer is not ours`, "");

/** What cannot go through X-Road as it is set up; nothing was sent. */
export const notForXRoad = (message: string): TransportError =>
  new TransportError(
    "forbidden",
    false,
    new IntermediaryFault({ outcome: "refused", code: "not_configured", message: `X-Road: ${message}` }),
  );
