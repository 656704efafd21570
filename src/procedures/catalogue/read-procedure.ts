import { procedureCodeCandidates } from "../../../contracts/identifiers/procedure-codes.ts";
import type { ProcedureContent, ProcedureView } from "../../../contracts/services/procedures.ts";
import { type Executor, isoMoment, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type PolicyRow, policyView, putPolicyView } from "./policy-view.ts";

interface Row {
  platform_code: string;
  is_listed: boolean;
  fetched_at: string;
  valid_from: string;
  valid_to: string | null;
  has_no_result: boolean;
  has_no_fees: boolean;
  content: ProcedureContent;
  versions: string[];
  policies: PolicyRow[] | null;
}

/**
 * `GET /v1/procedures/{code}`: the nearest procedure that the mirror holds, whatever suffix the code has, in the version
 * valid at a moment (ISO 8601); before its first version, that one. Null: it is not mirrored.
 */
export const readProcedure = async (
  executor: Executor,
  tenant: string,
  code: string,
  at: string | undefined,
): Promise<ProcedureView | null> => {
  const moment = at === undefined ? sql`now()` : sql`${at}::timestamptz`;
  const [row] = await rows<Row>(
    executor,
    sql`select p.platform_code, p.is_listed, p.fetched_at, v.valid_from, v.has_no_result, v.has_no_fees, v.content,
               (select min(n.valid_from) from procedure_versions n
                where n.tenant = p.tenant and n.code = p.code and n.valid_from > v.valid_from) as valid_to,
               (select jsonb_agg(n.valid_from order by n.valid_from desc) from procedure_versions n
                where n.tenant = p.tenant and n.code = p.code) as versions,
               (select jsonb_agg(to_jsonb(o) order by o.id desc) from procedure_policies o
                where o.tenant = p.tenant and o.code = p.code) as policies
        from unnest(${textArray(procedureCodeCandidates(code))}::text[]) with ordinality as k(code, n)
        join procedures p on p.tenant = ${tenant} and p.code = k.code
        join lateral (
          select * from procedure_versions v where v.tenant = p.tenant and v.code = p.code
          order by v.valid_from <= ${moment} desc, case when v.valid_from <= ${moment} then v.valid_from end desc nulls last,
                   v.valid_from
          limit 1) v on true
        order by k.n limit 1`,
  );
  if (row === undefined) return null;
  const policies = row.policies ?? [];
  return {
    code: row.platform_code,
    isListed: row.is_listed,
    fetchedAt: isoMoment(row.fetched_at),
    validFrom: isoMoment(row.valid_from),
    ...(row.valid_to !== null && { validTo: isoMoment(row.valid_to) }),
    noResultDocument: row.has_no_result,
    allFeesZero: row.has_no_fees,
    content: row.content,
    policy: policyView(policies[0] ?? null, row.has_no_result),
    policies: policies.map(putPolicyView),
    versions: row.versions.map((from) => ({ validFrom: isoMoment(from) })),
  };
};
