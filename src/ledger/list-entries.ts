import { type Executor, rows } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";
import type { EntryRow } from "./entry-view.ts";
import type { EntrySearch } from "./search/entry-filter.ts";
import { findPage } from "./search/find-page.ts";

/** The entry query: one row per entry `e` of `source`, with its present or final state. */
export const entryQuery = (source: SQL): SQL => sql`
  select e.id, e.direction, e.platform, e.operation, e.subject, e.dossier_code, e.client, coalesce(p.priority, e.priority) as priority, e.correlation_id,
         e.accepted_at, coalesce(s.state, p.state) as state, coalesce(s.attempts, p.attempts) as attempts,
         case when p.state in ('queued', 'waiting') then p.next_at end as next_at, s.settled_at, s.superseded_by, e.replay_of,
         p.error_code, p.platform_code, p.error_message,
         case when p.state in ('queued', 'waiting') then
           (select b.id from pending b where b.tenant = p.tenant and b.stream = p.stream and b.position < p.position
              and b.state = 'failed' order by b.position limit 1) end as blocked_by
  from ${source}
  left join lateral (select * from pending p where p.tenant = e.tenant and p.id = e.id offset 0) p on true
  left join lateral (select * from settled s where s.tenant = e.tenant and s.id = e.id offset 0) s on true`;

/**
 * Entries within the boundary, newest first. The page is found first, and what it shows is read for its rows alone.
 *
 * @param search asks for one row more than the page has, so that the caller knows whether there is a next one.
 */
export const listEntries = async (executor: Executor, search: EntrySearch): Promise<EntryRow[]> => {
  const page = sql`page join lateral (select e.* from entries e where e.tenant = ${search.tenant} and e.id = page.id offset 0) e on true`;
  return rows<EntryRow>(
    executor,
    sql`with page as materialized (${findPage(search)}) ${entryQuery(page)} order by e.accepted_at desc, e.id desc`,
  );
};
