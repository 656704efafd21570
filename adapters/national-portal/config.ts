import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { readStatusMap, type StatusMap } from "./status-map.ts";

/** What the adapter needs to speak shape A, "mapi" (np 1.1). Holds a secret: never print it whole. */
export interface PortalConfig {
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
  /** Agency code of the caller, in every envelope. */
  readonly madonvi: string;
  readonly statusMap: StatusMap;
}

/** The setting without which the portal is not configured (design section 8). */
export const ADDRESS_SETTING = "NATIONAL_PORTAL_URL";

/** The one profile spoken so far. */
export const PROFILE = "mapi";

const PREFIX = "NATIONAL_PORTAL_";
const DEFAULT_PATH = "/mapi/g";
const PATH = /^\/[^\s?#]*$/u;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/u;

/** The settings `NATIONAL_PORTAL_*`, empty as absent; collects faults that name a setting and never a secret. */
const openReader = (settings: Settings) => {
  const faults: string[] = [];
  const optional = (name: string): string | undefined => settings[PREFIX + name] || undefined;
  const fault = (name: string, text: string): void => {
    faults.push(`${PREFIX}${name} ${text}`);
  };
  return { faults, optional, fault };
};

type Reader = ReturnType<typeof openReader>;

const required = ({ optional, fault }: Reader, name: string, what: string): string => {
  const value = optional(name);
  if (value === undefined) fault(name, `is missing: ${what}`);
  return value ?? "";
};

const readPath = ({ optional, fault }: Reader, name: string): string => {
  const value = optional(name) ?? DEFAULT_PATH;
  if (!PATH.test(value)) fault(name, "must be a path that begins with / and has no space, ? or #");
  return value;
};

const checkAddress = ({ fault }: Reader, text: string): void => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) fault("URL", "is not an http or https address");
  else if (url.username !== "" || url.password !== "") {
    fault("URL", `must not hold a user name or password; use ${PREFIX}USERNAME and ${PREFIX}PASSWORD`);
  }
};

const checkProfile = ({ optional, fault }: Reader): void => {
  const profile = optional("PROFILE") ?? PROFILE;
  if (profile !== PROFILE) fault("PROFILE", `not supported yet: "${profile}"; this version speaks "${PROFILE}"`);
};

const readDestination = ({ optional, fault }: Reader): Pick<PortalConfig, "dstcode" | "dstcodeIn"> => {
  const dstcode = optional("DSTCODE");
  if (dstcode !== undefined && !VISIBLE_ASCII.test(dstcode)) fault("DSTCODE", "must be plain text without spaces");
  const where = optional("DSTCODE_IN") ?? "header";
  if (where !== "header" && where !== "query") fault("DSTCODE_IN", 'must be "header" or "query"');
  return { ...(dstcode === undefined ? {} : { dstcode }), dstcodeIn: where === "query" ? "query" : "header" };
};

const readAgency = ({ optional, fault }: Reader, settings: Settings): string => {
  const madonvi = optional("MADONVI") ?? (settings["AGENCY_CODE"] || undefined);
  if (madonvi === undefined) fault("MADONVI", "is missing, and so is AGENCY_CODE: the agency code of the caller");
  return madonvi ?? "";
};

/**
 * Reads the settings `NATIONAL_PORTAL_*` of profile `mapi` (design section 8). Without an address the portal is
 * absent, whatever else is set. Every fault is listed at once; no secret is repeated in one.
 */
export const readConfig = (settings: Settings): ConfigReading<PortalConfig> => {
  const reader = openReader(settings);
  const url = reader.optional("URL");
  if (url === undefined) return { kind: "absent" };

  checkAddress(reader, url);
  checkProfile(reader);
  const statuses = readStatusMap(reader.optional("STATUS_MAP"));
  const config: PortalConfig = {
    url: url.replace(/\/+$/u, ""),
    username: required(reader, "USERNAME", "the account that the portal gave the province, often its agency code"),
    password: required(reader, "PASSWORD", "the password of that account"),
    ...readDestination(reader),
    integrationPath: readPath(reader, "INTEGRATION_PATH"),
    sharePath: readPath(reader, "SHARE_PATH"),
    madonvi: readAgency(reader, settings),
    statusMap: statuses.map,
  };
  for (const text of statuses.faults) reader.fault("STATUS_MAP", text);

  return reader.faults.length > 0 ? { kind: "faulty", faults: reader.faults } : { kind: "configured", config };
};
