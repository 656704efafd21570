import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { isPostmaster, readPidFile } from "../../src/runtime/embedded-postmaster.ts";
import { ensureDatabase } from "../../src/runtime/ensure-database.ts";

/** How PostgreSQL is ended: `fast` rolls back and writes everything, `immediate` leaves recovery to the next start. */
export const RESTARTS = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

/** One way. */
export type Restart = keyof typeof RESTARTS;

/** A real PostgreSQL with all its durability, on a port that stays the same. */
export interface DatabaseServer {
  readonly url: string;
  /** Ends it, without a word to its clients, and starts it again. */
  restart(how: Restart): Promise<void>;
  stop(): Promise<void>;
}

const DATABASE = "crash";
/** Three gateways, and those killed a moment ago whose connections have not ended yet. */
const FLAGS = ["-c", "max_connections=250"];
const START_TRIES = 5;

/** Starts it in a folder of its own, which `stop` removes. */
export const startDatabaseServer = async (): Promise<DatabaseServer> => {
  const folder = await mkdtemp(join(tmpdir(), "ltg-crash-"));
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, flags: FLAGS });
  const { port } = server;
  await ensureDatabase(server.url("postgres"), DATABASE);

  const startAgain = async (): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        server = await startEmbeddedPostgres({ dataDir, port, flags: FLAGS });
        return;
      } catch (error) {
        // Somebody's outgoing connection may have been given the port for a moment.
        if (tries === START_TRIES) throw error;
        await delay(100);
      }
    }
  };

  return {
    url: server.url(DATABASE),
    restart: async (how) => {
      const pid = (await readPidFile(dataDir))?.pid ?? 0;
      process.kill(pid, RESTARTS[how]);
      while (await isPostmaster(pid, dataDir)) await delay(10);
      await startAgain();
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
};
