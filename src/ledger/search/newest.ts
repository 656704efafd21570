import { type SQL, sql } from "../../database/sql.ts";
import { type EntrySearch, inRange, inState, marked, newestFirst } from "./entry-filter.ts";

/** Entries from the newest backwards until enough match: for what is common. */
export const newest = (search: EntrySearch): SQL => sql`
  select e.id, e.accepted_at from entries e
  where e.tenant = ${search.tenant} and ${inRange(sql`e`, search)} and ${marked(search)} and ${inState(search)}
  ${newestFirst} limit ${search.rows}`;
