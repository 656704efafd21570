import type { DigitisationRates } from "../../../contracts/services/digitisation.ts";
import type { ProcedurePolicy } from "../../../contracts/services/procedures.ts";

/** Dossiers of one procedure that stand alike. */
export interface DossierKind {
  readonly code: string;
  readonly policy: ProcedurePolicy;
  readonly noResult: boolean;
  readonly components: boolean;
  readonly result: boolean;
  readonly acknowledged: boolean;
  readonly count: number;
}

/** What a kind of dossier counts for: not at all, or met or not. */
type Judgement = { readonly eResult: boolean | null; readonly digitised: boolean | null };

const asPut = ({ components, result }: DossierKind): Judgement => ({
  eResult: result,
  digitised: components && result,
});

/** Pure: indicators 4.1 and 4.2 of a kind of dossier under a policy (domain sections 2.6 and 3.7). */
const JUDGED: Readonly<Record<ProcedurePolicy, (kind: DossierKind) => Judgement>> = {
  none: asPut,
  "exclude-by-metadata": (kind) => (kind.noResult ? { eResult: null, digitised: kind.components } : asPut(kind)),
  "auto-acknowledgement": (kind) => asPut({ ...kind, result: kind.result || kind.acknowledged }),
  "mark-digitised": (kind) => ({ eResult: kind.result, digitised: true }),
  "do-not-sync": () => ({ eResult: null, digitised: null }),
};

const rate = (kinds: readonly DossierKind[], judge: (kind: DossierKind) => boolean | null) => {
  const sum = (wanted: (met: boolean | null) => boolean) =>
    kinds.reduce((total, kind) => total + (wanted(judge(kind)) ? kind.count : 0), 0);
  const counted = sum((met) => met !== null);
  const met = sum((judged) => judged === true);
  return { counted, met, percent: counted === 0 ? null : Math.round((met / counted) * 10_000) / 100 };
};

/** Pure: both indicators of these dossiers, each under the policy that `policyOf` gives it. */
export const ratesOf = (
  kinds: readonly DossierKind[],
  policyOf: (kind: DossierKind) => ProcedurePolicy,
): DigitisationRates => ({
  eResult: rate(kinds, (kind) => JUDGED[policyOf(kind)](kind).eResult),
  digitised: rate(kinds, (kind) => JUDGED[policyOf(kind)](kind).digitised),
});

/** The policy as it was in force. */
export const inForce = ({ policy }: DossierKind): ProcedurePolicy => policy;

/** No policy at all. */
export const untreated = (): ProcedurePolicy => "none";
