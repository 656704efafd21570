import type { Database, Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { copyWindow, createCopies, dropCopies } from "./copy-window.ts";
import { dropMonth, forgetMonth, isPast } from "./drop-month.ts";
import { dropSettled } from "./drop-settled.ts";
import { eraseCorrections } from "./erase-corrections.ts";
import { eraseKept } from "./erase-kept.ts";
import { type HistoryMonth, listDueMonths, lockMonth } from "./history-month.ts";
import { isLockRefused } from "./lock-patience.ts";
import { momentOf } from "./moment-of.ts";
import { noteDeliveries } from "./note-deliveries.ts";
import type { RetentionPolicy } from "./retention-policy.ts";
import { swapCopies } from "./swap-copies.ts";

/** What retention is made of. */
export interface RetentionParts {
  readonly database: Database;
  readonly policy: RetentionPolicy;
}

/** How long something has to be past its time, by every look at it, before it goes: clocks jump, and nothing comes back. */
const SURE_SECONDS = 24 * 3600;

type Step = (executor: Executor, month: HistoryMonth, policy: RetentionPolicy, at?: Date) => Promise<boolean>;

/** Whether the month is due for a day already; if not, that it is due is noted. */
const isSure: Step = async (executor, { name, due_for }, _policy, at) => {
  if (due_for !== null && due_for >= 0) return due_for >= SURE_SECONDS;
  await executor.execute(sql`update history_months set due_at = ${momentOf(at)} where name = ${name}`);
  return false;
};

const eraseBodies: Step = async (executor, month, { bodiesDays }, at) => {
  if (!month.is_copying) await createCopies(executor, month);
  if (await copyWindow(executor, month, bodiesDays, at)) return true;
  if (await swapCopies(executor, month, at)) await eraseCorrections(executor, month);
  else await dropCopies(executor, month);
  return true;
};

const dropEntries: Step = async (executor, month, { entriesDays }, at) => {
  if (!(await isPast(executor, month, entriesDays, at))) return false;
  if (month.is_noted) return dropMonth(executor, month, at);
  await noteDeliveries(executor, month, at);
  return true;
};

const advance: Step = async (executor, month, policy, at) => {
  if (month.bounds === null) {
    await forgetMonth(executor, month);
    return true;
  }
  if ((month.bodies_due || month.entries_due) && (await isSure(executor, month, policy, at))) {
    if (month.entries_due && (await dropEntries(executor, month, policy, at))) return true;
    if (month.bodies_due) return eraseBodies(executor, month, policy, at);
  }
  if ((await eraseKept(executor, month, policy.bodiesDays, at)) === 0) return false;
  await eraseCorrections(executor, month);
  return true;
};

/**
 * Does one bounded piece of retention (design section 6, "Evidence"): copies some entries of a month without their bodies, puts a
 * finished copy in the month's place, drops a month. Each piece is one transaction, and how far each month is stands in its row, so
 * that any process goes on where another ended or was killed; two never work at one month.
 *
 * @param at in place of the database's clock.
 * @returns whether anything was done: when not, a pause is in order. A lock that could not be had soon is such a case.
 */
export const stepRetention = async ({ database, policy }: RetentionParts, at?: Date): Promise<boolean> => {
  const months = await listDueMonths(database, policy, at);
  try {
    for (const name of months) {
      const worked = await database.transaction(async (transaction) => {
        const month = await lockMonth(transaction, name, policy, at);
        return month !== null && (await advance(transaction, month, policy, at));
      });
      if (worked) return true;
    }
    return await dropSettled(database, policy.entriesDays, at);
  } catch (error) {
    if (isLockRefused(error)) return false;
    throw error;
  }
};
