import type { SQL } from "../../database/sql.ts";
import { byAgency, isBelowAnother } from "./by-agency.ts";
import { byMark, isSeldom } from "./by-mark.ts";
import { byState, isWithoutDelivered } from "./by-state.ts";
import { bySubject } from "./by-subject.ts";
import type { EntrySearch } from "./entry-filter.ts";
import { newest } from "./newest.ts";

/**
 * The statement that finds one page, as rows `id` and `accepted_at`: each goes in by what narrows most, and applies the rest of the
 * filter to what it meets. All of them find the same entries (design section 9, "search p95 < 200 ms").
 */
export const findPage = (search: EntrySearch): SQL => {
  const { filter, boundary } = search;
  if (filter.subject !== undefined || filter.dossierCode !== undefined) return bySubject(search);
  if (isWithoutDelivered(filter)) return byState(search);
  if (isSeldom(filter)) return byMark(search);
  return isBelowAnother(boundary) ? byAgency(search) : newest(search);
};
