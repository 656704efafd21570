import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import type { AccessKeyCredential } from "../../contracts/platforms/enterprise/wire.ts";

/** The dialects of the registers of businesses (registries, "Consequences"). */
export const PROFILES = ["dkkd-v1", "dkkd-v2", "dkkd-hcm"] as const;

/** How a client shows who it is. Holds a secret. */
export interface ClientCredentials {
  readonly kind: "client";
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the adapter needs. Holds a secret: never print it whole. */
export interface EnterpriseConfig {
  readonly profile: (typeof PROFILES)[number];
  /** What the operations are below, without a trailing slash. */
  readonly url: string;
  readonly credentials:
    | ClientCredentials
    | { readonly kind: "access-key"; readonly credential: AccessKeyCredential }
    | { readonly kind: "none" };
}

/** The setting without which the registers are not configured (design section 8). */
export const ADDRESS_SETTING = "ENTERPRISE_URL";

/** The settings that hold secrets. */
export const SECRET_SETTINGS: readonly string[] = ["ENTERPRISE_CLIENT_SECRET"];

/** The settings, without their prefix `ENTERPRISE_`: what is not in this list cannot be read. */
export const SETTING_NAMES = [
  ...(["URL", "PROFILE", "TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET"] as const),
  ...(["APP_NAME", "PARTNER_CODE", "PARTNER_CODE_CUS"] as const),
] as const;

type Name = (typeof SETTING_NAMES)[number];

interface Reader {
  readonly faults: string[];
  readonly given: ReadonlyMap<Name, string | undefined>;
  fault(name: Name, text: string): void;
  required(name: Name, what: string): string;
  address(name: Name): string | undefined;
}

const openReader = (settings: Settings): Reader => {
  const given = new Map(SETTING_NAMES.map((name) => [name, settings[`ENTERPRISE_${name}`] || undefined]));
  const faults: string[] = [];
  const fault = (name: Name, text: string): void => {
    faults.push(`ENTERPRISE_${name} ${text}`);
  };
  return {
    faults,
    given,
    fault,
    required: (name, what) => {
      const value = given.get(name);
      if (value === undefined) fault(name, `is missing: ${what}`);
      return value ?? "";
    },
    address: (name) => {
      const value = given.get(name);
      if (value === undefined) return undefined;
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (url === undefined || !/^https?:$/u.test(url.protocol)) fault(name, "is not an http or https address");
      // Not repeated: what stands there is a secret.
      else if (url.username !== "" || url.password !== "") fault(name, "must not hold a user name or password");
      else if (url.search !== "" || url.hash !== "") fault(name, "must have no query");
      else return value.replace(/\/+$/u, "");
      return undefined;
    },
  };
};

const CLIENT_ID = "the client (consumer key) that the platform gave the province";
const CLIENT_SECRET = "the secret of that client";

/** The national one stands beside the operations: `{origin}/token` (registries section 1.4). */
const readClient = (reader: Reader, url: string | undefined): ClientCredentials => ({
  kind: "client",
  tokenUrl: reader.address("TOKEN_URL") ?? (url === undefined ? "" : `${new URL(url).origin}/token`),
  clientId: reader.required("CLIENT_ID", CLIENT_ID),
  clientSecret: reader.required("CLIENT_SECRET", CLIENT_SECRET),
});

const readAccessKey = (reader: Reader): EnterpriseConfig["credentials"] => {
  const PartnerCode = reader.required("PARTNER_CODE", "the partner code of the service bus");
  const credential = {
    AccessKey: reader.required("CLIENT_ID", "the access key of the service bus"),
    SecretKey: reader.required("CLIENT_SECRET", "the secret key of the service bus"),
    AppName: reader.required("APP_NAME", "the name of the application at the service bus"),
    PartnerCode,
    PartnerCodeCus: reader.given.get("PARTNER_CODE_CUS") ?? PartnerCode,
  };
  return { kind: "access-key", credential };
};

const readCredentials = (
  reader: Reader,
  profile: EnterpriseConfig["profile"],
  url: string | undefined,
): EnterpriseConfig["credentials"] => {
  if (profile === "dkkd-hcm") return readAccessKey(reader);
  const hasClient = (["TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET"] as const).some((name) => reader.given.get(name));
  // A province's own façade may ask for nothing inside the province's network.
  return profile === "dkkd-v2" && !hasClient ? { kind: "none" } : readClient(reader, url);
};

const isProfile = (name: string): name is EnterpriseConfig["profile"] => (PROFILES as readonly string[]).includes(name);

/**
 * Reads the settings `ENTERPRISE_*` (design section 8). Without `ENTERPRISE_URL` the registers are absent, whatever else
 * is set. Every fault is listed at once; no secret is repeated in one.
 */
export const readConfig = (settings: Settings): ConfigReading<EnterpriseConfig> => {
  const reader = openReader(settings);
  if (reader.given.get("URL") === undefined) return { kind: "absent" };
  const named = reader.given.get("PROFILE") ?? "dkkd-v1";
  const profile = isProfile(named) ? named : undefined;
  if (profile === undefined) reader.fault("PROFILE", `is not one of ${PROFILES.join(", ")}`);
  const url = reader.address("URL");
  const credentials = readCredentials(reader, profile ?? "dkkd-v1", url);
  if (reader.faults.length > 0 || url === undefined || profile === undefined)
    return { kind: "faulty", faults: reader.faults };
  return { kind: "configured", config: { profile, url, credentials } };
};
