import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Sealer } from "../security/sealing.ts";
import { type ChosenItem, repeatDelivered } from "./repeat-delivered.ts";

/** What one batch of releases did. */
export interface Released {
  readonly released: number;
  readonly skipped: number;
  /** To be woken after the commit. */
  readonly platforms: ReadonlySet<PlatformId>;
}

interface Verdict {
  readonly key: string;
  readonly state: "released" | "skipped";
  readonly carrier: string | null;
}

const nextChosen = (executor: Executor, tenant: string, replayId: string, limit: number): Promise<ChosenItem[]> =>
  rows<ChosenItem>(
    executor,
    sql`select i.key, i.entry_id, e.platform, e.operation, e.stream, e.subject, e.dossier_code, e.client, e.agency,
               case when e.id is null then 'dropped' else coalesce(s.state, p.state) end as state
        from replay_items i
        left join entries e on e.tenant = i.tenant and e.id = i.entry_id
        left join pending p on p.tenant = i.tenant and p.id = i.entry_id
        left join settled s on s.tenant = i.tenant and s.id = i.entry_id
        where i.tenant = ${tenant} and i.replay_id = ${replayId}::bigint and i.state = 'chosen'
        order by i.entry_id limit ${limit}`,
  );

/** Reopens failed entries as a retry by a person does. Those that somebody holds at this moment are left for the next batch. */
const reopenFailed = async (executor: Executor, tenant: string, ids: readonly string[]): Promise<Set<string>> => {
  if (ids.length === 0) return new Set();
  const reopened = await rows<{ id: string }>(
    executor,
    sql`with free as (
          select id from pending where tenant = ${tenant} and id = any(${textArray(ids)}::bigint[]) and state = 'failed'
          for update skip locked
        )
        update pending p set state = 'queued', tries = 0, tried_since = null, next_at = now() from free
        where p.tenant = ${tenant} and p.id = free.id returning p.id`,
  );
  return new Set(reopened.map(({ id }) => id));
};

const noteVerdicts = async (executor: Executor, tenant: string, replayId: string, verdicts: readonly Verdict[]) => {
  if (verdicts.length === 0) return;
  await executor.execute(
    sql`update replay_items i set state = v.state, carrier = v.carrier
        from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb) as v(key text, state text, carrier bigint)
        where i.tenant = ${tenant} and i.replay_id = ${replayId}::bigint and i.key = v.key`,
  );
};

/** What becomes of a chosen entry that was not failed; null: somebody works at its dossier, so it stays chosen. */
const repeat = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  item: ChosenItem,
  correlationId: string,
): Promise<Verdict | null> => {
  const overtaken: Verdict = { key: item.key, state: "skipped", carrier: null };
  if (item.state !== "delivered") return overtaken;
  const repeated = await repeatDelivered(executor, tenant, sealer, item, correlationId);
  if (repeated.kind === "busy") return null;
  return repeated.kind === "needless" ? overtaken : { key: item.key, state: "released", carrier: repeated.id };
};

/**
 * Releases the next entries of a replay: a failed one is reopened in its place, a delivered one gets a new entry at the
 * end of its stream. One that moved since it was selected is left alone. Waits for no lock, so that no two replays and
 * no caller can wait for each other.
 */
export const releaseItems = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  replay: { readonly id: string; readonly correlation_id: string },
  limit: number,
): Promise<Released> => {
  const items = limit > 0 ? await nextChosen(executor, tenant, replay.id, limit) : [];
  const failed = items.filter(({ state }) => state === "failed").map(({ entry_id }) => entry_id);
  const reopened = await reopenFailed(executor, tenant, failed);
  const verdicts: Verdict[] = [];
  for (const item of items) {
    const { key, entry_id: id, state } = item;
    if (state !== "failed") {
      const verdict = await repeat(executor, tenant, sealer, item, replay.correlation_id);
      if (verdict !== null) verdicts.push(verdict);
    } else if (reopened.has(id)) verdicts.push({ key, state: "released", carrier: id });
  }
  await noteVerdicts(executor, tenant, replay.id, verdicts);
  const sent = new Set(verdicts.filter(({ state }) => state === "released").map(({ key }) => key));
  return {
    released: sent.size,
    skipped: verdicts.length - sent.size,
    platforms: new Set(items.filter(({ key }) => sent.has(key)).map(({ platform }) => platform)),
  };
};
