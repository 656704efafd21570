import type { Boundary } from "../../contracts/ledger.ts";
import { type SQL, sql } from "./sql.ts";

/** The access boundary as a condition on a column of canonical agency codes (api section 1, "Ownership"). */
export const within = (column: SQL, boundary: Boundary): SQL =>
  boundary === null ? sql`true` : sql`(${column} = ${boundary} or starts_with(${column}, ${`${boundary}.`}))`;
