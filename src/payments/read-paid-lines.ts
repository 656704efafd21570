import type { PaymentLine } from "../../contracts/payments.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Sealer } from "../security/sealing.ts";
import { type PaymentContent, paymentContext } from "./payment-row.ts";

/** Payments of one dossier that are looked at: nobody has more. */
const MOST = 200;

/**
 * What of a dossier's fees and charges was paid here and not given back. Money about which a person has still to decide counts:
 * nobody is asked for it twice.
 */
export const readPaidLines = async (
  executor: Executor,
  { tenant, sealer }: { readonly tenant: string; readonly sealer: Sealer },
  codes: readonly string[],
): Promise<PaymentLine[]> => {
  const paid = await rows<{ id: string; content: Uint8Array }>(
    executor,
    sql`select id, content from payments
        where tenant = ${tenant} and dossier_code = any(${textArray(codes)}::text[])
          and state in ('paid', 'paid-orphan', 'refund-requested') limit ${MOST}`,
  );
  return paid.flatMap(({ id, content }) => {
    const { request } = JSON.parse(sealer.open(content, paymentContext(tenant, id))) as PaymentContent;
    return request.lines;
  });
};
