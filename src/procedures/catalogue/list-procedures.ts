import type { ProcedureLine, ProcedurePolicy } from "../../../contracts/services/procedures.ts";
import { type Executor, isoMoment, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { nameWords } from "../../security/name-words.ts";
import { type PolicyRow, policyView } from "./policy-view.ts";

/** Which procedures are listed. */
export interface ProcedureFilter {
  /** The beginning of a code, or beginnings of words of the name, without regard to case and accents. */
  readonly q?: string | undefined;
  readonly policy?: readonly ProcedurePolicy[] | undefined;
}

interface Row {
  platform_code: string;
  code: string;
  name: string;
  is_listed: boolean;
  valid_from: string;
  has_no_result: boolean;
  has_no_fees: boolean;
  put: PolicyRow | null;
}

const matching = (q: string | undefined) => {
  if (q === undefined) return sql`true`;
  const words = nameWords(q);
  // Words are letters and digits: none of them means anything to `like`.
  const patterns = textArray(words.map((word) => `% ${word}%`));
  const named = words.length === 0 ? sql`false` : sql`p.words like all(${patterns}::text[])`;
  return sql`(starts_with(p.code, ${q.trim()}) or starts_with(p.platform_code, ${q.trim()}) or ${named})`;
};

const line = (row: Row): ProcedureLine => ({
  code: row.platform_code,
  name: row.name,
  isListed: row.is_listed,
  validFrom: isoMoment(row.valid_from),
  noResultDocument: row.has_no_result,
  allFeesZero: row.has_no_fees,
  policy: policyView(row.put, row.has_no_result),
});

/** The catalogue as it is mirrored, in the order of the codes. `next` is the canonical code that the page ends with. */
export const listProcedures = async (
  executor: Executor,
  tenant: string,
  { q, policy }: ProcedureFilter,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ items: ProcedureLine[]; next: string | null }> => {
  const found = await rows<Row>(
    executor,
    sql`select p.platform_code, p.code, v.content ->> 'name' as name, p.is_listed, p.valid_from, v.has_no_result,
               v.has_no_fees, l.put
        from procedures p
        join procedure_versions v on v.tenant = p.tenant and v.code = p.code and v.valid_from = p.valid_from
        left join lateral (
          select to_jsonb(o) as put, o.policy from procedure_policies o
          where o.tenant = p.tenant and o.code = p.code order by o.id desc limit 1) l on true
        where p.tenant = ${tenant} and ${matching(q)} and ${after === undefined ? sql`true` : sql`p.code > ${after}`}
          and ${
            policy === undefined
              ? sql`true`
              : sql`coalesce(l.policy, case when v.has_no_result then 'exclude-by-metadata' else 'none' end)
                    = any(${textArray(policy)}::text[])`
          }
        order by p.code limit ${limit + 1}`,
  );
  const items = found.slice(0, limit);
  return { items: items.map(line), next: found.length > limit ? (items.at(-1)?.code ?? null) : null };
};
