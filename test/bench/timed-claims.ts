import type { Deployment } from "../../src/wiring.ts";

/** One claim of a dispatcher: when it began, since the clock was started, and how long it took. Milliseconds. */
export interface TimedClaim {
  readonly at: number;
  readonly ms: number;
  readonly entries: number;
}

/** A deployment whose claims are written down. */
export const withTimedClaims = (deployment: Deployment, begun: number, claims: TimedClaim[]): Deployment => ({
  ...deployment,
  dispatch: (...parts) => {
    const { ledger, ...others } = deployment.dispatch(...parts);
    const claim = async (limit: number) => {
      const started = performance.now();
      const claimed = await ledger.claim(limit);
      const ms = performance.now() - started;
      claims.push({ at: started - begun, ms, entries: claimed.length });
      return claimed;
    };
    return { ...others, ledger: { ...ledger, claim } };
  },
});

/** Pure: the mean time in milliseconds of the claims that began in `[from, to)` and found work. */
export const meanClaim = (claims: readonly TimedClaim[], from: number, to: number): number => {
  const within = claims.filter(({ at, entries }) => at >= from && at < to && entries > 0);
  return within.reduce((sum, { ms }) => sum + ms, 0) / within.length;
};
