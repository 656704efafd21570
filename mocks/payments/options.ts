/** How one simulated platform that takes payments is set up. Only the clock must be given. */
export interface PaymentSimulatorOptions {
  readonly now: () => Date;
  /** The province's address for reports; none: nothing is reported until the control names one. */
  readonly notifyUrl?: string | undefined;
  /** Where payers come back to, at platforms that are told so once and for all. */
  readonly returnUrl?: string | undefined;
  /** Slows answers; real time unless given. */
  readonly wait?: (ms: number) => Promise<void>;
  /** How the province is called; the global one unless given. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

const realWait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A province that does not answer must not hold the payer's browser for ever. */
const REPORT_TIMEOUT_MS = 15_000;

/** The same with every default filled in. */
export const withDefaults = (options: PaymentSimulatorOptions) => ({
  now: options.now,
  wait: options.wait ?? realWait,
  fetch:
    options.fetch ??
    ((url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(REPORT_TIMEOUT_MS) })),
  place: { notifyUrl: options.notifyUrl, returnUrl: options.returnUrl },
});
