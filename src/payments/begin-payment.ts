import { GatewayError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { PaymentRequest } from "../../contracts/services/payments.ts";
import type { Caller } from "../caller.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { IdempotencyKey } from "../ledger/idempotency.ts";
import { dossierContext } from "../ledger/open-message.ts";
import { appendEvent } from "./append-event.ts";
import { readBeneficiary } from "./beneficiaries.ts";
import { insertPayment, insertTransaction } from "./insert-payment.ts";
import { newReference } from "./new-reference.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { lockRepeated, type PaymentContent, type PaymentRow, paymentContext, readTransactions } from "./payment-row.ts";

/** What a caller's request leads to: the platform is to be asked now; it has answered before; somebody is asking at this moment. */
export type Begun =
  | {
      readonly kind: "ask";
      readonly id: string;
      readonly reference: string;
      /** As the platform is told it. */
      readonly createdAt: Date;
      readonly content: PaymentContent;
    }
  | { readonly kind: "answered"; readonly id: string }
  | { readonly kind: "busy" };

/** How one is begun. */
export interface Beginning {
  readonly caller: Caller;
  readonly request: PaymentRequest;
  readonly needsBeneficiary: boolean;
  /** For so long the platform may take. */
  readonly callingSeconds: number;
}

const NO_BENEFICIARY = {
  vi: "Chưa khai báo tài khoản thụ hưởng cho thủ tục này, cũng chưa có tài khoản mặc định.",
  en: "No beneficiary was put for this procedure, nor a default one.",
};

const findDossier = async (executor: Executor, { tenant, sealer }: PaymentParts, boundary: string, code: string) => {
  const [row] = await rows<{ code: string; agency: string; content: Uint8Array }>(
    executor,
    sql`select d.code, d.agency, d.content from dossiers d
        where d.tenant = ${tenant} and (d.code = ${code} or d.portal_code = ${code}) and ${within(sql`d.agency`, boundary)} limit 1`,
  );
  if (row === undefined) throw new GatewayError("not_found");
  return { ...row, dossier: JSON.parse(sealer.open(row.content, dossierContext(tenant, row.code))) as Dossier };
};

/** The key may have served another call of the client's: nobody is asked for money then. */
const checkKey = async (
  executor: Executor,
  tenant: string,
  { client, key, matches }: IdempotencyKey,
): Promise<void> => {
  const [used] = await rows<{ fingerprint: string }>(
    executor,
    sql`select fingerprint from idempotency_keys where tenant = ${tenant} and client = ${client} and key = ${key}`,
  );
  if (used !== undefined && !matches(used.fingerprint)) throw new GatewayError("idempotency_key_reused");
};

const goOn = async (
  executor: Executor,
  parts: PaymentParts,
  payment: PaymentRow,
  { caller, request, callingSeconds }: Beginning,
): Promise<Begun> => {
  const { tenant, sealer, now } = parts;
  const { id, platform, amount } = payment;
  if (payment.repeat_fingerprint !== null && caller.idempotencyKey?.matches(payment.repeat_fingerprint) !== true) {
    throw new GatewayError("idempotency_key_reused");
  }
  const transactions = await readTransactions(executor, tenant, id);
  if (transactions.some(({ pay_url }) => pay_url !== null) || payment.state !== "created")
    return { kind: "answered", id };
  if (transactions.some(({ is_called }) => is_called)) return { kind: "busy" };
  // The answer to the first call was lost, and with it the address to pay at: another reference gets another one. Should the
  // platform know the first one all the same, it is asked about it until that is decided.
  const reference = newReference(now());
  const made = { paymentId: id, platform, reference, amount: Number(amount), callingSeconds };
  const createdAt = await insertTransaction(executor, tenant, made);
  await appendEvent(executor, tenant, {
    paymentId: id,
    reference,
    kind: "created",
    source: "caller",
    correlationId: caller.correlationId,
  });
  const content = JSON.parse(sealer.open(payment.content, paymentContext(tenant, id))) as PaymentContent;
  return { kind: "ask", id, reference, createdAt, content: { ...content, request } };
};

/** What is asked for, with whom it is for. @throws GatewayError `not_found`, `conflict` */
const contentOf = async (
  executor: Executor,
  parts: PaymentParts,
  { caller, request, needsBeneficiary }: Beginning,
): Promise<{ readonly code: string; readonly agency: string; readonly content: PaymentContent }> => {
  const { code, agency, dossier } = await findDossier(executor, parts, caller.agency, request.dossierCode);
  const { processingUnit, procedureCode, procedureName } = dossier;
  const known = needsBeneficiary ? await readBeneficiary(executor, parts.tenant, procedureCode) : null;
  if (needsBeneficiary && known === null) throw new GatewayError("conflict", { detail: NO_BENEFICIARY });
  const content: PaymentContent = {
    request,
    procedure: { code: procedureCode, name: procedureName ?? procedureCode },
    agency: { code: processingUnit.code ?? parts.agencyCode, name: processingUnit.name },
    ...(known !== null && { beneficiary: { account: known.account, bank: known.bank, name: known.name } }),
  };
  return { code, agency, content };
};

/**
 * Records a payment and its transaction before its platform is asked, or goes on with the one that the same Idempotency-Key made
 * before, in the caller's transaction.
 *
 * @throws GatewayError `not_found` (the dossier), `conflict` (no beneficiary), `idempotency_key_reused`
 */
export const beginPayment = async (executor: Executor, parts: PaymentParts, beginning: Beginning): Promise<Begun> => {
  const { tenant, sealer, now } = parts;
  const { caller, request, callingSeconds } = beginning;
  const { idempotencyKey } = caller;
  if (idempotencyKey !== undefined) {
    await checkKey(executor, tenant, idempotencyKey);
    const repeated = await lockRepeated(executor, tenant, idempotencyKey);
    if (repeated !== null) return goOn(executor, parts, repeated, beginning);
  }
  const { code, agency, content } = await contentOf(executor, parts, beginning);
  const id = `pay_${crypto.randomUUID().replaceAll("-", "")}`;
  const reference = newReference(now());
  const { platform, amount } = request;
  const isNew = await insertPayment(executor, tenant, {
    ...{ id, platform, client: caller.client, agency, dossierCode: code, amount, reference },
    content: sealer.seal(JSON.stringify(content), paymentContext(tenant, id)),
    repeat: idempotencyKey === undefined ? null : { key: idempotencyKey.key, fingerprint: idempotencyKey.fingerprint },
    correlationId: caller.correlationId,
    expiresAt: request.expiresAt ?? null,
  });
  if (!isNew) {
    const repeated = idempotencyKey === undefined ? null : await lockRepeated(executor, tenant, idempotencyKey);
    if (repeated === null) throw new GatewayError("unavailable", { retryAfterSeconds: 1 });
    return goOn(executor, parts, repeated, beginning);
  }
  const createdAt = await insertTransaction(executor, tenant, {
    paymentId: id,
    platform,
    reference,
    amount,
    callingSeconds,
  });
  const { correlationId } = caller;
  await appendEvent(executor, tenant, {
    paymentId: id,
    reference,
    kind: "created",
    source: "caller",
    correlationId,
  });
  return { kind: "ask", id, reference, createdAt, content };
};
