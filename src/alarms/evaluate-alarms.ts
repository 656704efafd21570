import type { PlatformId } from "../../contracts/adapter.ts";
import { ALARMS, type AlarmView } from "../../contracts/services/alarms.ts";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
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
  readonly disabledWebhooks: (executor: Executor) => Promise<readonly string[]>;
  /** What stands about money. Absent: nothing is looked for. */
  readonly payments?: (executor: Executor) => Promise<readonly WantedAlarm[]>;
  /** Told in the transaction that writes the change: what is told is told of what stands. */
  readonly tell: (executor: Executor, changes: AlarmChanges) => Promise<void>;
}

/** An alarm that was raised or cleared. */
export type ChangedAlarm = Pick<AlarmView, "kind" | "subject" | "severity">;

/** What one evaluation changed: alarms newly raised and newly cleared. One that became worse is both. */
export interface AlarmChanges {
  readonly raised: readonly ChangedAlarm[];
  readonly cleared: readonly ChangedAlarm[];
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
  const standing = JSON.stringify(wanted.map((alarm) => ({ severity: ALARMS[alarm.kind].severity, ...alarm })));
  // First: an alarm that became worse makes room for the new one of its kind and subject.
  const cleared = await rows<ChangedAlarm & Record<string, unknown>>(
    executor,
    sql`update alarms a set cleared_at = now()
        where a.tenant = ${tenant} and a.cleared_at is null
          and not exists (select 1 from jsonb_to_recordset(${standing}::jsonb) as w(kind text, severity text, subject text)
                          where w.kind = a.kind and w.subject = a.subject and w.severity = a.severity)
        returning a.kind, a.subject, a.severity`,
  );
  const raised = await rows<ChangedAlarm & Record<string, unknown>>(
    executor,
    sql`insert into alarms (tenant, kind, severity, subject)
        select ${tenant}, w.kind, w.severity, w.subject
        from jsonb_to_recordset(${standing}::jsonb) as w(kind text, severity text, subject text)
        on conflict (tenant, kind, subject) where cleared_at is null do nothing returning kind, subject, severity`,
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
    const disabledWebhooks = await parts.disabledWebhooks(transaction);
    const signals = { now: now(), platforms, quotaOf, waiting, newCauses, disabledWebhooks };
    const money = (await parts.payments?.(transaction)) ?? [];
    const changes = await write(transaction, tenant, [...decideAlarms(signals, limits), ...money]);
    if (changes.raised.length + changes.cleared.length > 0) await parts.tell(transaction, changes);
    return changes;
  });
};
