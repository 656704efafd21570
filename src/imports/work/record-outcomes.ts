import { createBlob } from "../../database/blob.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { Sealer } from "../../security/sealing.ts";
import { importContext } from "../import-context.ts";
import type { LineOutcome } from "./line-outcome.ts";

/** Where the outcomes of an import go. */
export interface OutcomeBook {
  readonly executor: Executor;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly importId: string;
}

/** Counts what became of lines and keeps what there is to report. Once in the transaction that did the lines: so each is done once. */
export const recordOutcomes = async (
  { executor, tenant, sealer, importId }: OutcomeBook,
  outcomes: readonly LineOutcome[],
): Promise<void> => {
  const count = (result: LineOutcome["result"]) => outcomes.filter((outcome) => outcome.result === result).length;
  const warnings = outcomes.flatMap(({ findings }) => findings).filter(({ kind }) => kind === "warning").length;
  const blob = createBlob();
  const findings = outcomes.flatMap(({ line, findings }) =>
    findings.length === 0
      ? []
      : [{ line, ...blob.add(sealer.seal(JSON.stringify(findings), importContext(tenant, importId))) }],
  );
  await executor.execute(
    sql`with counted as (
          update imports set done = done + ${outcomes.length}, accepted = accepted + ${count("accepted")},
                 unchanged = unchanged + ${count("unchanged")}, refused = refused + ${count("refused")},
                 warnings = warnings + ${warnings}
          where tenant = ${tenant} and id = ${importId}::bigint
        )
        insert into import_findings (tenant, import_id, line, content)
        select ${tenant}, ${importId}::bigint, line, substr(${blob.bytes()}::bytea, "from", length)
        from jsonb_to_recordset(${JSON.stringify(findings)}::jsonb) as r(line int, "from" int, length int)`,
  );
};
