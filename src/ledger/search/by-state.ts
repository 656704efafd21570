import { type SQL, sql } from "../../database/sql.ts";
import { allOf, anyOf, type EntrySearch, inRange, marked, newestFirst } from "./entry-filter.ts";

const UNSETTLED = ["queued", "sending", "waiting", "failed"] as const;
const UNSENT = ["cancelled", "superseded"] as const;

/** Of so many newest entries it is looked up first whether they are among the unsettled: after an outage these are too many to sort. */
const WINDOW = 5000;

/** Whether nothing that was delivered is looked for: the rest is a small part of the ledger, found without going through it. */
export const isWithoutDelivered = ({ state, errorCode }: EntrySearch["filter"]): boolean =>
  errorCode !== undefined || (state !== undefined && !state.includes("delivered"));

/** Words of this file in the statement itself: only so does the planner see which partial index serves. */
const literally = (column: SQL, words: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(", "))})`;

const unsettled = (search: EntrySearch, states: readonly string[]): SQL => {
  const { tenant, filter, rows } = search;
  const isMeant = allOf(
    states.length === UNSETTLED.length ? sql`true` : literally(sql`p.state`, states),
    anyOf(sql`p.error_code`, filter.errorCode),
    anyOf(sql`p.platform`, filter.platform),
    anyOf(sql`p.operation`, filter.operation),
    anyOf(sql`p.direction`, filter.direction),
  );
  return sql`
    (with newest as materialized (
       select e.id, e.accepted_at
       from (select * from entries e where e.tenant = ${tenant} and ${inRange(sql`e`, search)} ${newestFirst} limit ${WINDOW}) e
       join lateral (select 1 from pending p where p.tenant = e.tenant and p.id = e.id and ${isMeant} offset 0) p on true
       where ${marked(search)}
       ${newestFirst} limit ${rows}
     )
     select id, accepted_at from newest where (select count(*) from newest) >= ${rows}
     union all
     (select e.id, e.accepted_at
      from (select p.tenant, p.id from pending p where p.tenant = ${tenant} and ${isMeant} offset 0) p
      join lateral (select * from entries e where e.tenant = p.tenant and e.id = p.id offset 0) e on true
      where (select count(*) from newest) < ${rows} and ${inRange(sql`e`, search)} and ${marked(search)}
      ${newestFirst} limit ${rows}))`;
};

const unsent = (search: EntrySearch, state: string): SQL => {
  const { tenant, filter, rows } = search;
  return sql`
    (select s.id, s.accepted_at
     from settled s
     join lateral (select e.* from entries e where e.tenant = s.tenant and e.id = s.id offset 0) e on ${marked(search)}
     where s.tenant = ${tenant} and ${literally(sql`s.state`, [state])} and ${inRange(sql`s`, search)}
       and ${anyOf(sql`s.platform`, filter.platform)} and ${anyOf(sql`s.direction`, filter.direction)}
     order by s.accepted_at desc, s.id desc limit ${rows})`;
};

/** Entries in states other than delivered: the unsettled from their small table, the others from an index of those that were never sent. */
export const byState = (search: EntrySearch): SQL => {
  const { state = UNSETTLED, errorCode } = search.filter;
  const open = UNSETTLED.filter((each) => state.includes(each));
  // Only what is unsettled has an error: what became of it otherwise is over.
  const over = errorCode === undefined ? UNSENT.filter((each) => state.includes(each)) : [];
  const parts = [...(open.length > 0 ? [unsettled(search, open)] : []), ...over.map((each) => unsent(search, each))];
  return parts.length === 0
    ? sql`select e.id, e.accepted_at from entries e where false`
    : sql`select id, accepted_at from (${sql.join(parts, sql` union all `)}) parts ${newestFirst} limit ${search.rows}`;
};
