import { type SQL, sql } from "../database/sql.ts";

/** A moment handed in as an expression; the database's clock without one. */
export const momentOf = (at: Date | undefined): SQL =>
  at === undefined ? sql`now()` : sql`${at.toISOString()}::timestamptz`;

/** The moment that lies so many days before. */
export const daysBefore = (at: Date | undefined, days: number): SQL =>
  sql`(${momentOf(at)} - make_interval(days => ${days}::int))`;
