import { POPULATION_DEFAULTS as KNOWN, PATHS } from "./settings.ts";

/** The settings by which the gateway reaches the simulator in each of its dialects (reg 1.3). */
const SETTINGS: Readonly<Record<string, (url: string) => Readonly<Record<string, string>>>> = {
  "c06-soap": (url) => ({
    POPULATION_URL: url + PATHS.soap,
    POPULATION_HASH_URL: KNOWN.hashUrl,
    POPULATION_USERNAME: KNOWN.username,
    POPULATION_SECRET: KNOWN.secret,
    POPULATION_API_KEY: KNOWN.apiKey,
    POPULATION_XROAD_CLIENT: KNOWN.xroadClient,
  }),
  "lgsp-accesskey": (url) => ({
    POPULATION_URL: url + PATHS.esb,
    POPULATION_ACCESS_KEY: KNOWN.credential.AccessKey,
    POPULATION_SECRET: KNOWN.credential.SecretKey,
    POPULATION_APP_NAME: KNOWN.credential.AppName,
    POPULATION_PARTNER_CODE: KNOWN.credential.PartnerCode,
    POPULATION_PARTNER_CODE_CUS: KNOWN.credential.PartnerCodeCus,
  }),
  "lgsp-json": (url) => ({
    POPULATION_URL: url + PATHS.json,
    POPULATION_TOKEN_URL: url + PATHS.token,
    POPULATION_CLIENT_ID: KNOWN.clientId,
    POPULATION_CLIENT_SECRET: KNOWN.clientSecret,
    POPULATION_USERNAME: KNOWN.username,
  }),
  "lgsp-xml-in-json": (url) => ({ POPULATION_URL: url + PATHS.vendor }),
};

/** The dialects that the simulator speaks. */
export const POPULATION_PROFILES = Object.keys(SETTINGS);

/** How the registry is reached in a dialect; an unknown one is left to the gateway to refuse. */
export const populationSettings = (profile: string | undefined, url: string): Readonly<Record<string, string>> =>
  (SETTINGS[profile || "c06-soap"] ?? SETTINGS["c06-soap"])?.(url) ?? {};
