import type { ImportFinding } from "../../contracts/services/imports.ts";
import { type Database, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Sealer } from "../security/sealing.ts";
import { importContext } from "./import-context.ts";
import type { Finding } from "./work/line-outcome.ts";

/** Where a report is read from. */
export interface ReportSource {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
}

/** Lines of the file read in one statement. */
const PAGE = 500;

/** What an import has to report so far, in the order of its file, a bounded piece at a time. */
export async function* readReport(
  { database, tenant, sealer }: ReportSource,
  id: string,
): AsyncGenerator<ImportFinding[]> {
  for (let after = 0; ; ) {
    const found = await rows<{ line: number; content: Uint8Array }>(
      database,
      sql`select line, content from import_findings
          where tenant = ${tenant} and import_id = ${id}::bigint and line > ${after} order by line limit ${PAGE}`,
    );
    const last = found.at(-1);
    if (last === undefined) return;
    after = last.line;
    yield found.flatMap(({ line, content }) => {
      const findings = JSON.parse(sealer.open(content, importContext(tenant, id))) as Finding[];
      return findings.map((finding) => ({ line, ...finding }));
    });
  }
}
