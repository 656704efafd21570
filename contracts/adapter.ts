import type { CatalogueReader } from "./catalogue.ts";
import type { Comparer } from "./comparer.ts";
import type { ErrorCode, FieldError } from "./errors.ts";
import type { Fetching } from "./fetching.ts";
import type { Message } from "./message.ts";
import type { PersonalPapers } from "./papers.ts";
import type { PaymentCallbacks, PaymentGateway } from "./payments.ts";
import type { PlatformCache } from "./platform-cache.ts";
import { INBOUND_OPERATIONS, type PortalDialect } from "./portal-inbound.ts";
import type { BusinessRegistry, CitizenRegistry } from "./registries.ts";
import type { HttpAnswer, HttpRequest, TransportReason } from "./transport.ts";

export type { Message } from "./message.ts";
export type { PlatformCache } from "./platform-cache.ts";
export type { ByteSink, HttpAnswer, HttpRequest, Transport, TransportReason } from "./transport.ts";

/** The national (or peer) systems; `province` is the software we serve, as the target of webhooks. */
export const PLATFORMS = [
  "national-portal",
  "population",
  "enterprise",
  "payment-platform",
  "keypay",
  "vnpay",
  "document-axis",
  "province",
] as const;

/** One platform's id. */
export type PlatformId = (typeof PLATFORMS)[number];

/** What an entry asks a platform to do (api.md section 4). */
export const OPERATIONS = [
  "dossier.put",
  "dossier.step",
  "dossier.status",
  "question.put",
  "question.answer",
  "satisfaction.put",
  "citizen.lookup-deferred",
  "webhook.deliver",
] as const;

/** One operation's name. */
export type Operation = (typeof OPERATIONS)[number];

/** What an entry is about, whichever way it goes. */
export const ENTRY_OPERATIONS = [...OPERATIONS, ...INBOUND_OPERATIONS] as const;

/** What may be done with an operation whose outcome is unknown (design.md section 6, "Unknown outcomes"). */
export interface OperationCapability {
  /** The platform recognises a repetition by itself. If false, repeating may show twice at the platform. */
  readonly idempotent: boolean;
  /** The platform can be asked whether it took effect; asked before the message is sent again. */
  readonly probe: boolean;
  /** Without either of the two: may it be sent again all the same (the repeat is counted), or does it wait for a person. */
  readonly repeatable: boolean;
}

/** The kinds of attempt in an entry's log: the message itself, a question whether it took effect, a login, a look-up. */
export type AttemptKind = "send" | "probe" | "login" | "read";

/** Thrown by a transport. `sent` is false only when it is certain that no byte of the request was written. */
export class TransportError extends Error {
  readonly reason: TransportReason;
  readonly sent: boolean;

  constructor(reason: TransportReason, sent: boolean, cause?: unknown) {
    super(`transport: ${reason}${sent ? " after sending" : " before sending"}`, { cause });
    this.name = "TransportError";
    this.reason = reason;
    this.sent = sent;
  }
}

/**
 * How an attempt or an exchange went wrong. `refused`: a readable no, final at once; `transient`: certainly
 * without effect, to be tried again; `unknown`: it may have taken effect.
 */
export interface Fault {
  readonly outcome: "refused" | "transient" | "unknown";
  readonly code: ErrorCode;
  /** The platform's own code, verbatim. */
  readonly platformCode?: string;
  /** The platform's own words, or what could not be read. May hold personal data: kept encrypted, masked in views. */
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** The session was refused: log in once more and repeat. */
  readonly sessionDied?: boolean;
}

/** What an answer means: a value, or a fault. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** One attempt at the wire. */
export interface WireCall<T> {
  readonly kind: AttemptKind;
  readonly request: HttpRequest;
  /** The request's body as it may be kept: without session, password or key. */
  readonly evidence: string;
  /** Of a packet: the share of each of its exchanges, in their order, kept in the place of the whole. */
  readonly shares?: readonly string[];
  /** The answer's body as it may be kept; the default keeps it whole. */
  readonly answerEvidence?: (body: string) => string;
  /** Pure: reads the answer. An exception here is recorded as `upstream_malformed`, never a crash. */
  readonly read: (answer: HttpAnswer) => Reading<T>;
}

/** A file opened to be handed on: read at most once, then closed. */
export interface OpenedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** In bytes; absent where the source does not say. */
  readonly size?: number;
  /** Media type, such as `application/pdf`. */
  readonly type: string;
  /** Lets go of the file, read or not. Never rejects. */
  close(): Promise<void>;
}

/** Where the bytes of the province's files come from. */
export interface FileSource {
  /** Opens the file at an address that the province gave; a fault says why it cannot be had. Never rejects. */
  open(url: string): Promise<Reading<OpenedFile>>;
}

/** Where a webhook is delivered to at this moment. */
export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_...`, newest first: each of them signs. */
  readonly secrets: readonly string[];
}

/** What an adapter is handed for one exchange: no clock, network or store of its own. */
export interface CallContext {
  readonly correlationId: string;
  readonly now: () => Date;
  readonly cache: PlatformCache;
  /** Absent: files can only be passed on as addresses. */
  readonly files?: FileSource;
  /**
   * Sends, reads and records one attempt. A transport failure becomes a fault: `transient` when nothing was
   * written or when the kind has no effect (login, read, probe), else `unknown`.
   */
  readonly attempt: <T>(call: WireCall<T>) => Promise<Reading<T>>;
  /** The endpoint of a webhook, or null when it was deleted. Handed to the platform `province` alone. */
  readonly endpoint?: (webhookId: string) => Promise<WebhookEndpoint | null>;
}

/** How one try at an exchange ended. */
export type Outcome = { readonly delivered: true } | { readonly delivered: false; readonly fault: Fault };

/** Several exchanges of one stream in one call, with one answer for all of them. */
export interface Packets {
  /** The most exchanges in one call, at least 2. */
  readonly most: number;
  /** One try at all of them, in their order: they took effect together, or the fault is that of each. Never rejects. */
  perform(messages: readonly Message[], call: CallContext): Promise<Outcome>;
}

/** A platform, ready to be used. */
export interface Adapter {
  readonly platform: PlatformId;
  readonly profile: string;
  readonly operations: Readonly<Partial<Record<Operation, OperationCapability>>>;
  /**
   * The names of wire fields (lower case) that hold no personal data: codes, times, flags, messages. Whoever looks at an
   * attempt sees the values of these alone; every other value is hidden.
   */
  readonly publicFields: ReadonlySet<string>;
  /** Pure, at accept: what this profile could never send. Empty: it can be sent. */
  check(message: Message): readonly FieldError[];
  /**
   * Pure, at accept: what of a message that can be sent will not reach the platform. Given back as warnings. Absent
   * (default): all of it does.
   * @param files whether calls will be handed a source of files.
   */
  advise?(message: Message, files: boolean): readonly FieldError[];
  /** One try at the exchange. Never rejects for what the platform does. */
  perform(message: Message, call: CallContext): Promise<Outcome>;
  /** Steps of one stream may share a call. Absent (default): each exchange is a call of its own. */
  readonly packets?: Packets;
  /**
   * The body that `perform` would send first for this message, as its evidence shows it; "" when nothing would be sent.
   * Makes no call: what is needed from the platform comes from `cache`, and its absence is a fault, as is a message that
   * `check` refuses. Absent (default): what would be sent cannot be shown before it is sent.
   */
  preview?(message: Message, cache: PlatformCache): Promise<Reading<string>>;
  /** Absent (default): the platform has no catalogue, or this profile cannot ask for it. */
  readonly catalogue?: CatalogueReader<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): what the platform holds is not compared with what the province holds. */
  readonly compare?: Comparer<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): nothing has to be fetched; the platform brings by itself what it has for us. */
  readonly fetching?: Fetching<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): not the registry of the population. */
  readonly citizens?: CitizenRegistry<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): no register of businesses. */
  readonly businesses?: BusinessRegistry<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): no store of personal papers. */
  readonly papers?: PersonalPapers<CallContext, { readonly ok: false; readonly fault: Fault }>;
  /** Absent (default): takes no payments. */
  readonly payments?: PaymentGateway<CallContext, { readonly ok: false; readonly fault: Fault }>;
}

/** The settings of the process, by name; absent and empty are the same. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** What reading a platform's settings gives. */
export type ConfigReading<C> =
  | { readonly kind: "configured"; readonly config: C }
  | { readonly kind: "absent" }
  | { readonly kind: "faulty"; readonly faults: readonly string[] };

/** How a platform plugs in: configuring (careful, once) is apart from using (fast). */
export interface AdapterDefinition<C> {
  readonly platform: PlatformId;
  /**
   * The setting whose absence means "not configured": `npm start` then plays the platform by a simulator. Absent: the
   * platform has no address of its own and is always configured.
   */
  readonly addressSetting?: string;
  /** The settings that hold secrets, for the redaction list. */
  readonly secretSettings: readonly string[];
  readConfig(settings: Settings): ConfigReading<C>;
  create(config: C): Adapter;
  /** How the platform's own calls are read and answered, whether or not we can call it. Absent: it calls nobody. */
  readonly inbound?: PortalDialect;
  /** How its reports of payments are read, by secrets of the settings; without one every report is refused. Absent: none. */
  readonly callbacks?: (settings: Settings) => PaymentCallbacks;
}

/** Keeps the config type between `readConfig` and `create`, and forgets it for the list of adapters. */
export const defineAdapter = <C>(definition: AdapterDefinition<C>): AdapterDefinition<C> => definition;
