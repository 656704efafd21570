import type { Settings } from "../../contracts/adapter.ts";

/** What every setting of the portal is named after. */
export const PREFIX = "NATIONAL_PORTAL_";

/** The settings that hold secrets (design section 8). */
const SECRET = ["PASSWORD", "AUTHORIZATION", "CLIENT_SECRET", "PAPERS_PASSWORD"] as const;

/** The settings of all profiles, without their prefix: what is not in this list cannot be read. */
export const SETTING_NAMES = [
  ...(["URL", "PROFILE", "MADONVI", "STATUS_MAP", "USERNAME", "DSTCODE", "DSTCODE_IN", "INTEGRATION_PATH"] as const),
  ...(["SHARE_PATH", "CREATE_URL", "UPDATE_URL", "PROGRESS_URL", "STATUS_URL", "READ_URL"] as const),
  ...(["CLIENT_ID", "CREATE_PATH", "NUMBER_PATH", "LOOKUP_STATUS_KEY", "STEPS_PER_CALL", "FILE_HOSTS"] as const),
  ...(["PAPERS_LIST_PATH", "PAPERS_FILE_PATH", "PAPERS_PROVIDER_URL", "PAPERS_USERNAME"] as const),
  ...SECRET,
] as const;

/** The full names of the settings that hold secrets, for the log's redaction list. */
export const SECRET_SETTINGS: readonly string[] = SECRET.map((name) => PREFIX + name);

type Name = (typeof SETTING_NAMES)[number];

/** Reads the settings `NATIONAL_PORTAL_*`, empty as absent; collects faults that name a setting and never a secret. */
export interface PortalSettings {
  readonly faults: readonly string[];
  optional(name: Name): string | undefined;
  fault(name: Name, text: string): void;
  /** The setting, or a fault that says what it is. */
  required(name: Name, what: string): string;
  /** A path below an address. */
  path(name: Name, fallback?: string): string | undefined;
  /** An absolute http or https address without credentials, as it was given; a query of its own is kept. */
  address(name: Name): string | undefined;
  /** The caller's agency code: `_MADONVI`, or else `AGENCY_CODE`. */
  agency(): string;
}

const PATH = /^\/[^\s?#]*$/u;

const addressFault = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) return "is not an http or https address";
  // Not repeated: what stands there is a secret.
  return url.username === "" && url.password === ""
    ? undefined
    : "must not hold a user name or password; there are settings for them";
};

/** Opens the reader. Every setting is looked at once, whichever profile is chosen. */
export const openSettings = (settings: Settings): PortalSettings => {
  const given = new Map(SETTING_NAMES.map((name) => [name, settings[PREFIX + name] || undefined]));
  const faults: string[] = [];
  const optional = (name: Name): string | undefined => given.get(name);
  const fault = (name: Name, text: string): void => {
    faults.push(`${PREFIX}${name} ${text}`);
  };
  return {
    faults,
    optional,
    fault,
    required: (name, what) => {
      const value = optional(name);
      if (value === undefined) fault(name, `is missing: ${what}`);
      return value ?? "";
    },
    path: (name, fallback) => {
      const value = optional(name) ?? fallback;
      if (value !== undefined && !PATH.test(value)) {
        fault(name, "must be a path that begins with / and has no space, ? or #");
      }
      return value;
    },
    address: (name) => {
      const value = optional(name);
      const wrong = value === undefined ? undefined : addressFault(value);
      if (wrong !== undefined) fault(name, wrong);
      return value;
    },
    agency: () => {
      const code = optional("MADONVI") ?? (settings["AGENCY_CODE"] || undefined);
      if (code === undefined) fault("MADONVI", "is missing, and so is AGENCY_CODE: the agency code of the caller");
      return code ?? "";
    },
  };
};
