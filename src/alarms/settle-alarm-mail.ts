import { type Database, type Executor, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { AlarmNotice, ClaimedMail } from "./claim-alarm-mail.ts";

/** The first pause after a mail that could not be sent; it doubles up to the longest. */
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3600;

const idsOf = (notices: readonly AlarmNotice[], change: AlarmNotice["change"]) =>
  sql`${textArray(notices.filter((notice) => notice.change === change).map(({ id }) => id))}::text[]::bigint[]`;

/**
 * Records that the mail went out. What it told is marked even if the claim has passed to another process meanwhile: it
 * was told.
 */
export const settleSentMail = (database: Database, tenant: string, { notices, claim }: ClaimedMail): Promise<void> =>
  database.transaction(async (transaction) => {
    await transaction.execute(
      sql`update alarms set raised_mail = 'sent' where tenant = ${tenant} and id = any(${idsOf(notices, "raised")})`,
    );
    await transaction.execute(
      sql`update alarms set cleared_mail = 'sent' where tenant = ${tenant} and id = any(${idsOf(notices, "cleared")})`,
    );
    await transaction.execute(
      sql`update alarm_mailers set claimed_until = null, failures = 0, next_at = now()
          where tenant = ${tenant} and claim = ${claim}`,
    );
  });

/** Records that the mail could not be sent: the next try comes after a pause that doubles each time. */
export const settleFailedMail = async (executor: Executor, tenant: string, { claim }: ClaimedMail): Promise<void> => {
  const pause = sql`least(${LONGEST_PAUSE_SECONDS}::float8, ${FIRST_PAUSE_SECONDS} * 2.0 ^ least(failures, 20))`;
  await executor.execute(
    sql`update alarm_mailers set claimed_until = null, failures = failures + 1,
                                 next_at = now() + make_interval(secs => ${pause})
        where tenant = ${tenant} and claim = ${claim}`,
  );
};
