import { normalizeAgencyCode } from "../../../contracts/identifiers.ts";
import type { AgencyCodeEntry } from "../../../contracts/services/agency-codes.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { renewRulebook } from "../rulebook/renew-rulebook.ts";

const rowOf = ({ code, name, validFrom, validTo, successor }: AgencyCodeEntry) => ({
  code: normalizeAgencyCode(code),
  name,
  valid_from: validFrom,
  valid_to: validTo,
  successor: successor && normalizeAgencyCode(successor),
});

/** Puts these codes in place of those before, in canonical form, in the caller's transaction. */
export const replaceAgencyCodes = async (
  executor: Executor,
  tenant: string,
  codes: readonly AgencyCodeEntry[],
): Promise<void> => {
  // Two callers at once would otherwise leave a mixture of both.
  await executor.execute(sql`select pg_advisory_xact_lock(hashtextextended('agency-codes:' || ${tenant}, 0))`);
  await executor.execute(sql`delete from agency_codes where tenant = ${tenant}`);
  await executor.execute(
    sql`insert into agency_codes (tenant, code, name, valid_from, valid_to, successor)
        select ${tenant}, c.code, c.name, c.valid_from, c.valid_to, c.successor
        from jsonb_to_recordset(${JSON.stringify(codes.map(rowOf))}::text::jsonb)
          as c(code text, name text, valid_from date, valid_to date, successor text)`,
  );
  await renewRulebook(executor, tenant);
};
