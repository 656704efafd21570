import type { ConfigReading, Settings } from "../../contracts/adapter.ts";
import { LENGTHS, LOOKUP_CODE } from "../../contracts/platforms/population/wire.ts";
import { openSettings, type PopulationSettings } from "./settings.ts";

/** The wire dialects of the registry that are spoken (reg 1.3, families A to D). */
const PROFILES = ["c06-soap", "lgsp-accesskey", "lgsp-json", "lgsp-xml-in-json"] as const;

/**
 * How a name is written (reg 2.2): `compact` capitals without accents, spaces and signs; `plain` capitals without
 * accents; `accented` capitals alone.
 */
const NAME_FORMS = ["compact", "plain", "accented"] as const;

/** One way of writing a name. */
export type NameForm = (typeof NAME_FORMS)[number];

/** What every profile needs. */
interface CommonConfig {
  /** The address that is called. */
  readonly url: string;
  /** `MaTichHop`. */
  readonly integrationCode: string;
  readonly nameForm: NameForm;
  /** Where `MaDonVi` stands: clients in use disagree (reg 2.2). */
  readonly agencyPlace: "before-officer" | "after-officer" | "none";
}

/** Family A: SOAP with a hash per request (reg 1.2). Holds a secret: never print it whole. */
export interface SoapConfig extends CommonConfig {
  readonly profile: "c06-soap";
  /** The address that is hashed; never derived from `url`. */
  readonly hashUrl: string;
  readonly username: string;
  readonly secret: string;
  readonly apiKey?: string;
  readonly xroadClient?: string;
  readonly timestampUnit: "ms" | "s";
}

/** Family B: SOAP with a JSON credential in a header (reg 1.3). Holds a secret. */
export interface AccessKeyConfig extends CommonConfig {
  readonly profile: "lgsp-accesskey";
  readonly header: "authorization" | "lgspaccesstoken";
  readonly accessKey: string;
  readonly secretKey: string;
  readonly appName: string;
  readonly partnerCode: string;
  readonly partnerCodeCus: string;
}

/** Family C: bearer token and flat JSON (reg 1.3). Holds a secret. */
export interface JsonConfig extends CommonConfig {
  readonly profile: "lgsp-json";
  /** `userNameService`. */
  readonly username: string;
  /** A token that was handed over, or where tokens are fetched. */
  readonly bearer:
    | { readonly token: string }
    | { readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: string };
}

/** Family D: JSON in, XML in JSON out; within the province's own network, without credentials (reg 1.3). */
export interface XmlInJsonConfig extends CommonConfig {
  readonly profile: "lgsp-xml-in-json";
}

/** What the adapter needs to speak one profile. */
export type PopulationConfig = SoapConfig | AccessKeyConfig | JsonConfig | XmlInJsonConfig;

/** The setting without which the registry is not configured (design section 8). */
export const ADDRESS_SETTING = "POPULATION_URL";

const readSoap = (settings: PopulationSettings, common: CommonConfig): SoapConfig => {
  const username = settings.required("USERNAME", "the account that the registry gave the province");
  // A colon would end the name within `Authorization: Basic`.
  if (!/^[^:]*$/u.test(username)) settings.fault("USERNAME", "must not hold a colon");
  settings.required("HASH_URL", "the address that is hashed, as the registry registered it");
  const [apiKey, xroadClient] = [settings.headerValue("API_KEY"), settings.headerValue("XROAD_CLIENT")];
  return {
    profile: "c06-soap",
    // Hashed as it was given: it may be relative, and a slash more is another hash.
    hashUrl: settings.optional("HASH_URL") ?? "",
    username,
    secret: settings.required("SECRET", "the secret of that account"),
    ...(apiKey !== undefined && { apiKey }),
    ...(xroadClient !== undefined && { xroadClient }),
    timestampUnit: settings.oneOf("TIMESTAMP_UNIT", ["ms", "s"]),
    ...common,
  };
};

const readAccessKey = (settings: PopulationSettings, common: CommonConfig): AccessKeyConfig => ({
  profile: "lgsp-accesskey",
  header: settings.oneOf("ACCESS_HEADER", ["authorization", "lgspaccesstoken"]),
  accessKey: settings.required("ACCESS_KEY", "AccessKey, as the LGSP gave it"),
  secretKey: settings.required("SECRET", "SecretKey, as the LGSP gave it"),
  appName: settings.required("APP_NAME", "AppName, as the LGSP gave it"),
  partnerCode: settings.required("PARTNER_CODE", "PartnerCode, as the LGSP gave it"),
  partnerCodeCus: settings.optional("PARTNER_CODE_CUS") ?? settings.optional("PARTNER_CODE") ?? "",
  ...common,
});

const readBearer = (settings: PopulationSettings): JsonConfig["bearer"] => {
  const tokenUrl = settings.address("TOKEN_URL");
  if (tokenUrl === undefined) {
    const token = settings.headerValue("TOKEN");
    if (token === undefined) settings.fault("TOKEN", "is missing, and so is POPULATION_TOKEN_URL");
    return { token: token ?? "" };
  }
  return {
    tokenUrl,
    clientId: settings.required("CLIENT_ID", "the client that fetches tokens"),
    clientSecret: settings.required("CLIENT_SECRET", "the secret of that client"),
  };
};

const readJson = (settings: PopulationSettings, common: CommonConfig): JsonConfig => ({
  profile: "lgsp-json",
  username: settings.required("USERNAME", "userNameService, as the LGSP gave it"),
  bearer: readBearer(settings),
  ...common,
});

const readProfile = (settings: PopulationSettings, common: CommonConfig): PopulationConfig => {
  switch (settings.oneOf("PROFILE", PROFILES)) {
    case "c06-soap":
      return readSoap(settings, common);
    case "lgsp-accesskey":
      return readAccessKey(settings, common);
    case "lgsp-json":
      return readJson(settings, common);
    case "lgsp-xml-in-json":
      return { profile: "lgsp-xml-in-json", ...common };
  }
};

/**
 * Reads the settings `POPULATION_*` of the chosen profile (design section 8). Without `POPULATION_URL` the registry is
 * absent, whatever else is set. Every fault is listed at once; no secret is repeated in one.
 */
export const readConfig = (given: Settings): ConfigReading<PopulationConfig> => {
  const settings = openSettings(given);
  const url = settings.address("URL");
  if (url === undefined) return { kind: "absent" };
  const integrationCode = settings.optional("INTEGRATION_CODE") ?? LOOKUP_CODE;
  if (!/^\d+$/u.test(integrationCode) || integrationCode.length > LENGTHS.MaTichHop) {
    settings.fault("INTEGRATION_CODE", `must be at most ${LENGTHS.MaTichHop} digits`);
  }
  const config = readProfile(settings, {
    url,
    integrationCode,
    nameForm: settings.oneOf("NAME_FORM", NAME_FORMS),
    agencyPlace: settings.oneOf("AGENCY_PLACE", ["before-officer", "after-officer", "none"]),
  });
  return settings.faults.length > 0 ? { kind: "faulty", faults: settings.faults } : { kind: "configured", config };
};
