import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { createNationalPortal } from "./national-portal/create-national-portal.ts";
import { openJournal } from "./national-portal/journal.ts";
import { PORTAL_DEFAULTS } from "./national-portal/settings.ts";
import { type ServedSimulator, serve } from "./server.ts";

const USAGE = "usage: node mocks/standalone.ts national-portal [--port 8091] [--host 127.0.0.1] [--state-file PATH]";

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
  if (positionals.join() !== "national-portal" || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(USAGE);
  const served = await startNationalPortal({ port, hostname: values.host, stateFile: values["state-file"] });
  const { username, password, madonvi, dstcode } = PORTAL_DEFAULTS;
  console.log(`national-portal simulator: ${served.url}`);
  console.log(`username ${username}, password ${password}, madonvi ${madonvi}, dstcode ${dstcode}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void served.close());
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
