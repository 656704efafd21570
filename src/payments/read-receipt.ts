import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import { readWhole } from "../portal-inbound/keep-files.ts";
import type { PaymentParts } from "./payment-parts.ts";

/** A receipt with its bytes: on Workers nothing can be read any more once the answer has begun. */
export interface ReceiptBytes {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** How soon it is worth asking again for a receipt that is not there yet. */
const RETRY_AFTER_SECONDS = 60;

const NOT_YET = {
  vi: "Chưa có biên lai của khoản thanh toán này.",
  en: "There is no receipt of this payment yet.",
};

/** The receipt of a payment. @throws GatewayError `not_found`, with `Retry-After` while it may still come */
export const readReceipt = async (
  executor: Executor,
  parts: PaymentParts,
  boundary: Boundary,
  id: string,
): Promise<ReceiptBytes> => {
  const { tenant } = parts;
  const [row] = await rows<{ stored: string | null; size: string | null; sha256: string | null; reference: string }>(
    executor,
    sql`select r.stored, r.size::text as size, r.sha256, p.reference
        from payments p left join payment_receipts r on r.tenant = p.tenant and r.payment_id = p.id
        where p.tenant = ${tenant} and p.id = ${id} and ${within(sql`p.agency`, boundary)}`,
  );
  if (row === undefined) throw new GatewayError("not_found");
  const { stored, size, sha256, reference } = row;
  if (stored === null || size === null || sha256 === null) {
    throw new GatewayError("not_found", { detail: NOT_YET, retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  const bytes = await readWhole(executor, parts, { id: stored, size: Number(size), sha256, type: "application/pdf" });
  return { name: `bien-lai-${reference}.pdf`, sha256, bytes };
};
