/** How one simulated set of registers is set up. Only the clock and the source of tokens must be given. */
export interface EnterpriseOptions {
  readonly now: () => Date;
  /** Makes a new, unguessable token. */
  readonly newToken: () => string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Of the service bus of Hồ Chí Minh City. */
  readonly appName?: string;
  readonly partnerCode?: string;
  /** Seconds that a token lives (registries section 1.4). */
  readonly tokenLifeSeconds?: number;
  /** False: generation 2 asks for no token. */
  readonly guardsV2?: boolean;
  /** Slows answers; real time unless given. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** The same with every default filled in. */
export type EnterpriseSettings = Required<EnterpriseOptions>;

/** The defaults; credentials are of the simulator alone. */
export const ENTERPRISE_DEFAULTS = {
  clientId: "mock-enterprise-client",
  clientSecret: "mock-enterprise-secret",
  appName: "LienThongGateway",
  partnerCode: "000.00.00.H04",
  tokenLifeSeconds: 3600,
  guardsV2: true,
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
} as const;

/** Where the three faces stand below the simulator's address (registries section 1.4). */
export const BASES = { v1: "/apiCSDLDKDN/1.0", v2: "/apiDKKD", hcm: "/esb" } as const;
