import type { Boundary } from "../../../contracts/ledger.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import { type EntrySearch, inRange, inState, marked, newestFirst } from "./entry-filter.ts";

/** Whether the boundary is that of an agency below the province or ministry: of much that others accepted it sees little. */
export const isBelowAnother = (boundary: Boundary): boolean => boundary?.includes(".") ?? false;

/** Entries of an agency and those below it: the newest of each, and the newest of those. The book knows which have any. */
export const byAgency = (search: EntrySearch): SQL => {
  const { tenant, boundary, rows } = search;
  const known = sql`b.tenant = ${tenant} and b.state = 'accepted' and ${within(sql`b.agency`, boundary)}`;
  return sql`
    select found.id, found.accepted_at
    from (select b.agency from ledger_sums b where ${known} union select b.agency from tallies b where ${known}) a
    cross join lateral (
      select e.id, e.accepted_at from entries e
      where e.tenant = ${tenant} and e.agency = a.agency and strpos(e.agency, '.') > 0
        and ${inRange(sql`e`, search)} and ${marked(search)} and ${inState(search)}
      ${newestFirst} limit ${rows}) found
    ${newestFirst} limit ${rows}`;
};
