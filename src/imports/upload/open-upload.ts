import type { Caller } from "../../caller.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { ImportFormat } from "../file-line.ts";

/** What an import is asked to do. */
export interface ImportRequest {
  readonly format: ImportFormat;
  readonly known: boolean;
  readonly dryRun: boolean;
  readonly ratePerSecond: number;
}

/** One time of sending a file. Only the newest one of an import may store lines. */
export interface Upload {
  readonly id: string;
  readonly upload: number;
}

/**
 * Begins an import, or begins the upload of an incomplete one anew: it was sent before under the same key and cut off.
 * Whoever still sends it under that key is refused from here on, so that a caller need not wait for a dead connection.
 */
export const openUpload = async (
  executor: Executor,
  tenant: string,
  caller: Caller,
  { format, known, dryRun, ratePerSecond }: ImportRequest,
): Promise<Upload> => {
  const [row] = await rows<Upload>(
    executor,
    sql`insert into imports (tenant, client, agency, format, language, is_known, is_dry_run, rate_per_second, correlation_id,
                             idempotency_key)
        values (${tenant}, ${caller.client}, ${caller.agency}, ${format}, ${caller.language}, ${known}, ${dryRun},
                ${ratePerSecond}, ${caller.correlationId}, ${caller.idempotencyKey?.key ?? null})
        on conflict (tenant, client, idempotency_key) where state = 'incomplete' and idempotency_key is not null
        do update set upload = imports.upload + 1, lines = 0, format = excluded.format, agency = excluded.agency,
                      language = excluded.language, is_known = excluded.is_known, is_dry_run = excluded.is_dry_run,
                      rate_per_second = excluded.rate_per_second, correlation_id = excluded.correlation_id,
                      heard_at = now(), is_unclean = true
        returning id, upload`,
  );
  if (row === undefined) throw new Error("insert returned no row");
  return row;
};
