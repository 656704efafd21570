import type { ProcedureFacts } from "../../contracts/catalogue.ts";
import { procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** What a version says, from a moment on. */
interface FactsVersion extends ProcedureFacts {
  /** Milliseconds. */
  readonly from: number;
}

/** The versions of the nearest procedure that the mirror holds, oldest first; none: it holds none. */
const readVersions = async (executor: Executor, tenant: string, code: string): Promise<readonly FactsVersion[]> => {
  const found = await rows<{ n: number } & FactsVersion>(
    executor,
    sql`select k.n::int as n, (extract(epoch from v.valid_from) * 1000)::float8 as "from", v.content ->> 'name' as name,
               coalesce(v.content #>> '{fields,0,code}', '') as "fieldCode",
               coalesce(v.content #>> '{fields,0,name}', '') as "fieldName"
        from unnest(${textArray(procedureCodeCandidates(code))}::text[]) with ordinality as k(code, n)
        join procedure_versions v on v.tenant = ${tenant} and v.code = k.code
        order by k.n, v.valid_from`,
  );
  const nearest = found[0]?.n;
  return found.filter(({ n }) => n === nearest);
};

const valid = (versions: readonly FactsVersion[], at: string): ProcedureFacts | null => {
  const moment = Date.parse(at);
  const version = versions.findLast(({ from }) => from <= moment) ?? versions[0];
  return version === undefined
    ? null
    : { name: version.name, fieldCode: version.fieldCode, fieldName: version.fieldName };
};

const MEMORY_MS = 60_000;
const MOST_REMEMBERED = 5000;

/**
 * Looks procedures up in the mirror, as they were at a moment. With a clock (monotonic milliseconds) an answer is remembered
 * for a minute: thousands of dossiers in a row are about the same few procedures.
 */
export const createFactsLookup = (executor: Executor, tenant: string, elapsed?: () => number) => {
  const remembered = new Map<string, { readonly versions: readonly FactsVersion[]; readonly since: number }>();
  return async (code: string, at: string): Promise<ProcedureFacts | null> => {
    const now = elapsed?.() ?? 0;
    const known = elapsed === undefined ? undefined : remembered.get(code);
    if (known !== undefined && now - known.since < MEMORY_MS) return valid(known.versions, at);
    const versions = await readVersions(executor, tenant, code);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(code, { versions, since: now });
    return valid(versions, at);
  };
};
