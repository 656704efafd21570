import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { createNationalPortal } from "./national-portal/create-national-portal.ts";
import { openJournal } from "./national-portal/journal.ts";
import { PORTAL_DEFAULTS } from "./national-portal/settings.ts";
import { createProvince } from "./province/create-province.ts";
import { type ServedSimulator, serve } from "./server.ts";
import { portalSettings } from "./start-simulator.ts";

const USAGE = `usage: node mocks/standalone.ts national-portal [--port 8091] [--host 127.0.0.1] [--state-file PATH]
       node mocks/standalone.ts province [--port 8091] [--host 127.0.0.1]`;

interface Place {
  readonly port: number;
  readonly hostname: string;
  readonly stateFile: string | undefined;
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

/** Plays the software of a province that takes webhooks, and says how it is reached. */
const playProvince = async ({ port, hostname }: Place): Promise<ServedSimulator> => {
  const served = await serve(createProvince({ now: () => new Date() }).app, { port, hostname });
  console.log(`province simulator: POST /v1/webhooks {"url": "${served.url}/hooks/main"}`);
  console.log(`What came: ${served.url}/hooks/main`);
  console.log("Setting of a gateway that calls it: WEBHOOK_ALLOW_PRIVATE=true");
  return served;
};

const STARTERS: Readonly<Record<string, (place: Place) => Promise<ServedSimulator>>> = {
  "national-portal": playPortal,
  province: playProvince,
};

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "8091" },
      host: { type: "string", default: "127.0.0.1" },
      "state-file": { type: "string" },
    },
  });
  const port = Number(values.port);
  const start = STARTERS[positionals.join()];
  if (start === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(USAGE);
  const served = await start({ port, hostname: values.host, stateFile: values["state-file"] });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void served.close());
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
