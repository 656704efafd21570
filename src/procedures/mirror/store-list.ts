import type { ListedProcedure } from "../../../contracts/catalogue.ts";
import { canonicalProcedureCode } from "../../../contracts/identifiers/procedure-codes.ts";
import { checkProcedureCode } from "../../../contracts/identifiers.ts";
import type { Database } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { lockMirror } from "./claim-mirror.ts";

/** More procedures than any catalogue has; the rest of a longer list is left out and counted. */
const MOST_LISTED = 50_000;

/** Stores what is to be read by this run, each procedure once. False: the mirror is somebody else's by now. */
export const storeList = (
  database: Database,
  tenant: string,
  fence: string,
  listed: readonly ListedProcedure[],
): Promise<boolean> => {
  const known = listed.filter(({ code }) => checkProcedureCode(code).ok).slice(0, MOST_LISTED);
  const byCode = new Map(known.map(({ code }) => [canonicalProcedureCode(code), code]));
  const codes = JSON.stringify([...byCode].map(([code, given]) => ({ code, given })));
  return database.transaction(async (executor) => {
    if (!(await lockMirror(executor, tenant, fence))) return false;
    await executor.execute(sql`delete from procedure_mirror_codes where tenant = ${tenant}`);
    await executor.execute(
      sql`insert into procedure_mirror_codes (tenant, code, platform_code)
          select ${tenant}, code, given from jsonb_to_recordset(${codes}::jsonb) as r(code text, given text)`,
    );
    await executor.execute(
      sql`update procedure_mirrors set stage = 'reading', listed = ${listed.length}, read = 0, changed = 0,
            skipped = ${listed.length - byCode.size}
          where tenant = ${tenant}`,
    );
    return true;
  });
};
