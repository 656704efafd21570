import type { ActView } from "../../contracts/services/audit.ts";
import { type Executor, isoMoment, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What acts can be filtered by; a list means "or". */
export interface ActFilter {
  readonly actor?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only acts of these clients; absent: everybody's. */
  readonly clients?: readonly string[] | undefined;
}

interface Row extends Omit<ActView, "actorKind" | "correlationId"> {
  actor_kind: ActView["actorKind"];
  correlation_id: string;
}

const isOneOf = (column: string, values: readonly string[] | undefined) =>
  values === undefined ? sql`true` : sql`${sql.raw(column)} = any(${textArray(values)}::text[])`;

/** Acts newest first, with the position of the next page. */
export const listActs = async (
  executor: Executor,
  tenant: string,
  { actor, action, subject, from, to, clients }: ActFilter,
  limit: number,
  after?: string,
): Promise<{ items: ActView[]; next: string | null }> => {
  const conditions = [
    sql`tenant = ${tenant}`,
    isOneOf("actor", actor),
    isOneOf("action", action),
    isOneOf("subject", subject),
    from === undefined ? sql`true` : sql`at >= ${from}::timestamptz`,
    to === undefined ? sql`true` : sql`at < ${to}::timestamptz`,
    clients === undefined ? sql`true` : sql`actor_kind = 'client' and ${isOneOf("actor", clients)}`,
    after === undefined ? sql`true` : sql`id < ${after}::bigint`,
  ];
  const found = await rows<Row>(
    executor,
    sql`select id, at, actor_kind, actor, action, subject, detail, correlation_id from audit
        where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  return {
    items: page.map((row) => ({
      id: row.id,
      at: isoMoment(row.at),
      actorKind: row.actor_kind,
      actor: row.actor,
      action: row.action,
      subject: row.subject,
      detail: row.detail,
      correlationId: row.correlation_id,
    })),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
};
