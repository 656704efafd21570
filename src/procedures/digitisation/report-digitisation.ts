import type { Boundary } from "../../../contracts/ledger.ts";
import type { DigitisationReport } from "../../../contracts/services/digitisation.ts";
import { PROCEDURE_POLICIES } from "../../../contracts/services/procedures.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import { DIGITISATION_DEFINITION } from "./definition.ts";
import { type DossierKind, inForce, ratesOf, untreated } from "./judge-digitisation.ts";

/** Instants; `from` inclusive, `to` exclusive. */
export interface ReportPeriod {
  readonly from: string;
  readonly to: string;
}

type Row = Omit<DossierKind, "code" | "policy"> & { code: string | null; policy: DossierKind["policy"] | null };

const readKinds = (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  { from, to }: ReportPeriod,
): Promise<Row[]> => {
  const flag = (name: string) => sql`coalesce((d.procedure_facts ->> ${sql.raw(`'${name}'`)})::boolean, false)`;
  return rows<Row>(
    executor,
    sql`select d.procedure_facts ->> 'code' as code, d.procedure_facts ->> 'policy' as policy, ${flag("noResult")} as "noResult",
               ${flag("components")} as components, ${flag("result")} as result, ${flag("acknowledged")} as acknowledged,
               count(*)::int as count
        from dossiers d
        where d.tenant = ${tenant} and ${within(sql`d.agency`, boundary)}
          and d.received_at >= ${from}::timestamptz and d.received_at < ${to}::timestamptz
        group by 1, 2, 3, 4, 5, 6 order by 1, 2`,
  );
};

const sumOf = (kinds: readonly { readonly count: number }[]): number =>
  kinds.reduce((sum, { count }) => sum + count, 0);

const beforeAndAfter = (kinds: readonly DossierKind[]) => ({
  dossiers: sumOf(kinds),
  before: ratesOf(kinds, untreated),
  after: ratesOf(kinds, inForce),
});

/** What each policy would make of the procedures without a result document; whether it would be acknowledged is taken for granted. */
const compare = (kinds: readonly DossierKind[]): DigitisationReport["comparison"] =>
  PROCEDURE_POLICIES.map((policy) => ({
    policy,
    rates: ratesOf(
      kinds.map((kind) => (kind.noResult ? { ...kind, acknowledged: true } : kind)),
      (kind) => (kind.noResult ? policy : "none"),
    ),
  }));

/** `GET /v1/reports/digitisation`: before and after the policies, with the definition beside the numbers. */
export const reportDigitisation = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  period: ReportPeriod,
): Promise<DigitisationReport> => {
  const found = await readKinds(executor, tenant, boundary, period);
  const kinds = found.flatMap(({ code, policy, ...rest }): DossierKind[] =>
    code === null || policy === null ? [] : [{ code, policy, ...rest }],
  );
  const byProcedure = Map.groupBy(kinds, ({ code, policy, noResult }) => `${code} ${policy} ${noResult}`);
  const byPolicy = Map.groupBy(kinds, ({ policy }) => policy);
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    definition: DIGITISATION_DEFINITION,
    unknown: sumOf(found) - sumOf(kinds),
    ...beforeAndAfter(kinds),
    policies: PROCEDURE_POLICIES.flatMap((policy) => {
      const own = byPolicy.get(policy) ?? [];
      const procedures = new Set(own.map(({ code }) => code)).size;
      return own.length === 0 ? [] : [{ policy, procedures, ...beforeAndAfter(own) }];
    }),
    comparison: compare(kinds),
    procedures: [...byProcedure.values()].flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const { code, noResult: noResultDocument, policy } = first;
      return [{ code, noResultDocument, policy, ...beforeAndAfter(own) }];
    }),
  };
};
