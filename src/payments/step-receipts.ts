import type { CallContext, Fault } from "../../contracts/adapter.ts";
import { PAYMENT_PLATFORMS, type PaymentPlatformId } from "../../contracts/payments.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { sniffType } from "../files/sniff-type.ts";
import { storedIn } from "../portal-inbound/keep-files.ts";
import { verdictOfFault } from "../resilience/breaker-watch.ts";
import { appendEvent } from "./append-event.ts";
import { claimReceipt, type DueReceipt, putReceiptOff } from "./claim-receipt.ts";
import { paymentContext } from "./payment-row.ts";
import { askedAs } from "./query-transaction.ts";
import type { PollingParts } from "./step-polling.ts";

/** No receipt is larger. */
export const MOST_RECEIPT_BYTES = 10 * 1024 * 1024;

type Fetched =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: string; readonly fault?: Fault };
type Questions = NonNullable<ReturnType<PollingParts["questionsOf"]>>;
type Source = NonNullable<NonNullable<Questions["adapter"]["payments"]>["receipts"]>;

/** What was downloaded, as far as it is a receipt. */
const asPaper = (bytes: Uint8Array): Fetched => {
  if (bytes.length > MOST_RECEIPT_BYTES) return { ok: false, why: "too_large" };
  return sniffType(bytes) === "application/pdf" ? { ok: true, bytes } : { ok: false, why: "no_pdf" };
};

const failure = (fault: Fault): Fetched => ({ ok: false, why: fault.code, fault });

const follow = async (source: Source, url: string, call: CallContext): Promise<Fetched> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reading = await source.download(
    url,
    async (bytes) => {
      for await (const piece of bytes) {
        size += piece.length;
        if (size > MOST_RECEIPT_BYTES) return false;
        pieces.push(piece);
      }
      return true;
    },
    call,
  );
  return reading.ok ? asPaper(Buffer.concat(pieces, size)) : failure(reading.fault);
};

/** Asks for a receipt, in whatever form it comes; a link that the platform's report named is tried first. */
const fetchReceipt = async (parts: PollingParts, questions: Questions, due: DueReceipt): Promise<Fetched> => {
  const source = questions.adapter.payments?.receipts;
  if (source === undefined) return { ok: false, why: "not_configured" };
  const call = questions.call(due.correlation_id);
  if (due.url !== null) {
    const url = parts.sealer.open(due.url, paymentContext(parts.tenant, due.payment_id));
    const followed = await follow(source, url, call);
    if (followed.ok) return followed;
  }
  const found = await source.find(askedAs(due), call);
  if (!found.ok) return failure(found.fault);
  if (found.value === null) return { ok: false, why: "none_yet" };
  switch (found.value.form) {
    case "bytes":
      return asPaper(Buffer.from(found.value.base64, "base64"));
    case "link":
      return follow(source, found.value.url, call);
    case "data":
      return { ok: false, why: "no_file" };
  }
};

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Keeps a receipt, encrypted, and tells the province, in one transaction. @returns whether webhooks have work */
const store = async (executor: Executor, parts: PollingParts, due: DueReceipt, bytes: Uint8Array): Promise<boolean> => {
  const { tenant, publicUrl, now, tell } = parts;
  const { payment_id: paymentId, reference, platform, dossier_code: dossierCode, agency, fence } = due;
  const stored = `receipt_${crypto.randomUUID().replaceAll("-", "")}`;
  const correlationId = due.correlation_id;
  const taken = await rows(
    executor,
    sql`update payment_receipts set stored = ${stored}, stored_at = now(), next_at = null, lease_until = null, error_code = null
        where tenant = ${tenant} and payment_id = ${paymentId} and fence = ${fence} and stored is null returning payment_id`,
  );
  if (taken.length === 0) return false;
  const { size, sha256 } = await storedIn(executor, parts).keep(stored, whole(bytes));
  await executor.execute(
    sql`update payment_receipts set size = ${size}, sha256 = ${sha256} where tenant = ${tenant} and payment_id = ${paymentId}`,
  );
  const about = { paymentId, reference, correlationId };
  await appendEvent(executor, tenant, { ...about, kind: "receipt-stored", source: "query", detail: { size, sha256 } });
  const url = `${publicUrl}/v1/payments/${paymentId}/receipt`;
  const data = { paymentId, dossierCode, platform, reference, size, sha256, url };
  return tell(executor, [
    { type: "receipt.stored", occurredAt: now(), subject: paymentId, agency, dossierCode, data, correlationId },
  ]);
};

const stepPlatform = async (parts: PollingParts, platform: PaymentPlatformId): Promise<boolean> => {
  const { database, tenant, questionsOf, told } = parts;
  const questions = questionsOf(platform);
  if (questions?.adapter.payments?.receipts === undefined) return false;
  const waiting = await rows(
    database,
    sql`select 1 from payment_receipts where tenant = ${tenant} and platform = ${platform} and next_at <= now()
          and (lease_until is null or lease_until <= now()) limit 1`,
  );
  if (waiting.length === 0) return false;
  const admitted = await questions.admit(1);
  if (admitted.questions === 0) return false;
  const due = await claimReceipt(database, tenant, platform);
  const fetched = due === null ? null : await fetchReceipt(parts, questions, due);
  await admitted.ended(
    fetched === null || fetched.ok || fetched.fault === undefined ? "neither" : verdictOfFault(fetched.fault),
  );
  if (due === null || fetched === null) return false;
  if (!fetched.ok) {
    await putReceiptOff(database, tenant, due, fetched.why);
    return true;
  }
  const { bytes } = fetched;
  if (await database.transaction((executor) => store(executor, parts, due, bytes))) told();
  return true;
};

/**
 * Fetches receipts that are wanted (payment section 1.8): at once after the payment, for links live five minutes, then at growing
 * intervals. Only what is a PDF by its bytes is kept.
 *
 * @returns false: there is nothing to do for now.
 */
export const stepReceipts = async (parts: PollingParts): Promise<boolean> => {
  const worked = await Promise.all(PAYMENT_PLATFORMS.map((platform) => stepPlatform(parts, platform)));
  return worked.some(Boolean);
};
