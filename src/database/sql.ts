import { type SQL as Statement, sql as template } from "drizzle-orm/sql/sql";

/** A statement, or a part of one, with its parameters. */
export type SQL = Statement;

/**
 * The template that statements are written with: values in it become parameters. Named here once for all: the package's own
 * index loads the dialects of every database, and each file that imports from the package costs a start two milliseconds.
 */
export const sql = template;
