import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { Sealer } from "../../security/sealing.ts";
import { readBatch } from "../batch-text.ts";
import type { FileLine } from "../file-line.ts";
import { importContext } from "../import-context.ts";
import type { ImportRow } from "./lock-import.ts";

/** The next lines of an import, of one batch. A batch whose last line is among them goes with this transaction: nobody needs it any more. */
export const takeLines = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  { id, upload, done }: ImportRow,
  limit: number,
): Promise<FileLine[]> => {
  const [batch] = await rows<{ first: number; lines: number; content: Uint8Array }>(
    executor,
    sql`select first, lines, content from import_batches
        where tenant = ${tenant} and import_id = ${id}::bigint and upload = ${upload} and first <= ${done + 1}
        order by first desc limit 1`,
  );
  const skipped = batch === undefined ? 0 : done + 1 - batch.first;
  if (batch === undefined || skipped >= batch.lines) throw new Error(`import ${id} has no line ${done + 1}`);
  const taken = readBatch(sealer.open(batch.content, importContext(tenant, id))).slice(skipped, skipped + limit);
  if (skipped + taken.length === batch.lines) {
    await executor.execute(
      sql`delete from import_batches
          where tenant = ${tenant} and import_id = ${id}::bigint and upload = ${upload} and first = ${batch.first}`,
    );
  }
  return taken;
};
