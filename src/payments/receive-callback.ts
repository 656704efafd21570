import type {
  CallbackAnswer,
  CallbackRequest,
  CallbackVerdict,
  PaymentCallbacks,
  PaymentEvent,
  PaymentPlatformId,
} from "../../contracts/payments.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { appendDelivered } from "../portal-inbound/append-inbound.ts";
import { keepBody } from "../portal-inbound/keep-files.ts";
import { noteContext } from "../portal-inbound/receive-push.ts";
import { appendEvent } from "./append-event.ts";
import { misfitOf, needsQuery } from "./judge-facts.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockPayment, type PaymentRow, paymentOf, readTransactions, type TransactionRow } from "./payment-row.ts";
import { pollSoon } from "./poll-soon.ts";
import { settleTransaction } from "./settle-transaction.ts";

/** A call of a platform about a payment. */
export interface CameIn {
  readonly platform: PaymentPlatformId;
  readonly request: CallbackRequest;
  readonly correlationId: string;
}

/** What it is answered, and for the log why it was not believed. */
export interface Received {
  readonly answer: CallbackAnswer;
  readonly verdict: CallbackVerdict;
  readonly detail?: string;
  /** Webhooks have work now. */
  readonly told: boolean;
  /** Why it could not be recorded. */
  readonly error?: unknown;
}

interface Recorded {
  readonly verdict: CallbackVerdict;
  readonly told: boolean;
}

const bytesOf = ({ method, query, contentType, body }: CallbackRequest): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ method, query, contentType, body }));

const digestOf = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex");

/** Whether the very same call was recorded before. */
const isKnown = async (executor: Executor, tenant: string, paymentId: string, digest: string): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from payment_events where tenant = ${tenant} and payment_id = ${paymentId} and detail->>'digest' = ${digest} limit 1`,
  );
  return found.length > 0;
};

/** Records a call in the ledger with its bytes, as delivered. @returns the entry's id */
const recordCall = async (
  executor: Executor,
  parts: PaymentParts,
  payment: PaymentRow,
  { platform, request, correlationId }: CameIn,
): Promise<string> => {
  const { tenant, sealer } = parts;
  const bytes = bytesOf(request);
  const payload = sealer.seal(JSON.stringify({ call: platform, size: bytes.length }), noteContext(tenant));
  const about = { subject: payment.id, dossierCode: payment.dossier_code, agency: payment.agency };
  const entry = { platform, operation: "payment.settled", ...about, correlationId, payload } as const;
  const id = await appendDelivered(executor, tenant, entry);
  await keepBody(executor, parts, id, bytes);
  return id;
};

/** A rightly signed call about a payment of ours. */
interface Notice {
  readonly came: CameIn;
  readonly event: PaymentEvent;
  readonly digest: string;
  readonly payment: PaymentRow;
  readonly own: TransactionRow;
}

/** Takes a call that was not recorded before. */
const takeNew = async (executor: Executor, parts: PaymentParts, notice: Notice): Promise<Recorded> => {
  const { tenant, adapters } = parts;
  const { came, event, digest, payment, own } = notice;
  const { platform, correlationId } = came;
  const { reference, outcome, code } = event;
  const entryId = await recordCall(executor, parts, payment, came);
  const about = { paymentId: payment.id, reference, source: "platform", entryId, correlationId } as const;
  const doubt = (cause: string) =>
    appendEvent(executor, tenant, { ...about, kind: "doubtful", detail: { outcome, code, digest, cause } });
  const misfit = misfitOf(event, Number(own.amount));
  if (misfit !== null) {
    await doubt(misfit);
    return { verdict: misfit, told: false };
  }
  if (needsQuery(event)) {
    if (adapters.get(platform)?.payments?.query === undefined) await doubt("unconfirmed");
    else await appendEvent(executor, tenant, { ...about, kind: "notified", detail: { outcome, code, digest } });
    await pollSoon(executor, tenant, { platform, reference });
    return { verdict: own.state === "paid" ? "duplicate" : "recorded", told: false };
  }
  if (event.held === true) await doubt("held");
  const heard = { ...event, source: "platform", entryId, digest, correlationId } as const;
  const { isDuplicate, told } = await settleTransaction(executor, parts, { payment, reference }, heard);
  // A second notice of what is still open is no duplicate: the platform may go on telling.
  return { verdict: isDuplicate && outcome !== "pending" ? "duplicate" : "recorded", told };
};

/** What the very same call was answered before. */
const answerAgain = ({ event, own }: Notice): CallbackVerdict =>
  misfitOf(event, Number(own.amount)) ?? (own.state === "paid" || own.state === "failed" ? "duplicate" : "recorded");

const heed = async (
  executor: Executor,
  parts: PaymentParts,
  came: CameIn,
  event: PaymentEvent,
  digest: string,
): Promise<Recorded> => {
  const { tenant } = parts;
  const paymentId = await paymentOf(executor, tenant, came.platform, event.reference);
  const payment = paymentId === null ? null : await lockPayment(executor, tenant, paymentId);
  if (payment === null) return { verdict: "unknown-reference", told: false };
  const own = (await readTransactions(executor, tenant, payment.id)).find(
    ({ reference }) => reference === event.reference,
  );
  if (own === undefined) return { verdict: "unknown-reference", told: false };
  const notice = { came, event, digest, payment, own };
  const isRepeat = await isKnown(executor, tenant, payment.id, digest);
  return isRepeat ? { verdict: answerAgain(notice), told: false } : takeNew(executor, parts, notice);
};

/**
 * Takes one call of a payment platform: verified first, recorded with its bytes, then answered in the platform's own words
 * (api section 7; payment section 4). Never rejects: what could not be recorded is answered so that it comes again.
 */
export const receiveCallback = async (
  database: Database,
  parts: PaymentParts,
  callbacks: PaymentCallbacks,
  came: CameIn,
): Promise<Received> => {
  const event = await callbacks.read(came.request);
  if (event.kind === "refused") {
    return { answer: callbacks.answer(event.why, event.echo), verdict: event.why, detail: event.detail, told: false };
  }
  try {
    const digest = await digestOf(bytesOf(came.request));
    const { verdict, told } = await database.transaction((executor) => heed(executor, parts, came, event, digest));
    return { answer: callbacks.answer(verdict, event.echo), verdict, told };
  } catch (error) {
    return { answer: callbacks.answer("not-recorded", event.echo), verdict: "not-recorded", told: false, error };
  }
};
