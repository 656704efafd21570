import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { PROFILES, type ProfileName } from "./profile.ts";
import { type PapersConfig, readPapers } from "./profiles/mapi/papers-config.ts";
import { openSettings, type PortalSettings } from "./settings.ts";
import { readStatusMap, type StatusMap } from "./status-map.ts";

/** What every profile needs. */
interface CommonConfig {
  /** Agency code of the caller. */
  readonly madonvi: string;
  readonly statusMap: StatusMap;
  /** How many steps of one dossier may go in one call, 1 to 10. */
  readonly stepsPerCall: number;
}

/** Shape A, "mapi" (np 1.1). Holds a secret: never print it whole. */
export interface MapiConfig extends CommonConfig {
  readonly profile: "mapi";
  /** Address of the province's own security-server adapter (`ADAPTER_URL`), without a trailing slash. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** X-Road style destination; absent in environments that have none (np 1.1, "Retired test quirk"). */
  readonly dstcode?: string;
  /** Clients in use disagree where `dstcode` goes (np 1.1). */
  readonly dstcodeIn: "header" | "query";
  /** Path of procedure detail, look-up and all writes, below `url`. */
  readonly integrationPath: string;
  /** Path of the catalogues, below `url`. */
  readonly sharePath: string;
  /** The key that rows of `TraCuuHoSo` show a dossier's status under; absent: they show none (np 5.4). */
  readonly lookupStatusKey?: string;
  /** Hosts besides that of `url` that files are fetched from, with their ports. */
  readonly fileHosts: readonly string[];
  /** The national store of personal papers; absent: it is not asked. */
  readonly papers?: PapersConfig;
}

/** Shape B, "lgsp-facade": one address per operation (np 1.2). Holds a secret. */
export interface FacadeConfig extends CommonConfig {
  readonly profile: "lgsp-facade";
  /** Takes new dossiers; without `updateUrl` also changed ones, told apart by `isUpdating` in the query. */
  readonly createUrl: string;
  readonly updateUrl?: string;
  readonly progressUrl: string;
  /** Absent: no status of a portal-born dossier can be sent. */
  readonly statusUrl?: string;
  /** What `LayThuTuc` is below. */
  readonly readUrl: string;
  /** The whole header `Authorization`, where the façade wants one. */
  readonly authorization?: string;
}

/** Shape C, "connector-v1" (np 1.3). Holds a secret. */
export interface ConnectorConfig extends CommonConfig {
  readonly profile: "connector-v1";
  /** Base address, without a trailing slash. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Path of the create call "NoiHoSo", below `url`. */
  readonly createPath: string;
  /** Path of the "next value" call; absent: a dossier keeps the province's code. */
  readonly numberPath?: string;
}

/** What the adapter needs to speak one profile. */
export type PortalConfig = MapiConfig | FacadeConfig | ConnectorConfig;

/** The setting without which the portal is not configured in the default profile (design section 8). */
export const ADDRESS_SETTING = "NATIONAL_PORTAL_URL";

const DEFAULT_PATH = "/mapi/g";
/** By analogy with its neighbours below `hoso/`; the real one was not found (np 1.3). */
const DEFAULT_CREATE_PATH = "/connector/connector/v1/hoso/noihoso";
const VISIBLE_ASCII = /^[\x21-\x7e]+$/u;
const HEADER_VALUE = /^[\x20-\x7e]+$/u;

const trimmed = (url: string | undefined): string => (url ?? "").replace(/\/+$/u, "");

const readDestination = ({ optional, fault }: PortalSettings): Pick<MapiConfig, "dstcode" | "dstcodeIn"> => {
  const dstcode = optional("DSTCODE");
  if (dstcode !== undefined && !VISIBLE_ASCII.test(dstcode)) fault("DSTCODE", "must be plain text without spaces");
  const where = optional("DSTCODE_IN") ?? "header";
  if (where !== "header" && where !== "query") fault("DSTCODE_IN", 'must be "header" or "query"');
  return { ...(dstcode === undefined ? {} : { dstcode }), dstcodeIn: where === "query" ? "query" : "header" };
};

const readLookupStatusKey = ({ optional, fault }: PortalSettings): Pick<MapiConfig, "lookupStatusKey"> => {
  const lookupStatusKey = optional("LOOKUP_STATUS_KEY");
  if (lookupStatusKey === undefined) return {};
  if (!/^\w{1,50}$/u.test(lookupStatusKey)) fault("LOOKUP_STATUS_KEY", "is no name of a field");
  return { lookupStatusKey };
};

const readFileHosts = ({ optional, fault }: PortalSettings): readonly string[] => {
  const hosts = (optional("FILE_HOSTS") ?? "").split(",").map((host) => host.trim().toLowerCase());
  const given = hosts.filter((host) => host !== "");
  const isHost = (host: string): boolean => URL.canParse(`http://${host}`) && /^[^/?#@]+$/u.test(host);
  if (!given.every(isHost)) fault("FILE_HOSTS", "is no comma list of hosts such as files.example.vn or 10.1.2.3:8080");
  return given;
};

/** As many as a client in use sends (np 6, item 4). */
const MOST_STEPS = 10;

const readStepsPerCall = ({ optional, fault }: PortalSettings): number => {
  const given = optional("STEPS_PER_CALL") ?? "1";
  const steps = /^\d{1,2}$/u.test(given) ? Number(given) : 0;
  if (steps < 1 || steps > MOST_STEPS) fault("STEPS_PER_CALL", `must be a whole number from 1 to ${MOST_STEPS}`);
  return steps;
};

const readMapi = (settings: PortalSettings, common: CommonConfig): MapiConfig => ({
  profile: "mapi",
  url: trimmed(settings.address("URL")),
  username: settings.required("USERNAME", "the account that the portal gave the province, often its agency code"),
  password: settings.required("PASSWORD", "the password of that account"),
  ...readDestination(settings),
  integrationPath: settings.path("INTEGRATION_PATH", DEFAULT_PATH) ?? "",
  sharePath: settings.path("SHARE_PATH", DEFAULT_PATH) ?? "",
  ...readLookupStatusKey(settings),
  fileHosts: readFileHosts(settings),
  ...readPapers(settings),
  ...common,
});

const readFacade = (settings: PortalSettings, common: CommonConfig): FacadeConfig => {
  const updateUrl = settings.address("UPDATE_URL");
  const statusUrl = settings.address("STATUS_URL");
  const authorization = settings.optional("AUTHORIZATION");
  if (authorization !== undefined && !HEADER_VALUE.test(authorization)) {
    settings.fault("AUTHORIZATION", "is no value of a header: plain text on one line");
  }
  settings.required("PROGRESS_URL", "the address that takes progress steps (DongBoTienTrinh)");
  settings.required("READ_URL", "the address that LayThuTuc is below");
  return {
    profile: "lgsp-facade",
    createUrl: settings.address("CREATE_URL") ?? "",
    ...(updateUrl === undefined ? {} : { updateUrl }),
    progressUrl: settings.address("PROGRESS_URL") ?? "",
    ...(statusUrl === undefined ? {} : { statusUrl }),
    readUrl: settings.address("READ_URL") ?? "",
    ...(authorization === undefined ? {} : { authorization }),
    ...common,
  };
};

const readConnector = (settings: PortalSettings, common: CommonConfig): ConnectorConfig => {
  const numberPath = settings.path("NUMBER_PATH");
  return {
    profile: "connector-v1",
    url: trimmed(settings.address("URL")),
    clientId: settings.required("CLIENT_ID", "the client that the portal gave the province"),
    clientSecret: settings.required("CLIENT_SECRET", "the secret of that client"),
    createPath: settings.path("CREATE_PATH", DEFAULT_CREATE_PATH) ?? "",
    ...(numberPath === undefined ? {} : { numberPath }),
    ...common,
  };
};

/** The first address that each profile calls, and how its settings are read. */
const READERS = {
  mapi: { address: "URL", read: readMapi },
  "lgsp-facade": { address: "CREATE_URL", read: readFacade },
  "connector-v1": { address: "URL", read: readConnector },
} as const;

const isProfile = (name: string): name is ProfileName => (PROFILES as readonly string[]).includes(name);

/**
 * Reads the settings `NATIONAL_PORTAL_*` of the chosen profile (design section 8). Without the first address that the
 * profile calls the portal is absent, whatever else is set. Every fault is listed at once; no secret is repeated in one.
 */
export const readConfig = (given: Settings): ConfigReading<PortalConfig> => {
  const settings = openSettings(given);
  const named = settings.optional("PROFILE") ?? "mapi";
  const profile = isProfile(named) ? named : undefined;
  // A profile that nobody knows has no address of its own: any that is set says that the portal was meant to be there.
  const addresses = profile === undefined ? (["URL", "CREATE_URL"] as const) : [READERS[profile].address];
  if (addresses.every((address) => settings.optional(address) === undefined)) return { kind: "absent" };
  if (profile === undefined) settings.fault("PROFILE", `knows no "${named}"; use ${PROFILES.join(", ")}`);

  const statuses = readStatusMap(settings.optional("STATUS_MAP"));
  const stepsPerCall = readStepsPerCall(settings);
  const common: CommonConfig = { madonvi: settings.agency(), statusMap: statuses.map, stepsPerCall };
  const config = READERS[profile ?? "mapi"].read(settings, common);
  for (const text of statuses.faults) settings.fault("STATUS_MAP", text);
  return settings.faults.length > 0 ? { kind: "faulty", faults: settings.faults } : { kind: "configured", config };
};
