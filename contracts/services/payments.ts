import { z } from "zod";
import { dossierCodeShape } from "../identifiers.ts";
import { PAYMENT_PLATFORMS } from "../payments.ts";
import { dong, fieldError, httpUrl, instant, text } from "./fields.ts";

/**
 * The states of a payment (api section 6). `paid-orphan`: money came for one that had failed, expired or been cancelled, and a
 * person decides about it.
 */
export const PAYMENT_STATES = [
  "created",
  "pending",
  "paid",
  "failed",
  "expired",
  "cancelled",
  "paid-orphan",
  "refund-requested",
  "refunding",
  "refunded",
] as const;

/** One state of a payment. */
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** The legal transitions of a payment, as data; the database refuses every other one. */
export const PAYMENT_TRANSITIONS = {
  created: ["pending", "paid", "failed", "expired", "cancelled"],
  pending: ["paid", "failed", "expired", "cancelled"],
  paid: ["refund-requested"],
  failed: ["paid-orphan"],
  expired: ["paid-orphan"],
  cancelled: ["paid-orphan"],
  "paid-orphan": ["refund-requested"],
  "refund-requested": ["refunding", "paid", "paid-orphan"],
  refunding: ["refunded", "paid", "paid-orphan"],
  refunded: [],
} as const satisfies Record<PaymentState, readonly PaymentState[]>;

const moment = z.string().meta({ format: "date-time" });

const line = z.strictObject({
  kind: z.enum(["fee", "charge", "post"]).meta({ description: "`fee` phí, `charge` lệ phí, `post` postage." }),
  code: text(50),
  name: text(500),
  amount: dong,
});

const payerIp = text(45).refine(
  (value) => z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success,
  fieldError("invalid_format"),
);

const payer = z.strictObject({ name: text(200), identity: text(50).optional(), address: text(500).optional() });

/** `POST /v1/payments` (api section 6): what somebody shall pay for one dossier. A factory: dossier codes have a setting. */
export const paymentRequestSchema = (dossierCodePattern?: RegExp) =>
  z
    .strictObject({
      dossierCode: dossierCodeShape(dossierCodePattern),
      platform: z.enum(PAYMENT_PLATFORMS),
      amount: dong.min(1),
      lines: z.array(line).min(1).max(100).meta({ description: "They add up to `amount`." }),
      payer,
      payerIp: payerIp.meta({ description: "The payer's own address, not the server's.", example: "203.0.113.10" }),
      returnUrl: httpUrl.meta({
        description:
          "Where the payer's browser comes back to: an origin of `PUBLIC_URL` or of the client's `returnOrigins`.",
      }),
      content: text(255),
      expiresAt: instant.optional().meta({ description: "Within 30 days; after three days unless given." }),
    })
    .superRefine(({ amount, lines }, context) => {
      const sum = lines.reduce((total, { amount: part }) => total + BigInt(part), 0n);
      if (sum !== BigInt(amount)) context.addIssue({ code: "custom", path: ["lines"], ...fieldError("wrong_sum") });
    })
    .meta({ id: "PaymentRequest" });

/** A payment as asked for. */
export type PaymentRequest = z.infer<ReturnType<typeof paymentRequestSchema>>;

const shown = {
  id: z.string().meta({ example: "pay_0f8fad5bd9cb469fa16570867728950e" }),
  platform: z.enum(PAYMENT_PLATFORMS),
  reference: z.string().meta({ description: "The platform knows the payment by it.", example: "261120K7QX2M9R4T5VWY" }),
  state: z.enum(PAYMENT_STATES),
  expiresAt: moment,
};

/** 201 of `POST /v1/payments`. */
export const paymentCreatedSchema = z.strictObject({ ...shown, payUrl: z.string() }).meta({ id: "PaymentCreated" });

/** A payment as it stands. */
export const paymentSchema = z
  .strictObject({
    ...shown,
    payUrl: z.string().optional().meta({ description: "Absent: the platform has given none." }),
    dossierCode: z.string(),
    amount: dong,
    paidAt: moment.optional(),
    refund: z
      .strictObject({
        amount: dong,
        by: z.enum(["platform", "hand"]),
        proposedBy: z.string(),
        approvedBy: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: "Payment" });

/** A payment as it stands. */
export type PaymentView = z.infer<typeof paymentSchema>;

/** `POST /v1/payments/{id}/refund`: what is to be given back, and why. */
export const refundRequestSchema = z
  .strictObject({ amount: dong.min(1), reason: text(500) })
  .meta({ id: "PaymentRefundRequest" });

/** `POST /v1/payments/{id}/refund/evidence`: what proves that it was given back by hand. */
export const refundEvidenceSchema = z
  .strictObject({ number: text(100), refundedAt: instant, note: text(500).optional() })
  .meta({ id: "PaymentRefundEvidence" });

/** Proof of a refund by hand. */
export type RefundEvidence = z.infer<typeof refundEvidenceSchema>;

/** `PUT /v1/payment-beneficiaries/{procedureCode}`: whose account the money goes to. */
export const beneficiaryPutSchema = z
  .strictObject({
    account: z
      .string()
      .regex(/^[0-9A-Za-z]{1,19}$/u)
      .meta({ example: "0011000123456" }),
    bank: z
      .string()
      .regex(/^[0-9A-Za-z]{1,20}$/u)
      .meta({ description: "The bank's code.", example: "970436" }),
    name: text(200),
  })
  .meta({ id: "PaymentBeneficiaryPut" });

/** The beneficiary that holds for a procedure. */
export const beneficiarySchema = z
  .strictObject({
    procedureCode: z
      .string()
      .meta({ description: "For which it was put: the procedure, a code above it, or `default`." }),
    account: z.string(),
    bank: z.string(),
    name: z.string(),
    since: moment,
    setBy: z.string(),
  })
  .meta({ id: "PaymentBeneficiary" });

/** The beneficiary that holds for a procedure. */
export type BeneficiaryView = z.infer<typeof beneficiarySchema>;
