import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createNationalPortal } from "./national-portal/create-national-portal.ts";
import { openJournal } from "./national-portal/journal.ts";
import { PORTAL_DEFAULTS } from "./national-portal/settings.ts";
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

const startNationalPortal = async ({ dataDir, port, agencyCode }: SimulatorPlace): Promise<PlatformSimulator> => {
  const journal = openJournal(join(dataDir, "national-portal-simulator.jsonl"));
  const { app } = createNationalPortal({ now: () => new Date(), newSession: randomUUID, madonvi: agencyCode, journal });
  const served = await serveNear(app, port);
  const { username, password, dstcode } = PORTAL_DEFAULTS;
  return {
    platform: "national-portal",
    url: served.url,
    settings: {
      NATIONAL_PORTAL_URL: served.url,
      NATIONAL_PORTAL_USERNAME: username,
      NATIONAL_PORTAL_PASSWORD: password,
      NATIONAL_PORTAL_DSTCODE: dstcode,
      NATIONAL_PORTAL_MADONVI: agencyCode,
    },
    close: async () => {
      await served.close();
      journal.close();
    },
  };
};

const STARTERS: Readonly<Record<string, (place: SimulatorPlace) => Promise<PlatformSimulator>>> = {
  "national-portal": startNationalPortal,
};

/** Starts the simulator of a platform; null when there is none yet. */
export const startSimulator = async (platform: string, place: SimulatorPlace): Promise<PlatformSimulator | null> =>
  (await STARTERS[platform]?.(place)) ?? null;
