import { canonicalProcedureCode, procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import { CITIZEN_FIELDS } from "../../contracts/registries.ts";
import type { LookUpPolicyView } from "../../contracts/services/citizens.ts";
import { type Executor, isoMoment, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";

interface Row {
  code: string;
  fields: string[];
  reason: string;
  client: string;
  since: string;
}

// What an older version stored and this one does not know is released no more.
const viewOf = ({ code, fields, reason, client, since }: Row): LookUpPolicyView => ({
  procedureCode: code,
  fields: CITIZEN_FIELDS.filter((field) => fields.includes(field)),
  isDefault: false,
  reason,
  since: isoMoment(since),
  setBy: client,
});

/** The policy in force for a procedure: that of the nearest code for which one was put; nobody put one: nothing is released. */
export const readLookUpPolicy = async (executor: Executor, tenant: string, code: string): Promise<LookUpPolicyView> => {
  const [row] = await rows<Row>(
    executor,
    sql`select o.code, to_jsonb(o.fields) as fields, o.reason, o.client, o.since
        from unnest(${textArray(procedureCodeCandidates(code))}::text[]) with ordinality as k(code, n)
        join look_up_policies o on o.tenant = ${tenant} and o.code = k.code
        order by k.n, o.id desc limit 1`,
  );
  return row === undefined ? { procedureCode: canonicalProcedureCode(code), fields: [], isDefault: true } : viewOf(row);
};

/** Puts a policy, in the transaction of the change: it holds for every look-up begun after its commit; those before stay. */
export const putLookUpPolicy = async (
  executor: Executor,
  tenant: string,
  client: string,
  code: string,
  { fields, reason }: { readonly fields: readonly string[]; readonly reason: string },
): Promise<LookUpPolicyView> => {
  const [row] = await rows<Row>(
    executor,
    sql`insert into look_up_policies (tenant, code, fields, reason, client)
        values (${tenant}, ${canonicalProcedureCode(code)}, ${textArray(fields)}::text[], ${reason}, ${client})
        returning code, to_jsonb(fields) as fields, reason, client, since`,
  );
  if (row === undefined) throw new Error("the policy was not stored");
  return viewOf(row);
};
