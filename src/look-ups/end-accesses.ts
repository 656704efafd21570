import type { ErrorCode } from "../../contracts/errors.ts";
import type { AccessOutcome } from "../../contracts/services/access-records.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** How an access ended. */
export interface AccessEnd {
  readonly id: string;
  readonly outcome: AccessOutcome;
  readonly errorCode?: ErrorCode;
  /** Names of the fields released. */
  readonly fields: readonly string[];
  readonly latencyMs: number;
  /** What the registry knows the questions by. */
  readonly upstreamIds: readonly string[];
}

/** Records how accesses ended, all or none, in one statement. An access ends once: what was recorded first stays. */
export const endAccesses = async (executor: Executor, tenant: string, ends: readonly AccessEnd[]): Promise<void> => {
  const given = ends.map(({ fields, upstreamIds, latencyMs, ...end }) => ({
    ...end,
    latencyMs: Math.max(0, Math.round(latencyMs)),
    fields: fields.join(","),
    upstreamIds: upstreamIds.join(","),
  }));
  await executor.execute(
    sql`insert into access_record_ends (tenant, id, outcome, error_code, fields, latency_ms, upstream_ids)
        select ${tenant}, id, outcome, "errorCode", string_to_array(fields, ','), "latencyMs", string_to_array("upstreamIds", ',')
        from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as e(
          id text, outcome text, "errorCode" text, fields text, "latencyMs" int, "upstreamIds" text)
        on conflict do nothing`,
  );
};
