import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** A line and the dossier it is about. */
export interface CodedLine {
  readonly line: number;
  readonly code: string;
}

/** Notes the dossiers of these lines; gives the lines that are the first of the file about their dossier. */
export const claimCodes = async (
  executor: Executor,
  tenant: string,
  importId: string,
  lines: readonly CodedLine[],
): Promise<ReadonlySet<number>> => {
  if (lines.length === 0) return new Set();
  const asked = JSON.stringify(lines.map(({ line, code }) => ({ line, code })));
  const first = await rows<{ line: number }>(
    executor,
    sql`insert into import_codes (tenant, import_id, code, line)
        select ${tenant}, ${importId}::bigint, code, line from jsonb_to_recordset(${asked}::jsonb) as asked(code text, line int)
        order by line
        on conflict do nothing returning line`,
  );
  return new Set(first.map(({ line }) => line));
};
