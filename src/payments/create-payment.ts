import type { Fault } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { PaymentOrder } from "../../contracts/payments.ts";
import type { PaymentRequest } from "../../contracts/services/payments.ts";
import type { Caller } from "../caller.ts";
import type { Database } from "../database/database.ts";
import { type Answer, answerOnce } from "../ledger/answer-once.ts";
import { errorOfFault } from "../look-ups/error-of-fault.ts";
import type { PlatformCalls } from "../resilience/platform-calls.ts";
import { type Begun, beginPayment } from "./begin-payment.ts";
import { checkRequest } from "./check-request.ts";
import { noteNotOpened, noteOpened } from "./note-opening.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { readPayment } from "./payment-row.ts";

/** A creation lasts at most this long: the deadline of a platform's call is below it, unless its setting is far above the default. */
const CALLING_SECONDS = 60;
/** Who repeats a call that still runs waits for it: so many looks, so far apart. */
const LOOKS = 60;
const LOOK_MS = 250;

/** Nobody leaves a platform alone with half a payment: the call goes on when the caller has gone. */
const nobodyLeaves = new AbortController().signal;

const orderOf = ({ reference, createdAt, content }: Extract<Begun, { kind: "ask" }>): PaymentOrder => {
  const { request, procedure, agency, beneficiary } = content;
  const { amount, lines, payerIp, payer, returnUrl, content: words, dossierCode, expiresAt } = request;
  const { name, identity, address } = payer;
  return {
    ...{ reference, amount, lines, createdAt, payerIp, returnUrl, dossierCode, procedure, agency },
    content: words,
    payer: { name, ...(identity !== undefined && { identity }), ...(address !== undefined && { address }) },
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
    ...(beneficiary !== undefined && { beneficiary }),
  };
};

const NOT_TAKEN = {
  vi: "Nền tảng thanh toán này không nhận được đơn như vậy.",
  en: "This payment platform cannot take such an order.",
};

/** What no platform of the kind could take is the caller's to mend; nothing was sent. */
const errorOf = (fault: Fault): GatewayError =>
  fault.code === "invalid_request"
    ? new GatewayError("invalid_request", {
        detail: { vi: `${NOT_TAKEN.vi} ${fault.message}`, en: `${NOT_TAKEN.en} ${fault.message}` },
      })
    : errorOfFault(fault);

/**
 * Creates a payment at its platform (api section 6). Recorded before the platform is asked; a repeat with the same Idempotency-Key
 * finds what was recorded, also after a call whose answer was lost.
 *
 * @throws GatewayError `invalid_request`, `not_found`, `conflict`, `not_configured`, `upstream_*`, `unavailable`
 */
export const createPayment = async (
  database: Database,
  parts: PaymentParts,
  calls: PlatformCalls | undefined,
  { caller, request }: { readonly caller: Caller; readonly request: PaymentRequest },
): Promise<Answer> => {
  const { tenant, publicUrl, returnOriginsOf, now } = parts;
  checkRequest(request, [new URL(publicUrl).origin, ...returnOriginsOf(caller.client)], now());
  const gateway = calls?.adapter.payments;
  if (calls === undefined || gateway === undefined) throw new GatewayError("not_configured", { retryAfterSeconds: 60 });
  const { needsBeneficiary } = gateway;
  const begin = () =>
    database.transaction((executor) =>
      beginPayment(executor, parts, { caller, request, needsBeneficiary, callingSeconds: CALLING_SECONDS }),
    );
  let begun = await begin();
  for (let look = 0; begun.kind === "busy" && look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    begun = await begin();
  }
  if (begun.kind === "busy") throw new GatewayError("unavailable", { retryAfterSeconds: 5 });
  if (begun.kind === "ask") {
    const { id, reference } = begun;
    const { correlationId } = caller;
    const asked = { id, platform: request.platform, reference, correlationId };
    const order = orderOf(begun);
    const created = await calls.ask({ correlationId, signal: nobodyLeaves }, (call) => gateway.create(order, call));
    if (!created.ok) {
      const { fault } = created;
      await database.transaction((executor) => noteNotOpened(executor, parts, asked, fault));
      throw errorOf(fault);
    }
    await database.transaction((executor) => noteOpened(executor, parts, asked, created.value));
  }
  const { id } = begun;
  return database.transaction((executor) =>
    answerOnce(executor, tenant, caller.idempotencyKey, async () => {
      const view = await readPayment(executor, parts, caller.agency, id);
      if (view?.payUrl === undefined) throw new GatewayError("conflict", { detail: NEVER_OPENED });
      const { platform, reference, payUrl, state, expiresAt } = view;
      return { status: 201, body: JSON.stringify({ id, platform, reference, payUrl, state, expiresAt }) };
    }),
  );
};

const NEVER_OPENED = {
  vi: "Khoản thanh toán này đã kết thúc trước khi có địa chỉ thanh toán; tạo khoản mới với khoá khác.",
  en: "This payment ended before there was an address to pay at; make a new one under another key.",
};
