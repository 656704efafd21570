import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { createEnterprise, enterpriseSettings } from "./enterprise/create-enterprise.ts";
import { BASES } from "./enterprise/settings.ts";
import { createNationalPortal } from "./national-portal/create-national-portal.ts";
import { openJournal } from "./national-portal/journal.ts";
import { PORTAL_DEFAULTS } from "./national-portal/settings.ts";
import { PAYMENT_SIMULATORS, provincePlace, type SimulatedPaymentPlatform } from "./payments/simulators.ts";
import { createPopulation } from "./population/create-population.ts";
import { POPULATION_PROFILES, populationSettings } from "./population/gateway-settings.ts";
import { createProvince } from "./province/create-province.ts";
import { type ServedSimulator, serve } from "./server.ts";
import { portalSettings } from "./start-simulator.ts";
import { createSecurityServer } from "./x-road/create-security-server.ts";

const USAGE = `usage: node mocks/standalone.ts national-portal [--port 8091] [--host 127.0.0.1] [--state-file PATH]
       node mocks/standalone.ts population [--port 8091] [--host 127.0.0.1]
       node mocks/standalone.ts province|enterprise|x-road [--port 8091] [--host 127.0.0.1]
       node mocks/standalone.ts payment-platform|keypay|vnpay [--port 8091] [--host 127.0.0.1] [--gateway URL]`;

interface Place {
  readonly port: number;
  readonly hostname: string;
  readonly stateFile: string | undefined;
  /** Where the gateway is, for platforms that report to it. */
  readonly gateway: string;
}

const startNationalPortal = ({ port, hostname, stateFile }: Place): Promise<ServedSimulator> => {
  const { app } = createNationalPortal({
    now: () => new Date(),
    newSession: randomUUID,
    ...(stateFile !== undefined && { journal: openJournal(stateFile) }),
  });
  return serve(app, { port, hostname });
};

/** Plays the portal, and says how it is reached. */
const playPortal = async (place: Place): Promise<ServedSimulator> => {
  const served = await startNationalPortal(place);
  const { username, password, madonvi, dstcode } = PORTAL_DEFAULTS;
  console.log(`national-portal simulator: ${served.url}`);
  console.log(`username ${username}, password ${password}, madonvi ${madonvi}, dstcode ${dstcode}`);
  console.log("Settings of a gateway that speaks to it, by NATIONAL_PORTAL_PROFILE:");
  for (const profile of ["mapi", "lgsp-facade", "connector-v1"]) {
    const settings = Object.entries(portalSettings(profile, served.url)).map(([name, value]) => `${name}='${value}'`);
    console.log(`  ${profile}: ${settings.join(" ")}`);
  }
  return served;
};

/** Plays the population registry, and says how it is reached. */
const playPopulation = async ({ port, hostname }: Place): Promise<ServedSimulator> => {
  const { app } = createPopulation({ now: () => new Date(), newToken: randomUUID });
  const served = await serve(app, { port, hostname });
  console.log(`population simulator: ${served.url}`);
  console.log("Settings of a gateway that speaks to it, by POPULATION_PROFILE:");
  for (const profile of POPULATION_PROFILES) {
    const settings = Object.entries(populationSettings(profile, served.url)).map(([name, of]) => `${name}='${of}'`);
    console.log(`  ${profile}: ${settings.join(" ")}`);
  }
  return served;
};

/** Plays the software of a province that takes webhooks, and says how it is reached. */
const playProvince = async ({ port, hostname }: Place): Promise<ServedSimulator> => {
  const served = await serve(createProvince({ now: () => new Date() }).app, { port, hostname });
  console.log(`province simulator: POST /v1/webhooks {"url": "${served.url}/hooks/main"}`);
  console.log(`What came: ${served.url}/hooks/main`);
  console.log("Setting of a gateway that calls it: WEBHOOK_ALLOW_PRIVATE=true");
  return served;
};

const asSettings = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}='${value}'`)
    .join(" ");

/** Plays the registers of businesses, and says how they are reached. */
const playEnterprise = async ({ port, hostname }: Place): Promise<ServedSimulator> => {
  const served = await serve(createEnterprise({ now: () => new Date(), newToken: randomUUID }).app, { port, hostname });
  console.log(`enterprise simulator: ${served.url}`);
  console.log("Settings of a gateway that speaks to it, by ENTERPRISE_PROFILE:");
  for (const profile of ["dkkd-v1", "dkkd-v2", "dkkd-hcm"])
    console.log(`  ${profile}: ${asSettings(enterpriseSettings(profile, served.url))}`);
  return served;
};

const XROAD_CONSUMER = "VN/GOV/000.00.00.H04/LGSP";
const XROAD_SERVICE = "VN/GOV/000.00.00.G05/DKKD/chiTiet";

/** Plays a security server before the registers of businesses: only through it do their details answer. */
const playXRoad = async ({ port, hostname }: Place): Promise<ServedSimulator> => {
  const registers = createEnterprise({ now: () => new Date(), newToken: randomUUID });
  const security = createSecurityServer({
    clients: [XROAD_CONSUMER],
    services: { [XROAD_SERVICE]: { app: registers.app, base: BASES.v1 } },
    newId: randomUUID,
  });
  const isToken = (request: Request) => new URL(request.url).pathname === "/token";
  const app = { fetch: (request: Request) => (isToken(request) ? registers.app : security.app).fetch(request) };
  const served = await serve(app, { port, hostname });
  const behind = "https://dkkd.invalid";
  const { ENTERPRISE_URL: _, ...client } = enterpriseSettings("dkkd-v1", served.url);
  const way = {
    ENTERPRISE_URL: behind,
    ENTERPRISE_XROAD_SERVER: served.url,
    ENTERPRISE_XROAD_CONSUMER: XROAD_CONSUMER,
    ENTERPRISE_XROAD_SERVICES: JSON.stringify({ [behind]: XROAD_SERVICE }),
  };
  console.log(`x-road simulator: ${served.url}`);
  console.log(`Settings of a gateway that goes through it: ${asSettings({ ...client, ...way })}`);
  return served;
};

/** Plays a platform that takes payments, and says how it is reached. */
const playPayments =
  (platform: SimulatedPaymentPlatform) =>
  async ({ port, hostname, gateway }: Place): Promise<ServedSimulator> => {
    const { create, settings } = PAYMENT_SIMULATORS[platform];
    const place = provincePlace(platform, gateway);
    const served = await serve(create({ now: () => new Date(), ...place }).app, { port, hostname });
    console.log(`${platform} simulator: ${served.url}; reports to ${place.notifyUrl}`);
    console.log(`Settings of a gateway that speaks to it: ${asSettings(settings(served.url))}`);
    return served;
  };

const STARTERS: Readonly<Record<string, (place: Place) => Promise<ServedSimulator>>> = {
  "national-portal": playPortal,
  population: playPopulation,
  province: playProvince,
  enterprise: playEnterprise,
  "x-road": playXRoad,
  "payment-platform": playPayments("payment-platform"),
  keypay: playPayments("keypay"),
  vnpay: playPayments("vnpay"),
};

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "8091" },
      host: { type: "string", default: "127.0.0.1" },
      "state-file": { type: "string" },
      gateway: { type: "string", default: "http://127.0.0.1:8080" },
    },
  });
  const port = Number(values.port);
  const start = STARTERS[positionals.join()];
  if (start === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(USAGE);
  const served = await start({ port, hostname: values.host, stateFile: values["state-file"], gateway: values.gateway });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void served.close());
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
