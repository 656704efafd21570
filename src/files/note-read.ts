import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Who opened a file, and how that ended. */
export interface FileRead {
  readonly fileId: string;
  /** A keyed digest of the asker's address; null where the runtime does not know it. */
  readonly asker: string | null;
  /** `served`: the answer began; `cut`: it ended before its end; else why there was none. */
  readonly outcome: string;
  /** Of `served`: to be given, null when not known beforehand; of `cut`: those that were given. */
  readonly bytes: number | null;
  readonly correlationId: string;
}

/** Appends one read. */
export const noteRead = async (
  executor: Executor,
  tenant: string,
  { fileId, asker, outcome, bytes, correlationId }: FileRead,
): Promise<void> => {
  await executor.execute(
    sql`insert into file_reads (tenant, file_id, asker, outcome, bytes, correlation_id)
        values (${tenant}, ${fileId}, ${asker}, ${outcome}, ${bytes}, ${correlationId})`,
  );
};
