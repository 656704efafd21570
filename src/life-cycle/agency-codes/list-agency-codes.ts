import { normalizeAgencyCode } from "../../../contracts/identifiers.ts";
import type { AgencyCodeEntry } from "../../../contracts/services/agency-codes.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";

interface Row {
  code: string;
  name: string;
  valid_from: string | null;
  valid_to: string | null;
  successor: string | null;
}

/** Which codes of the list. */
export interface AgencyCodeQuery {
  /** A code in either form: itself and those below it. */
  readonly code?: string | undefined;
  /** The last code of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const entryOf = (row: Row): AgencyCodeEntry => ({
  code: row.code,
  name: row.name,
  ...(row.valid_from !== null && { validFrom: row.valid_from }),
  ...(row.valid_to !== null && { validTo: row.valid_to }),
  ...(row.successor !== null && { successor: row.successor }),
});

/** The agency codes as put, in the order of their canonical form. */
export const listAgencyCodes = async (
  executor: Executor,
  tenant: string,
  { code, after, limit }: AgencyCodeQuery,
): Promise<AgencyCodeEntry[]> => {
  const found = await rows<Row>(
    executor,
    sql`select code, name, to_char(valid_from, 'YYYY-MM-DD') as valid_from, to_char(valid_to, 'YYYY-MM-DD') as valid_to,
               successor
        from agency_codes
        where tenant = ${tenant} and ${within(sql`code`, code === undefined ? null : normalizeAgencyCode(code))}
          and (${after ?? null}::text is null or code collate "C" > ${after ?? null}::text collate "C")
        order by code collate "C" limit ${limit}::int`,
  );
  return found.map(entryOf);
};
