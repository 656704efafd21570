import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { serverAccount } from "./embedded-account.ts";
import { findBinaries } from "./embedded-binaries.ts";
import { type Cluster, prepareCluster } from "./embedded-cluster.ts";
import { claimOwnership, type Ownership } from "./embedded-ownership.ts";
import { isAlive, isPostmaster, readPidFile, removePidFile, stopPostmaster } from "./embedded-postmaster.ts";
import { becameReady, type Server, spawnServer } from "./embedded-server.ts";

/** How to run the embedded database. */
export interface EmbeddedPostgresOptions {
  /** The data directory, made on the first start; password and log are kept beside it. */
  readonly dataDir: string;
  /** A fixed port of 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** Further arguments of `postgres`, such as `-c fsync=off`, which gives up durability. */
  readonly flags?: readonly string[];
  /** Told when the server ends without having been stopped. */
  readonly onUnexpectedEnd?: (error: Error) => void;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  readonly port: number;
  /** Address of one of its databases, with the password. */
  url(database: string): string;
  /** Ends all its connections and stops it; all data are on the disk then. */
  stop(): Promise<void>;
}

/** Crash recovery after a heavy day may take a while. */
const START_TIMEOUT_MS = 120_000;

/** What PostgreSQL logs when another start on the same data directory was in the way; it is looked at again then. */
const ANOTHER_START = /lock file "postmaster\.pid"|pre-existing shared memory block|received fast shutdown request/u;
const PORT_TAKEN = /could not bind/u;

/**
 * Starts PostgreSQL 18 on `dataDir` and returns when it takes connections (design section 4). It recovers by itself
 * after any kill: a server that a dead gateway left behind is stopped first, so that ours runs with our flags and
 * under our watch; a stale `postmaster.pid` is removed. A data directory in use by a live gateway is refused and its
 * server left alone. Errors carry the end of PostgreSQL's log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const flags = options.flags ?? [];
  const durable = !flags.some((flag) => flag.replaceAll(" ", "") === "fsync=off");
  const [binaries, account] = await Promise.all([findBinaries(), serverAccount()]);
  const cluster = await prepareCluster({ dataDir: options.dataDir, binaries, account, durable });
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await delay(100)) {
    await clearTheWay(cluster, deadline);
    const port = options.port ?? (await freePort());
    const server = await spawnServer({ cluster, port, flags });
    const claim = await claimWhenReady(server, cluster, port);
    if (typeof claim !== "string")
      return running(server, claim, options, (database) => address(cluster, port, database));
    const willPass = ANOTHER_START.test(claim) || (options.port === undefined && PORT_TAKEN.test(claim));
    if (!willPass || Date.now() > deadline) {
      throw new Error(`PostgreSQL on ${cluster.dataDir} did not start: ${claim}`);
    }
  }
}

/** The ownership of the server that was just spawned, or what PostgreSQL logged when it ended instead. */
async function claimWhenReady(server: Server, cluster: Cluster, port: number): Promise<Ownership | string> {
  try {
    if (!(await becameReady(server, cluster.dataDir, START_TIMEOUT_MS))) return await server.logTail();
    const claim = await claimOwnership(address(cluster, port, "postgres"));
    if (claim.kind === "ours") return claim.ownership;
    if (claim.kind === "taken") throw inUse(cluster, claim.by);
    await server.stop();
    return await server.logTail();
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Returns when nothing keeps a new server from starting on the data directory; throws when a live gateway does. */
async function clearTheWay(cluster: Cluster, deadline: number): Promise<void> {
  const { dataDir } = cluster;
  for (let file = await readPidFile(dataDir); file; file = await readPidFile(dataDir)) {
    if (!(await isPostmaster(file.pid, dataDir))) {
      // PostgreSQL removes a dead process's file itself, but takes any live process of that id for a server.
      if (isAlive(file.pid)) await removePidFile(dataDir, file);
      return;
    }
    const claim = await claimOwnership(address(cluster, file.port, "postgres"));
    if (claim.kind === "taken") throw inUse(cluster, claim.by);
    if (claim.kind === "ours") {
      await stopPostmaster(file.pid, dataDir).finally(claim.ownership.release);
    } else if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${file.pid}) already runs on ${dataDir} and does not answer. Stop it first.`,
      );
    } else {
      await delay(50);
    }
  }
}

const inUse = (cluster: Cluster, by: string): Error =>
  new Error(
    `The data directory ${cluster.dataDir} is in use by another gateway (${by}). ` +
      "Stop that one, start this one with another DATA_DIR, or set DATABASE_URL for both.",
  );

const address = (cluster: Cluster, port: number, database: string): string =>
  `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

function running(
  server: Server,
  ownership: Ownership,
  options: EmbeddedPostgresOptions,
  url: (database: string) => string,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  void server.ended.then(async () => {
    if (stopping !== undefined) return;
    await ownership.release();
    options.onUnexpectedEnd?.(new Error(`PostgreSQL ended unexpectedly: ${await server.logTail()}`));
  });
  const stop = async (): Promise<void> => {
    await ownership.release();
    await server.stop();
  };
  return {
    port: Number(new URL(url("postgres")).port),
    url,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** A port of 127.0.0.1 that is free at this moment; a start that finds it taken tries another. */
function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer().once("error", reject);
  probe.listen(0, "127.0.0.1", () => {
    const bound = probe.address();
    probe.close(() => (bound && typeof bound === "object" ? resolve(bound.port) : reject(new Error("no free port"))));
  });
  return promise;
}
