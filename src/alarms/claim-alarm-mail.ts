import type { AlarmView } from "../../contracts/services/alarms.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** One thing to be told: an alarm was raised, or was cleared. */
export interface AlarmNotice extends Pick<AlarmView, "kind" | "severity" | "subject"> {
  /** The alarm's id. */
  readonly id: string;
  readonly change: "raised" | "cleared";
  /** When it was raised or cleared, in ISO 8601. */
  readonly at: string;
}

/** What the sender may send now. */
export interface ClaimedMail {
  readonly notices: readonly AlarmNotice[];
  /** Number of this claim: only its holder may say how it ended. */
  readonly claim: number;
}

/** One look at what is to be mailed. */
export interface MailClaim {
  /** Null: nothing is due, or another process sends. */
  readonly mail: ClaimedMail | null;
  /** Notices that no server took for three days, and that are told to nobody any more. */
  readonly gaveUp: number;
}

/** Alarms are gathered this long before a mail goes out, so that a storm is one mail. */
const GATHER_SECONDS = 60;
/** A sender that has not said how it ended after this long is dead; longer than any try of a mail lasts. */
const CLAIM_SECONDS = 180;
const GIVE_UP_DAYS = 3;
/** Notices in one mail; the others go with the next. */
const MOST_NOTICES = 100;

const NOTHING: MailClaim = { mail: null, gaveUp: 0 };

/** What was over before mail was set up is not told; what stands is. */
const beginMailer = async (executor: Executor, tenant: string): Promise<void> => {
  const begun = await rows(
    executor,
    sql`insert into alarm_mailers (tenant) values (${tenant}) on conflict (tenant) do nothing returning tenant`,
  );
  if (begun.length === 0) return;
  await executor.execute(
    sql`update alarms set raised_mail = 'before', cleared_mail = 'before'
        where tenant = ${tenant} and cleared_at is not null and (raised_mail is null or cleared_mail is null)`,
  );
};

const giveUp = async (executor: Executor, tenant: string): Promise<number> => {
  const tooOld = sql`now() - make_interval(days => ${GIVE_UP_DAYS}::int)`;
  const raised = sql`raised_mail is null and since < ${tooOld}`;
  const cleared = sql`cleared_at is not null and cleared_mail is null and cleared_at < ${tooOld}`;
  const left = await rows(
    executor,
    sql`update alarms set raised_mail = case when ${raised} then 'given-up' else raised_mail end,
                          cleared_mail = case when ${cleared} then 'given-up' else cleared_mail end
        where tenant = ${tenant} and (raised_mail is null or (cleared_at is not null and cleared_mail is null))
          and ((${raised}) or (${cleared})) returning id`,
  );
  return left.length;
};

type DueNotice = AlarmNotice & { readonly gathered: boolean } & Record<string, unknown>;

const readNotices = (executor: Executor, tenant: string): Promise<DueNotice[]> =>
  rows<DueNotice>(
    executor,
    sql`select n.id::text as id, n.change, n.kind, n.severity, n.subject,
               to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
               n.at <= now() - make_interval(secs => ${GATHER_SECONDS}::int) as gathered
        from (select id, 'raised' as change, kind, severity, subject, since as at from alarms
              where tenant = ${tenant} and raised_mail is null
              union all
              select id, 'cleared', kind, severity, subject, cleared_at from alarms
              where tenant = ${tenant} and cleared_at is not null and cleared_mail is null) n
        order by n.at, n.id, n.change desc limit ${MOST_NOTICES}`,
  );

/**
 * Claims what is to be mailed, once the oldest of it was gathered long enough: one process of the deployment sends at a
 * time. The alarms themselves are the outbox, so nothing raised or cleared is forgotten, whoever evaluated it.
 */
export const claimAlarmMail = (database: Database, tenant: string): Promise<MailClaim> =>
  database.transaction(async (transaction) => {
    await beginMailer(transaction, tenant);
    const [free] = await rows<{ failures: number }>(
      transaction,
      sql`select failures from alarm_mailers
          where tenant = ${tenant} and next_at <= now() and (claimed_until is null or claimed_until <= now())
          for update skip locked`,
    );
    if (free === undefined) return NOTHING;
    // Only what was tried in vain is given up: an old alarm that still stands when mail is set up is told.
    const gaveUp = free.failures > 0 ? await giveUp(transaction, tenant) : 0;
    const notices = await readNotices(transaction, tenant);
    if (!notices.some(({ gathered }) => gathered)) return { mail: null, gaveUp };
    const [row] = await rows<{ claim: number }>(
      transaction,
      sql`update alarm_mailers set claim = claim + 1, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}::int)
          where tenant = ${tenant} returning claim`,
    );
    return { mail: row === undefined ? null : { notices, claim: row.claim }, gaveUp };
  });
