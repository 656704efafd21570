import type { z } from "zod";
import { canonicalProcedureCode, procedureCodeCandidates } from "../../../contracts/identifiers/procedure-codes.ts";
import type { PolicyView, procedurePolicySchema } from "../../../contracts/services/procedures.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { renewRulebook } from "../../life-cycle/rulebook/renew-rulebook.ts";
import { type PolicyRow, putPolicyView } from "./policy-view.ts";

/** Which procedure a policy was put for. */
export interface StoredPolicy {
  /** The catalogue's code where it is mirrored, else the canonical one. */
  readonly code: string;
  readonly inCatalogue: boolean;
  readonly policy: PolicyView;
}

/**
 * Puts a policy, in the transaction of the change: every put accepted after its commit is treated by it. It is the
 * province's own decision, so it may be put before the catalogue is mirrored; the ones before stay, with their decisions.
 */
export const putPolicy = async (
  executor: Executor,
  tenant: string,
  client: string,
  code: string,
  { policy, decision, reason }: z.infer<typeof procedurePolicySchema>,
): Promise<StoredPolicy> => {
  const [stored] = await rows<PolicyRow & { platform_code: string | null }>(
    executor,
    sql`with nearest as (
          select p.code, p.platform_code
          from unnest(${textArray(procedureCodeCandidates(code))}::text[]) with ordinality as k(code, n)
          join procedures p on p.tenant = ${tenant} and p.code = k.code order by k.n limit 1
        )
        insert into procedure_policies (tenant, code, policy, decision, reason, client)
        values (${tenant}, coalesce((select code from nearest), ${canonicalProcedureCode(code)}), ${policy}, ${decision},
                ${reason ?? null}, ${client})
        returning policy, decision, reason, client, since, (select platform_code from nearest) as platform_code`,
  );
  if (stored === undefined) throw new Error("the policy was not stored");
  await renewRulebook(executor, tenant);
  return {
    code: stored.platform_code ?? canonicalProcedureCode(code),
    inCatalogue: stored.platform_code !== null,
    policy: putPolicyView(stored),
  };
};
