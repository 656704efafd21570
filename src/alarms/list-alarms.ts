import type { AlarmKind, AlarmView } from "../../contracts/services/alarms.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

interface Row {
  id: string;
  kind: AlarmKind;
  severity: AlarmView["severity"];
  subject: string;
  since: string;
  cleared_at: string | null;
}

/** Alarms newest first, with the position of the next page. `standing`: only those that are not cleared, or only those that are. */
export const listAlarms = async (
  executor: Executor,
  tenant: string,
  { standing, limit, after }: { standing?: boolean | undefined; limit: number; after?: string | undefined },
): Promise<{ items: AlarmView[]; next: string | null }> => {
  const found = await rows<Row>(
    executor,
    sql`select id, kind, severity, subject, since, cleared_at from alarms
        where tenant = ${tenant}
          and ${standing === undefined ? sql`true` : sql`(cleared_at is null) = ${standing}`}
          and ${after === undefined ? sql`true` : sql`id < ${after}::bigint`}
        order by id desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  return {
    items: page.map(({ kind, severity, subject, since, cleared_at }) => ({
      kind,
      severity,
      subject,
      since: isoMoment(since),
      ...(cleared_at !== null && { clearedAt: isoMoment(cleared_at) }),
    })),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
};

/** How many alarms of each kind and subject stand now: for the metrics. */
export const countStanding = (executor: Executor, tenant: string) =>
  rows<{ kind: string; severity: string; subject: string }>(
    executor,
    sql`select kind, severity, subject from alarms where tenant = ${tenant} and cleared_at is null`,
  );
