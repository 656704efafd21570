import { PAPERS_PROVIDER_URL } from "../../contracts/platforms/national-portal/personal-papers.ts";
import type { Effect } from "./state.ts";

/** Where effects are kept across restarts. */
export interface EffectJournal {
  /** What was kept, in order. */
  readonly effects: Iterable<Effect>;
  /** Keeps one effect; returns once it is safe. An exception means that it did not take place. */
  append(effect: Effect): void;
}

/** How one simulated portal is set up. Only the clock and the source of sessions must be given. */
export interface NationalPortalOptions {
  readonly now: () => Date;
  /** Makes a new, unguessable session. */
  readonly newSession: () => string;
  readonly username?: string;
  readonly password?: string;
  /** The agency code that callers must give as `madonvi` (np 1.1). */
  readonly madonvi?: string;
  /** Expected in header or query (np 1.1); `""` asks for none, as the portal's test environment did. */
  readonly dstcode?: string;
  /** A path that the portal is reachable under besides the root, such as `/XrdAdapter/RestService/forward` (np 1.1). */
  readonly prefix?: string;
  /** Path of procedure detail, look-up and all writes. */
  readonly integrationPath?: string;
  /** Path of catalogues and the procedure list. */
  readonly sharePath?: string;
  /** Life of a session; the true one was not found, clients keep theirs 10 minutes (np 1.1). */
  readonly sessionLifeMs?: number;
  /** Steps taken in one call; the true limit was not found, one client sends at most 10 (np 6.4). */
  readonly maxStepsPerCall?: number;
  /** The header that the façade asks for; `""` asks for none (np 1.2). */
  readonly facadeAuthorization?: string;
  /** Who may take a token of the connector (np 1.3). */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Paths of the connector's create and next-value calls; the real ones were not found (np 1.3). */
  readonly createPath?: string;
  readonly numberPath?: string;
  /** How the connector writes its token's answer: both ways were seen (np 1.3). */
  readonly tokenAnswer?: "bare" | "wrapped";
  /** How it writes its list of dossiers, `{Total, Data}` where counted: both ways were seen (np 1.3). */
  readonly listAnswer?: "bare" | "counted";
  /** Who may ask the store of personal papers, and where: the paths of its list and its files were not found (np 2.5). */
  readonly papersUsername?: string;
  readonly papersPassword?: string;
  readonly papersProviderUrl?: string;
  readonly papersListPath?: string;
  readonly papersFilePath?: string;
  readonly dossierCodePattern?: RegExp;
  /** Procedure codes that the catalogue does not hold. */
  readonly unknownProcedures?: readonly string[];
  /** Adds the dossier's status to a row of `TraCuuHoSo` under this key; no client shows such a key (np 5.4). */
  readonly lookupStatusKey?: string;
  readonly journal?: EffectJournal;
  /** How latency is waited for. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Every setting, decided. */
export type PortalSettings = Required<Omit<NationalPortalOptions, "journal" | "lookupStatusKey">> &
  Pick<NationalPortalOptions, "journal" | "lookupStatusKey">;

/** What a portal is set up with where nothing else is said: the credentials of the demonstration. */
export const PORTAL_DEFAULTS = {
  username: "000.00.00.H04",
  password: "demo-portal-password",
  madonvi: "000.00.00.H04",
  dstcode: "VN:GOV:000.00.00.G22:vpcpdvcprovider",
  prefix: "",
  integrationPath: "/mapi/g",
  sharePath: "/mapi/g",
  sessionLifeMs: 15 * 60_000,
  maxStepsPerCall: 10,
  facadeAuthorization: "Bearer demo-facade-token",
  clientId: "demo-connector-client",
  clientSecret: "demo-connector-secret",
  createPath: "/connector/connector/v1/hoso/noihoso",
  numberPath: "/connector/connector/v1/hoso/nextvalue",
  tokenAnswer: "bare" as "bare" | "wrapped",
  listAnswer: "bare" as "bare" | "counted",
  papersUsername: "000.00.00.H04",
  papersPassword: "demo-papers-password",
  papersProviderUrl: PAPERS_PROVIDER_URL,
  papersListPath: "/bndp/private/v1/giayto/danhsach",
  papersFilePath: "/bndp/private/v1/giayto/tep",
  // np 4, the validator suggested there.
  dossierCodePattern: /^(\d{3}(\.\d{2}){2}\.[GHK]\d{2}|[GHK]\d{2}(\.\d{2,3})*)-(\d{6}|\d{8})-\d{4,7}$/u,
  unknownProcedures: [] as readonly string[],
  wait: (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms);
    }),
} as const;
