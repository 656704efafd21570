import { type FieldError, GatewayError } from "../../contracts/errors.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../contracts/services/fields.ts";
import type { PaymentRequest } from "../../contracts/services/payments.ts";

/** The longest that a payment may wait for its payer. */
const MOST_DAYS = 30;
const DAY_MS = 86_400_000;

const fault = (field: string, code: FieldErrorCode): FieldError => ({ field, code, message: FIELD_ERRORS[code] });

/**
 * What only the deployment knows to check of a request: where the payer may be sent back to, and until when it may be paid.
 *
 * @param origins those of `PUBLIC_URL` and of the client's `returnOrigins`.
 * @throws GatewayError `invalid_request`
 */
export const checkRequest = (request: PaymentRequest, origins: readonly string[], now: Date): void => {
  const errors: FieldError[] = [];
  if (!origins.includes(new URL(request.returnUrl).origin)) errors.push(fault("returnUrl", "not_allowed"));
  if (request.expiresAt !== undefined) {
    const left = Date.parse(request.expiresAt) - now.getTime();
    if (left <= 0 || left > MOST_DAYS * DAY_MS) errors.push(fault("expiresAt", "out_of_range"));
  }
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
};
