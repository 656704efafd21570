import { canonicalProcedureCode, procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import type { PaymentBeneficiary } from "../../contracts/payments.ts";
import type { BeneficiaryView } from "../../contracts/services/payments.ts";
import { type Executor, isoMoment, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** The code whose beneficiary serves every procedure without one of its own (api section 6). */
export const DEFAULT_BENEFICIARY = "default";

interface Row {
  code: string;
  account: string;
  bank: string;
  name: string;
  client: string;
  since: string;
}

const viewOf = ({ code, account, bank, name, client, since }: Row): BeneficiaryView => ({
  procedureCode: code,
  account,
  bank,
  name,
  since: isoMoment(since),
  setBy: client,
});

const codesFor = (code: string): readonly string[] =>
  code === DEFAULT_BENEFICIARY ? [code] : [...procedureCodeCandidates(code), DEFAULT_BENEFICIARY];

/** Whose account the money for a procedure goes to: the nearest code's, else the default's; null: nobody was put. */
export const readBeneficiary = async (
  executor: Executor,
  tenant: string,
  code: string,
): Promise<BeneficiaryView | null> => {
  const [row] = await rows<Row>(
    executor,
    sql`select o.code, o.account, o.bank, o.name, o.client, o.since
        from unnest(${textArray(codesFor(code))}::text[]) with ordinality as k(code, n)
        join payment_beneficiaries o on o.tenant = ${tenant} and o.code = k.code
        order by k.n, o.id desc limit 1`,
  );
  return row === undefined ? null : viewOf(row);
};

/**
 * Puts a beneficiary, for payments made after its commit. The same again changes nothing; `isChange` says that another account took
 * the place of one, which an alarm tells.
 */
export const putBeneficiary = async (
  executor: Executor,
  tenant: string,
  client: string,
  put: PaymentBeneficiary & { readonly code: string },
): Promise<{ readonly view: BeneficiaryView; readonly isChange: boolean }> => {
  const code = put.code === DEFAULT_BENEFICIARY ? put.code : canonicalProcedureCode(put.code);
  const [before] = await rows<Row>(
    executor,
    sql`select code, account, bank, name, client, since from payment_beneficiaries
        where tenant = ${tenant} and code = ${code} order by id desc limit 1`,
  );
  const isSame =
    before !== undefined && before.account === put.account && before.bank === put.bank && before.name === put.name;
  if (isSame) return { view: viewOf(before), isChange: false };
  const isChange = before !== undefined;
  const [row] = await rows<Row>(
    executor,
    sql`insert into payment_beneficiaries (tenant, code, account, bank, name, client, is_change)
        values (${tenant}, ${code}, ${put.account}, ${put.bank}, ${put.name}, ${client}, ${isChange})
        returning code, account, bank, name, client, since`,
  );
  if (row === undefined) throw new Error("the beneficiary was not stored");
  return { view: viewOf(row), isChange };
};
