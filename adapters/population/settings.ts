import type { Settings } from "../../contracts/adapter.ts";

/** What every setting of the population registry is named after. */
const PREFIX = "POPULATION_";

/** The settings that hold secrets (design section 8). */
const SECRET = ["SECRET", "API_KEY", "ACCESS_KEY", "CLIENT_SECRET", "TOKEN"] as const;

/** The settings of all profiles, without their prefix: what is not in this list cannot be read. */
export const SETTING_NAMES = [
  ...(["URL", "PROFILE", "HASH_URL", "USERNAME", "XROAD_CLIENT", "INTEGRATION_CODE", "TIMESTAMP_UNIT"] as const),
  ...(["NAME_FORM", "AGENCY_PLACE", "ACCESS_HEADER", "APP_NAME", "PARTNER_CODE", "PARTNER_CODE_CUS"] as const),
  ...(["TOKEN_URL", "CLIENT_ID"] as const),
  ...SECRET,
] as const;

/** The full names of the settings that hold secrets, for the log's redaction list. */
export const SECRET_SETTINGS: readonly string[] = SECRET.map((name) => PREFIX + name);

type Name = (typeof SETTING_NAMES)[number];

/** Reads the settings `POPULATION_*`, empty as absent; collects faults that name a setting and never a secret. */
export interface PopulationSettings {
  readonly faults: readonly string[];
  optional(name: Name): string | undefined;
  fault(name: Name, text: string): void;
  /** The setting, or a fault that says what it is. */
  required(name: Name, what: string): string;
  /** One of a closed list; the first is the default. */
  oneOf<const Value extends string>(name: Name, values: readonly [Value, ...Value[]]): Value;
  /** An absolute http or https address without credentials. */
  address(name: Name): string | undefined;
  /** What goes into a header: visible ASCII, spaces between. Undefined when it is absent. */
  headerValue(name: Name): string | undefined;
}

const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/u;

const addressFault = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) return "is not an http or https address";
  return url.username === "" && url.password === ""
    ? undefined
    : "must not hold a user name or password; there are settings for them";
};

/** Opens the reader. Every setting is looked at once, whichever profile is chosen. */
export const openSettings = (settings: Settings): PopulationSettings => {
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
    oneOf: (name, values) => {
      const value = optional(name) ?? values[0];
      const known = values.find((candidate) => candidate === value);
      if (known === undefined) fault(name, `is not one of ${values.join(", ")}`);
      return known ?? values[0];
    },
    address: (name) => {
      const value = optional(name);
      const wrong = value === undefined ? undefined : addressFault(value);
      if (wrong !== undefined) fault(name, wrong);
      return value;
    },
    headerValue: (name) => {
      const value = optional(name);
      if (value !== undefined && !HEADER_VALUE.test(value))
        fault(name, "is no value of a header: plain text on one line");
      return value;
    },
  };
};
