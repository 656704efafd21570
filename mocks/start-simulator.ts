import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createEnterprise, enterpriseSettings } from "./enterprise/create-enterprise.ts";
import { createNationalPortal } from "./national-portal/create-national-portal.ts";
import { FACADE_BASE } from "./national-portal/facade.ts";
import { openJournal } from "./national-portal/journal.ts";
import { PORTAL_DEFAULTS } from "./national-portal/settings.ts";
import { PAYMENT_SIMULATORS, provincePlace, type SimulatedPaymentPlatform } from "./payments/simulators.ts";
import { createPopulation } from "./population/create-population.ts";
import { populationSettings } from "./population/gateway-settings.ts";
import { type ServedSimulator, serve } from "./server.ts";

/** A simulator in place of a platform, with the settings by which the gateway reaches it. */
export interface PlatformSimulator {
  readonly platform: string;
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Where simulators live: what they hold is kept below `dataDir`, so that a restart forgets nothing. */
export interface SimulatorPlace {
  readonly dataDir: string;
  /** The first port to try; the next free one is taken. */
  readonly port: number;
  /** The agency that the gateway calls as. */
  readonly agencyCode: string;
  /** Where the gateway takes what platforms report of payments; absent: they report nothing until they are told. */
  readonly gatewayUrl?: string;
  /** The settings of the gateway, which say in which of its dialects a platform is called. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
}

const PORTS_TRIED = 50;

const serveNear = async (app: Parameters<typeof serve>[0], port: number): Promise<ServedSimulator> => {
  for (let candidate = port; candidate < port + PORTS_TRIED; candidate++) {
    try {
      return await serve(app, { port: candidate });
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
    }
  }
  return serve(app, { port: 0 });
};

/** The settings by which the gateway reaches the portal in each of its dialects (np 1.1 to 1.3). */
const PORTAL_SETTINGS: Readonly<Record<string, (url: string) => Readonly<Record<string, string>>>> = {
  mapi: (url) => ({
    NATIONAL_PORTAL_URL: url,
    NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
    NATIONAL_PORTAL_PASSWORD: PORTAL_DEFAULTS.password,
    NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
    NATIONAL_PORTAL_PAPERS_LIST_PATH: PORTAL_DEFAULTS.papersListPath,
    NATIONAL_PORTAL_PAPERS_FILE_PATH: PORTAL_DEFAULTS.papersFilePath,
    NATIONAL_PORTAL_PAPERS_USERNAME: PORTAL_DEFAULTS.papersUsername,
    NATIONAL_PORTAL_PAPERS_PASSWORD: PORTAL_DEFAULTS.papersPassword,
  }),
  "lgsp-facade": (url) => ({
    NATIONAL_PORTAL_CREATE_URL: `${url}${FACADE_BASE}/ThemMoi`,
    NATIONAL_PORTAL_UPDATE_URL: `${url}${FACADE_BASE}/CapNhat`,
    NATIONAL_PORTAL_PROGRESS_URL: `${url}${FACADE_BASE}/DongBoTienTrinh`,
    NATIONAL_PORTAL_STATUS_URL: `${url}${FACADE_BASE}/DongBoTrangThaiHoSoKM`,
    NATIONAL_PORTAL_READ_URL: `${url}${FACADE_BASE}`,
    NATIONAL_PORTAL_AUTHORIZATION: PORTAL_DEFAULTS.facadeAuthorization,
  }),
  "connector-v1": (url) => ({
    NATIONAL_PORTAL_URL: url,
    NATIONAL_PORTAL_CLIENT_ID: PORTAL_DEFAULTS.clientId,
    NATIONAL_PORTAL_CLIENT_SECRET: PORTAL_DEFAULTS.clientSecret,
    NATIONAL_PORTAL_CREATE_PATH: PORTAL_DEFAULTS.createPath,
  }),
};

/** How the portal is reached in a dialect; an unknown one is left to the gateway to refuse. */
export const portalSettings = (profile: string | undefined, url: string): Readonly<Record<string, string>> =>
  (PORTAL_SETTINGS[profile || "mapi"] ?? PORTAL_SETTINGS["mapi"])?.(url) ?? {};

const startNationalPortal = async (place: SimulatorPlace): Promise<PlatformSimulator> => {
  const { dataDir, port, agencyCode, settings } = place;
  const journal = openJournal(join(dataDir, "national-portal-simulator.jsonl"));
  const { app } = createNationalPortal({ now: () => new Date(), newSession: randomUUID, madonvi: agencyCode, journal });
  const served = await serveNear(app, port);
  return {
    platform: "national-portal",
    url: served.url,
    settings: {
      ...portalSettings(settings?.["NATIONAL_PORTAL_PROFILE"], served.url),
      NATIONAL_PORTAL_MADONVI: agencyCode,
    },
    close: async () => {
      await served.close();
      journal.close();
    },
  };
};

/** Names are wanted as the gateway writes them: `POPULATION_NAME_FORM` says how. */
const nameFormOf = (named: string | undefined) =>
  (["compact", "plain", "accented"] as const).find((form) => form === named) ?? "compact";

const startPopulation = async ({ port, settings }: SimulatorPlace): Promise<PlatformSimulator> => {
  const nameForm = nameFormOf(settings?.["POPULATION_NAME_FORM"]);
  const { app } = createPopulation({ now: () => new Date(), newToken: randomUUID, nameForm });
  const { url, close } = await serveNear(app, port);
  return { platform: "population", url, settings: populationSettings(settings?.["POPULATION_PROFILE"], url), close };
};

const startEnterprise = async ({ port, settings }: SimulatorPlace): Promise<PlatformSimulator> => {
  const served = await serveNear(createEnterprise({ now: () => new Date(), newToken: randomUUID }).app, port);
  return {
    platform: "enterprise",
    url: served.url,
    settings: enterpriseSettings(settings?.["ENTERPRISE_PROFILE"], served.url),
    close: served.close,
  };
};

const startPayments =
  (platform: SimulatedPaymentPlatform) =>
  async ({ port, gatewayUrl }: SimulatorPlace): Promise<PlatformSimulator> => {
    const { create, settings } = PAYMENT_SIMULATORS[platform];
    const place = gatewayUrl === undefined ? {} : provincePlace(platform, gatewayUrl);
    const { url, close } = await serveNear(create({ now: () => new Date(), ...place }).app, port);
    return { platform, url, settings: settings(url), close };
  };

const STARTERS: Readonly<Record<string, (place: SimulatorPlace) => Promise<PlatformSimulator>>> = {
  "national-portal": startNationalPortal,
  enterprise: startEnterprise,
  population: startPopulation,
  "payment-platform": startPayments("payment-platform"),
  keypay: startPayments("keypay"),
  vnpay: startPayments("vnpay"),
};

/** Starts the simulator of a platform; null when there is none yet. */
export const startSimulator = async (platform: string, place: SimulatorPlace): Promise<PlatformSimulator | null> =>
  (await STARTERS[platform]?.(place)) ?? null;
