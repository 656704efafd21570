import { ENTRY_OPERATIONS, PLATFORMS } from "../../../contracts/adapter.ts";
import { textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { type EntryFilter, type EntrySearch, inRange, inState, marked, newestFirst } from "./entry-filter.ts";

/** What most entries are; the index `entries_seldom` (migration 0015) leaves them out, so that accepting them costs nothing more. */
const USUAL_PLATFORM = "national-portal";
const USUAL_OPERATIONS: readonly string[] = ["dossier.put", "dossier.step"];

/** Whether nothing usual can match. */
export const isSeldom = ({ direction, platform, operation }: EntryFilter): boolean =>
  (direction !== undefined && !direction.includes("out")) ||
  (platform !== undefined && !platform.includes(USUAL_PLATFORM)) ||
  (operation !== undefined && !operation.some((each) => USUAL_OPERATIONS.includes(each)));

/** Seldom entries: the newest of each direction, platform and operation, and the newest of those. Where there are none, nothing is read. */
export const byMark = (search: EntrySearch): SQL => {
  const { tenant, filter, rows } = search;
  const directions = filter.direction ?? ["out", "in"];
  const platforms = filter.platform ?? PLATFORMS;
  const operations = filter.operation ?? ENTRY_OPERATIONS;
  return sql`
    select found.id, found.accepted_at
    from unnest(${textArray(directions)}::text[]) d(direction) cross join unnest(${textArray(platforms)}::text[]) m(platform)
    cross join unnest(${textArray(operations)}::text[]) o(operation)
    cross join lateral (
      select e.id, e.accepted_at from entries e
      where e.tenant = ${tenant} and e.direction = d.direction and e.platform = m.platform and e.operation = o.operation
        and (e.direction <> 'out' or e.platform <> 'national-portal' or e.operation not in ('dossier.put', 'dossier.step'))
        and ${inRange(sql`e`, search)} and ${marked(search)} and ${inState(search)}
      ${newestFirst} limit ${rows}) found
    ${newestFirst} limit ${rows}`;
};
