import type { WantedAlarm } from "../alarms/decide-alarms.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** So many of a kind are told at once: more of them are one disorder. */
const MOST = 50;
/** How long a change of a beneficiary, or a report that does not fit, is told. */
const TOLD_HOURS = 24;
/** A receipt that is not there by now is missing. */
const RECEIPT_HOURS = 24;

/** The alarms about money that should stand now: what a person has to decide about, or to know of. */
export const readPaymentAlarms = (executor: Executor, tenant: string): Promise<WantedAlarm[]> =>
  rows<WantedAlarm & Record<string, unknown>>(
    executor,
    sql`(select 'payment-orphan' as kind, id as subject from payments
          where tenant = ${tenant} and state = 'paid-orphan' order by id limit ${MOST})
        union all
        (select 'payment-doubtful', payment_id from payment_events
          where tenant = ${tenant} and kind = 'doubtful' and at > now() - make_interval(hours => ${TOLD_HOURS})
          group by payment_id order by payment_id limit ${MOST})
        union all
        (select 'beneficiary-changed', code from payment_beneficiaries
          where tenant = ${tenant} and is_change and since > now() - make_interval(hours => ${TOLD_HOURS})
          group by code order by code limit ${MOST})
        union all
        (select 'receipt-missing', payment_id from payment_receipts
          where tenant = ${tenant} and stored is null and wanted_at < now() - make_interval(hours => ${RECEIPT_HOURS})
          order by payment_id limit ${MOST})`,
  );
