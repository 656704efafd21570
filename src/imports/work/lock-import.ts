import type { Language } from "../../../contracts/text.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { ImportFormat } from "../file-line.ts";

/** An import as whoever works at it needs it. */
export interface ImportRow {
  id: string;
  client: string;
  agency: string;
  format: ImportFormat;
  language: Language;
  is_known: boolean;
  is_dry_run: boolean;
  rate_per_second: number;
  correlation_id: string;
  upload: number;
  lines: number;
  done: number;
  /** Since its rate was used up. */
  credit_seconds: number;
}

/**
 * Takes the import that is due first and locks its row for this transaction: one process works at an import at a time, and
 * one that dies lets go at once.
 */
export const lockImport = async (executor: Executor, tenant: string): Promise<ImportRow | null> => {
  const [row] = await rows<ImportRow>(
    executor,
    sql`select id, client, agency, format, language, is_known, is_dry_run, rate_per_second, correlation_id, upload, lines, done,
               extract(epoch from now() - credit_at)::float8 as credit_seconds
        from imports
        where tenant = ${tenant} and state = 'running' and next_at <= now()
        order by next_at limit 1 for update skip locked`,
  );
  return row ?? null;
};
