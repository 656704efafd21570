import type { KeepBytes } from "./fetching.ts";

/** The platforms that take payments (payment section 2). */
export const PAYMENT_PLATFORMS = ["payment-platform", "keypay", "vnpay"] as const;

/** One of them. */
export type PaymentPlatformId = (typeof PAYMENT_PLATFORMS)[number];

/** What a reference of ours looks like: unique for each try at paying, safe at every platform (payment section 1.2). */
export const PAYMENT_REFERENCE = /^[0-9A-Za-z]{1,20}$/u;

/** One part of what is paid. `post`: postage. */
export interface PaymentLine {
  readonly kind: "fee" | "charge" | "post";
  readonly code: string;
  readonly name: string;
  /** Integer VND. */
  readonly amount: number;
}

/** Whose account the money goes to. */
export interface PaymentBeneficiary {
  readonly account: string;
  /** The bank's code, such as `970436`. */
  readonly bank: string;
  readonly name: string;
}

/** What somebody shall pay. */
export interface PaymentOrder {
  /** Ours, as `PAYMENT_REFERENCE`; a new one for each try. */
  readonly reference: string;
  /** Integer VND, 1 to 2^53-1; the sum of the lines. */
  readonly amount: number;
  readonly lines: readonly PaymentLine[];
  /** The whole second counts: later questions about the transaction must name the same one. */
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  /** The payer's own address, never ours. */
  readonly payerIp: string;
  readonly payer: { readonly name: string; readonly identity?: string; readonly address?: string };
  /** Where the payer's browser comes back to. */
  readonly returnUrl: string;
  /** What it is for; written as plain ASCII where a platform signs it. */
  readonly content: string;
  readonly dossierCode: string;
  readonly procedure: { readonly code: string; readonly name: string };
  readonly agency: { readonly code: string; readonly name: string };
  /** Needed where the gateway says `needsBeneficiary`. */
  readonly beneficiary?: PaymentBeneficiary;
}

/** A transaction that was created, as its later questions need it. */
export interface PaymentTransaction {
  readonly reference: string;
  /** As in the order. */
  readonly createdAt: Date;
  /** Integer VND, as in the order. */
  readonly amount: number;
  /** The platform's number of it, once known. */
  readonly transactionId?: string;
  /** The platform's time of it, as an event or an answer wrote it. */
  readonly platformTime?: string;
}

/** A payment that the payer can now make. */
export interface CreatedPayment {
  readonly payUrl: string;
  readonly expiresAt?: Date;
  readonly platformReference?: string;
}

/** What a platform says that became of a transaction. `pending` is never final. */
export type PaymentOutcome = "paid" | "failed" | "pending";

/** What is known about a transaction, by a question or by a call of the platform. */
interface PaymentFacts {
  /** The platform's own code, verbatim. */
  readonly code: string;
  /** Integer VND. Absent: it does not say. */
  readonly amount?: number;
  /** Such as `VND`. Absent: the platform knows no other. */
  readonly currency?: string;
  readonly transactionId?: string;
  /** ISO 8601 with offset. */
  readonly paidAt?: string;
  /** The time as the platform wrote it: given back verbatim when its receipt is asked for. */
  readonly platformTime?: string;
  readonly bank?: string;
  /** Money was taken and the platform doubts it: the outcome is `pending`, and a person decides (payment section 2.3). */
  readonly held?: true;
}

/** How a transaction stands at the platform. */
export interface PaymentStatus extends PaymentFacts {
  readonly state: PaymentOutcome | "unknown-reference";
}

/** A wish to give money back. */
export interface PaymentRefund {
  readonly transaction: PaymentTransaction;
  /** Integer VND, at most what was paid. */
  readonly amount: number;
  readonly reason: string;
  /** Who asks, by id. */
  readonly by: string;
  /** Unique for each asking: 1 to 32 characters `[0-9A-Za-z]`. */
  readonly requestId: string;
}

/** What became of it. `refunding`: the platform took it on. */
export interface RefundStatus {
  readonly state: "refunded" | "refunding" | "failed";
  readonly code: string;
  readonly refundReference?: string;
}

/** A receipt in one of its forms (payment section 1.8). */
export type PaymentReceipt =
  | { readonly form: "bytes"; readonly base64: string; readonly type: string }
  /** As the platform wrote it. To be downloaded at once: some live five minutes. */
  | { readonly form: "link"; readonly url: string }
  /** Neither a file nor a link: what the platform told, by its own names. */
  | { readonly form: "data"; readonly data: Readonly<Record<string, string>> };

type Answered<Value, Failed> = Promise<{ readonly ok: true; readonly value: Value } | Failed>;

/** A platform that gives receipts. */
interface ReceiptSource<Call, Failed> {
  /** The receipt of a paid transaction, or null while there is none. */
  find(transaction: PaymentTransaction, call: Call): Answered<PaymentReceipt | null, Failed>;
  /** Downloads a link of `find` or of an event, rewritten as the settings say; only a PDF is kept. A link that may not be followed is refused with `forbidden`. */
  download(url: string, keep: KeepBytes, call: Call): Answered<null, Failed>;
}

/**
 * A platform that takes payments, as a capability of an adapter. `Call` is what an exchange is handed, `Failed` how it
 * goes wrong (contracts/adapter.ts). An order or a refund that no platform of this kind could take is refused with
 * `invalid_request` before anything is sent.
 */
export interface PaymentGateway<Call, Failed> {
  /** An order without a beneficiary cannot be created. */
  readonly needsBeneficiary: boolean;
  create(order: PaymentOrder, call: Call): Answered<CreatedPayment, Failed>;
  /** Absent: no address to ask at is configured. */
  query?(transaction: PaymentTransaction, call: Call): Answered<PaymentStatus, Failed>;
  /** Absent (default): the platform gives nothing back by a call; a refund is made and recorded by hand. */
  refund?(refund: PaymentRefund, call: Call): Answered<RefundStatus, Failed>;
  /** Absent (default): no receipts. */
  readonly receipts?: ReceiptSource<Call, Failed>;
}

/** A call of a platform, or the return of a payer's browser, as it came. */
export interface CallbackRequest {
  readonly method: string;
  /** The query as it came, without `?`. */
  readonly query: string;
  /** The header `Content-Type`; "" without one. */
  readonly contentType: string;
  /** JSON or a form, as it came. */
  readonly body: string;
}

/** The facts of an event that decide about money. */
export const DECISIVE_FIELDS = ["reference", "outcome", "amount", "currency", "partner", "transactionId"] as const;

/** One of them. */
export type DecisiveField = (typeof DECISIVE_FIELDS)[number];

/** What an answer repeats of the call that it answers. */
export type CallbackEcho = Readonly<Record<string, string>>;

/** A rightly signed call. Whether it fits our transaction is for the core to say. */
export interface PaymentEvent extends PaymentFacts {
  readonly kind: "event";
  /** As the platform wrote it; it may be none of ours. */
  readonly reference: string;
  readonly outcome: PaymentOutcome;
  readonly amount: number;
  /** The partner code that the platform wrote. */
  readonly partner: string;
  /** It is the one that the settings name. */
  readonly ours: boolean;
  /** What the signature covers. A decisive field that is not in here has to be confirmed by a query. */
  readonly signed: ReadonlySet<DecisiveField>;
  /** Where the receipt is; never signed. */
  readonly receiptUrl?: string;
  readonly echo: CallbackEcho;
}

/** A call that is not to be believed. */
export interface RefusedCallback {
  readonly kind: "refused";
  /** `not-configured`: no secret to check a signature with; `wrong-amount`: rightly signed, one that no order can have. */
  readonly why: "bad-signature" | "unreadable" | "wrong-amount" | "not-configured";
  /** For the log: never a secret, never a piece of the call. */
  readonly detail: string;
  readonly echo: CallbackEcho;
}

/**
 * How a call ended. `recorded`: now, paid or failed alike; `duplicate`: the transaction was final before and the call says
 * nothing else; `not-recorded`: we failed, it has to come again.
 */
export const CALLBACK_VERDICTS = [
  "recorded",
  "duplicate",
  "unknown-reference",
  "foreign-partner",
  "wrong-amount",
  "wrong-currency",
  "bad-signature",
  "unreadable",
  "not-configured",
  "not-recorded",
] as const;

/** One of them. A `RefusedCallback` is answered with its `why`. */
export type CallbackVerdict = (typeof CALLBACK_VERDICTS)[number];

/** What the platform is answered. */
export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How a platform's own calls are read and answered. Makes no call; works where the platform cannot be called by us. */
export interface PaymentCallbacks {
  /** How the platform calls: api section 7. */
  readonly method: "GET" | "POST";
  /** Verifies before it believes anything. Never rejects. */
  read(request: CallbackRequest): Promise<PaymentEvent | RefusedCallback>;
  /** The platform's own words (api section 7). Without an echo: the call could not even be read. */
  answer(verdict: CallbackVerdict, echo?: CallbackEcho): CallbackAnswer;
  /** The reference that a returning browser names: for display and a query alone, nothing in it is believed. */
  referenceIn(query: string): string | undefined;
}
