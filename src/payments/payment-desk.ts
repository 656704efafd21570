import { GatewayError } from "../../contracts/errors.ts";
import type {
  CallbackAnswer,
  CallbackRequest,
  PaymentBeneficiary,
  PaymentPlatformId,
} from "../../contracts/payments.ts";
import type {
  BeneficiaryView,
  PaymentRequest,
  PaymentState,
  PaymentView,
  RefundEvidence,
} from "../../contracts/services/payments.ts";
import type { Caller } from "../caller.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Answer } from "../ledger/answer-once.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import type { CallsOf } from "../look-ups/open-look-ups.ts";
import { recordAct } from "../security/audit.ts";
import { approveRefund, proveRefund, type RefundAct } from "./approve-refund.ts";
import { putBeneficiary, readBeneficiary } from "./beneficiaries.ts";
import { cancelPayment } from "./cancel-payment.ts";
import { createPayment } from "./create-payment.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { readPayment } from "./payment-row.ts";
import { pollSoon } from "./poll-soon.ts";
import { proposeRefund, type RefundProposal } from "./propose-refund.ts";
import { type ReceiptBytes, readReceipt } from "./read-receipt.ts";
import { type Received, receiveCallback } from "./receive-callback.ts";
import { refreshPayment } from "./refresh-payment.ts";

/** Payments, for those who make them and for the platforms that report them (api sections 6 and 7). */
export interface PaymentDesk {
  /** @throws GatewayError `invalid_request`, `not_found`, `conflict`, `not_configured`, `upstream_*` */
  create(caller: Caller, request: PaymentRequest): Promise<Answer>;
  /** Null: there is none within the boundary. */
  read(boundary: string, id: string): Promise<PaymentView | null>;
  /** @throws GatewayError `not_found`, `not_configured`, `upstream_*` */
  refresh(caller: Caller, id: string): Promise<PaymentView>;
  /** @throws GatewayError `not_found` */
  receipt(boundary: string, id: string): Promise<ReceiptBytes>;
  /** @throws GatewayError `not_found`, `conflict` */
  cancel(executor: Executor, boundary: string, id: string, actor: Actor): Promise<PaymentView>;
  /** @throws GatewayError `not_found`, `conflict`, `invalid_request` */
  proposeRefund(executor: Executor, proposal: RefundProposal): Promise<PaymentView>;
  /** @throws GatewayError `not_found`, `conflict`, `forbidden`, `not_configured`, `upstream_*` */
  approveRefund(act: RefundAct): Promise<PaymentView>;
  /** @throws GatewayError `not_found`, `conflict` */
  proveRefund(executor: Executor, act: RefundAct, evidence: RefundEvidence): Promise<PaymentView>;
  readBeneficiary(code: string): Promise<BeneficiaryView | null>;
  putBeneficiary(
    executor: Executor,
    put: PaymentBeneficiary & { readonly code: string },
    actor: Actor,
  ): Promise<BeneficiaryView>;
  /** Takes a call of a platform; null: this deployment has no such platform. Never rejects for what the database does. */
  receive(platform: PaymentPlatformId, request: CallbackRequest, correlationId: string): Promise<Received | null>;
  /** What a platform is answered when a call could not even be read, or is too large. */
  refusal(platform: PaymentPlatformId): CallbackAnswer | null;
  /** A payer's browser is back: the platform is asked soon. Null: the reference is none of ours. */
  returned(platform: PaymentPlatformId, query: string): Promise<PaymentState | null>;
}

/** What the desk is made of. */
export interface PaymentDeskParts extends PaymentParts {
  readonly database: Database;
  readonly callsOf: CallsOf;
  /** Told after a commit that gave webhooks work. */
  readonly told: () => void;
}

/** The desk over one database. */
export const createPaymentDesk = (parts: PaymentDeskParts): PaymentDesk => {
  const { database, tenant, callsOf, callbacksOf, told } = parts;
  const shown = async (
    executor: Executor,
    { boundary, id }: Pick<RefundAct, "boundary" | "id">,
  ): Promise<PaymentView> => {
    const view = await readPayment(executor, parts, boundary, id);
    if (view === null) throw new GatewayError("not_found");
    return view;
  };
  return {
    create: (caller, request) => createPayment(database, parts, callsOf(request.platform), { caller, request }),
    read: (boundary, id) => readPayment(database, parts, boundary, id),
    refresh: (caller, id) => refreshPayment(database, parts, { callsOf, told }, { caller, id }),
    receipt: (boundary, id) => readReceipt(database, parts, boundary, id),
    cancel: (executor, boundary, id, actor) => cancelPayment(executor, parts, { boundary, id, actor }),
    proposeRefund: async (executor, proposal) => {
      await proposeRefund(executor, parts, proposal);
      return shown(executor, proposal);
    },
    approveRefund: async (act) => {
      await approveRefund(database, parts, callsOf, act);
      return shown(database, act);
    },
    proveRefund: async (executor, act, evidence) => {
      await proveRefund(executor, parts, act, evidence);
      return shown(executor, act);
    },
    readBeneficiary: (code) => readBeneficiary(database, tenant, code),
    putBeneficiary: async (executor, put, actor) => {
      const { view, isChange } = await putBeneficiary(executor, tenant, actor.actor, put);
      const detail = { account: view.account, bank: view.bank, isChange };
      await recordAct(executor, tenant, {
        ...actor,
        action: "payment-beneficiary.put",
        subject: view.procedureCode,
        detail,
      });
      return view;
    },
    receive: async (platform, request, correlationId) => {
      const callbacks = callbacksOf(platform);
      if (callbacks === undefined) return null;
      const received = await receiveCallback(database, parts, callbacks, { platform, request, correlationId });
      if (received.told) told();
      return received;
    },
    refusal: (platform) => callbacksOf(platform)?.answer("unreadable") ?? null,
    returned: async (platform, query) => {
      const reference = callbacksOf(platform)?.referenceIn(query);
      if (reference === undefined) return null;
      const [row] = await rows<{ state: PaymentState }>(
        database,
        sql`select p.state from payment_transactions t join payments p on p.tenant = t.tenant and p.id = t.payment_id
            where t.tenant = ${tenant} and t.platform = ${platform} and t.reference = ${reference}`,
      );
      if (row === undefined) return null;
      await pollSoon(database, tenant, { platform, reference });
      return row.state;
    },
  };
};
