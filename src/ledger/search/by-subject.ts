import { textArray } from "../../database/database.ts";
import { type SQL, sql } from "../../database/sql.ts";
import { type EntrySearch, inRange, inState, marked, newestFirst } from "./entry-filter.ts";

/**
 * Entries about given subjects or dossiers: all of them are read and sorted, for nothing has more than some hundreds. The subject of a
 * dossier's exchange is its code; what is about a dossier under another subject stands in an index of its own.
 */
export const bySubject = (search: EntrySearch): SQL => {
  const { tenant, filter, rows } = search;
  const { subject, dossierCode = [] } = filter;
  const codes = sql`${textArray(dossierCode)}::text[]`;
  const columns = sql`select e.* from entries e where e.tenant = ${tenant}`;
  const found =
    subject === undefined
      ? sql`${columns} and e.subject = any(${codes}) and e.dossier_code = e.subject
            union all ${columns} and e.dossier_code = any(${codes}) and e.dossier_code <> e.subject`
      : sql`${columns} and e.subject = any(${textArray(subject)}::text[])`;
  // Behind `offset 0`, or the order would lead the planner through the whole ledger until it has met enough of them.
  return sql`select e.id, e.accepted_at from (${found} offset 0) e
             where ${inRange(sql`e`, search)} and ${marked(search)} and ${inState(search)} ${newestFirst} limit ${rows}`;
};
