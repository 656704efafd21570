import type { Operation, PlatformId } from "../../contracts/adapter.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { recordAct } from "../security/audit.ts";
import type { Sealer } from "../security/sealing.ts";
import { chooseItems } from "./choose-items.ts";
import { decidePace, type Pace } from "./decide-pace.ts";
import { lockReplay, type ReplayRow, selectionOfReplay } from "./lock-replay.ts";
import { releaseItems } from "./release-items.ts";
import { watchItems } from "./watch-items.ts";

/** What the runner of replays is made of. */
export interface RunnerParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly repeating: readonly Operation[];
  /** Told after the commit that a platform has work. */
  readonly wake: (platform: PlatformId) => void;
}

/** How long a replay with nothing to do is left alone, in milliseconds. */
const PAUSE_MS = 200;

/** What one batch changed. */
interface Batch {
  readonly worked: boolean;
  readonly platforms: Iterable<PlatformId>;
}

const isLeft = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from replay_items where tenant = ${tenant} and replay_id = ${id}::bigint and state = 'chosen' limit 1`,
  );
  return found.length > 0;
};

/** Ends a replay: it stopped itself, or nothing is left. The act is noted under the name of who started it. */
const end = async (
  executor: Executor,
  tenant: string,
  row: ReplayRow,
  state: "stopped" | "finished",
  cause: string | null,
): Promise<void> => {
  await executor.execute(
    sql`update replays set state = ${state}, stop_cause = ${cause} where tenant = ${tenant} and id = ${row.id}::bigint`,
  );
  await recordAct(executor, tenant, {
    actorKind: row.actor_kind,
    actor: row.actor,
    action: `replay.${state}`,
    subject: row.id,
    detail: { automatic: true, cause },
    correlationId: row.correlation_id,
  });
};

const pace = async (executor: Executor, { tenant, sealer }: RunnerParts, row: ReplayRow, left: boolean, next: Pace) => {
  if (next.stop !== undefined) {
    await end(executor, tenant, row, "stopped", next.stop);
    return { released: 0, skipped: 0, platforms: new Set<PlatformId>() };
  }
  const released = await releaseItems(executor, tenant, sealer, row, next.release);
  await executor.execute(
    sql`update replays set canary_passed = ${next.canaryPassed}, released = released + ${released.released},
               outstanding = outstanding + ${released.released}, skipped = skipped + ${released.skipped},
               released_at = case when ${released.released}::int > 0 then now() else released_at end
        where tenant = ${tenant} and id = ${row.id}::bigint`,
  );
  if (!left && row.outstanding === 0) await end(executor, tenant, row, "finished", null);
  return released;
};

/** Looks at what was sent, and sends the next; the row is locked. */
const advance = async (executor: Executor, parts: RunnerParts, row: ReplayRow): Promise<Batch> => {
  const { tenant } = parts;
  const seen = await watchItems(executor, tenant, row.id);
  const settled = seen.delivered + seen.failed + seen.skipped;
  if (settled > 0) {
    await executor.execute(
      sql`update replays set outstanding = outstanding - ${settled}, delivered = delivered + ${seen.delivered},
                 failed = failed + ${seen.failed}, skipped = skipped + ${seen.skipped}
          where tenant = ${tenant} and id = ${row.id}::bigint`,
    );
  }
  if (row.state !== "running") return { worked: settled > 0, platforms: [] };
  const now: ReplayRow = {
    ...row,
    outstanding: row.outstanding - settled,
    delivered: row.delivered + seen.delivered,
    failed: row.failed + seen.failed,
  };
  const left = await isLeft(executor, tenant, row.id);
  const next = decidePace({
    canary: now.canary,
    canaryPassed: now.canary_passed,
    ratePerSecond: now.rate_per_second,
    stopAtFailureShare: now.stop_at_failure_share,
    released: now.released,
    outstanding: now.outstanding,
    delivered: now.delivered,
    failed: now.failed,
    left,
    secondsSinceRelease: now.seconds_since_release,
  });
  const { released, skipped, platforms } = await pace(executor, parts, now, left, next);
  return { worked: settled + released + skipped > 0, platforms };
};

/**
 * Does one bounded piece of work for the replay that is due first: selects its next entries, or looks at what it sent and
 * sends the next. Progress lives in the tables alone, so that any process goes on where another ended; on Workers a cron
 * event calls it until it answers false.
 *
 * @returns whether anything was done: when not, a pause is in order.
 */
export const stepReplay = async (parts: RunnerParts): Promise<boolean> => {
  const { database, tenant, repeating, wake } = parts;
  const batch = await database.transaction(async (transaction): Promise<Batch> => {
    const row = await lockReplay(transaction, tenant);
    if (row === null) return { worked: false, platforms: [] };
    if (row.state === "running" && BigInt(row.cursor) < BigInt(row.last_id)) {
      await chooseItems(transaction, tenant, row, selectionOfReplay(row, repeating));
      return { worked: true, platforms: [] };
    }
    const done = await advance(transaction, parts, row);
    await transaction.execute(
      sql`update replays set next_at = now() + make_interval(secs => ${PAUSE_MS / 1000}::float8)
          where tenant = ${tenant} and id = ${row.id}::bigint`,
    );
    return done;
  });
  for (const platform of batch.platforms) wake(platform);
  return batch.worked;
};
