import { sql } from "drizzle-orm";
import type { PlatformId } from "../../contracts/adapter.ts";
import { ALARMS } from "../../contracts/services/alarms.ts";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { ALARM_LIMITS, type AlarmLimits, decideAlarms, type WantedAlarm } from "./decide-alarms.ts";
import { readNewCauses, readWaiting } from "./read-signals.ts";

/** What the evaluator is made of. */
export interface EvaluatorParts {
  readonly database: Database;
  readonly tenant: string;
  readonly now: () => Date;
  /** The lines of the platforms: breaker, last good call, quota, certificate. */
  readonly platforms: (executor: Executor) => Promise<readonly PlatformLine[]>;
  readonly quotaOf: (platform: PlatformId) => number | undefined;
  readonly limits?: AlarmLimits;
}

/** What one evaluation changed: alarms newly raised and newly cleared. */
export interface AlarmChanges {
  readonly raised: readonly WantedAlarm[];
  readonly cleared: readonly WantedAlarm[];
}

/** The alarms are evaluated this often in the whole deployment. */
const ROUND_SECONDS = 30;

/** Takes the round if it is due. The row stays locked until the round is written: one process evaluates at a time. */
const takeRound = async (executor: Executor, tenant: string): Promise<boolean> => {
  const next = sql`now() + make_interval(secs => ${ROUND_SECONDS}::int)`;
  const taken = await rows(
    executor,
    sql`insert into alarm_rounds (tenant, next_at) values (${tenant}, ${next})
        on conflict (tenant) do update set next_at = ${next} where alarm_rounds.next_at <= now() returning tenant`,
  );
  return taken.length > 0;
};

const write = async (executor: Executor, tenant: string, wanted: readonly WantedAlarm[]): Promise<AlarmChanges> => {
  const standing = JSON.stringify(wanted.map((alarm) => ({ ...alarm, severity: ALARMS[alarm.kind].severity })));
  const raised = await rows<WantedAlarm & Record<string, unknown>>(
    executor,
    sql`insert into alarms (tenant, kind, severity, subject)
        select ${tenant}, w.kind, w.severity, w.subject
        from jsonb_to_recordset(${standing}::jsonb) as w(kind text, severity text, subject text)
        on conflict (tenant, kind, subject) where cleared_at is null do nothing returning kind, subject`,
  );
  const cleared = await rows<WantedAlarm & Record<string, unknown>>(
    executor,
    sql`update alarms a set cleared_at = now()
        where a.tenant = ${tenant} and a.cleared_at is null
          and not exists (select 1 from jsonb_to_recordset(${standing}::jsonb) as w(kind text, subject text)
                          where w.kind = a.kind and w.subject = a.subject)
        returning a.kind, a.subject`,
  );
  return { raised, cleared };
};

/**
 * Evaluates the alarms if a round is due: raises those that should stand, clears those that should not. Any process may
 * call it as often as it likes; on Workers a cron event does.
 *
 * @returns what changed, or null when no round was due.
 */
export const evaluateAlarms = async (parts: EvaluatorParts): Promise<AlarmChanges | null> => {
  const { database, tenant, now, quotaOf, limits = ALARM_LIMITS } = parts;
  return database.transaction(async (transaction) => {
    if (!(await takeRound(transaction, tenant))) return null;
    const platforms = await parts.platforms(transaction);
    const waiting = await readWaiting(transaction, tenant);
    const newCauses = await readNewCauses(transaction, tenant);
    return write(transaction, tenant, decideAlarms({ now: now(), platforms, quotaOf, waiting, newCauses }, limits));
  });
};
