import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { asAccount } from "./embedded-account.ts";
import { type Cluster, SERVER_ENVIRONMENT } from "./embedded-cluster.ts";
import { readPidFile, stopPostmaster } from "./embedded-postmaster.ts";

/** A PostgreSQL process of ours. */
export interface Server {
  readonly pid: number;
  /** Fulfilled when it has ended, wished or not. */
  readonly ended: Promise<void>;
  /** Stops it, waiting for running transactions to be rolled back and all data to be on the disk. */
  stop(): Promise<void>;
  /** The last lines it logged since it was started. */
  logTail(): Promise<string>;
}

/** How a server is run. */
export interface ServerOptions {
  readonly cluster: Cluster;
  readonly port: number;
  /** Further arguments of `postgres`. */
  readonly flags: readonly string[];
}

/**
 * Runs the server beside a watcher that waits for the end of a pipe from us: should we die without a word, even by
 * SIGKILL, the pipe ends and the server is told to shut down. Prints the server's process id first.
 */
const WATCHED_RUN = `
"$@" >&2 3<&- & server=$!
echo "$server"
( cat; kill -INT "$server" ) <&3 >/dev/null 2>&1 & watcher=$!
wait "$server"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/** A log larger than this is begun anew at a start, in bytes. */
const LOG_KEEP_BYTES = 4 * 1024 * 1024;
const LOG_TAIL_BYTES = 4_000;

/** Starts the process; it is not ready yet. In a session of its own, so that Ctrl-C at the terminal reaches only us. */
export async function spawnServer({ cluster, port, flags }: ServerOptions): Promise<Server> {
  const { dataDir, account, binaries } = cluster;
  const command = [binaries.postgres, "-D", dataDir, "-p", String(port), ...FIXED_FLAGS, ...flags];
  const log = await openLog(cluster.logFile);
  const child = spawn("/bin/sh", ["-c", WATCHED_RUN, "sh", ...command], {
    ...asAccount(account),
    cwd: "/",
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: ["ignore", "pipe", log.handle.fd, "pipe"],
  });
  const leash = child.stdio[3] as Writable;
  leash.on("error", () => undefined);
  const ended = once(child, "exit")
    .catch(() => undefined)
    .then(() => void leash.destroy());
  try {
    const pid = await printedPid(child);
    return {
      pid,
      ended,
      stop: async () => {
        await stopPostmaster(pid, dataDir);
        leash.destroy();
        await ended;
      },
      logTail: () => readTail(cluster.logFile, log.start),
    };
  } finally {
    await log.handle.close();
  }
}

/** Only this machine, and no socket file: its folder would have to be writable and short. */
const FIXED_FLAGS = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];

async function printedPid(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("the server's output is not connected");
  for await (const line of createInterface({ input: child.stdout })) return Number(line);
  throw new Error("PostgreSQL could not be run: /bin/sh gave no process id.");
}

/** Waits until the server takes connections. False: it has ended instead. Throws after `timeoutMs`. */
export async function becameReady(server: Server, dataDir: string, timeoutMs: number): Promise<boolean> {
  let running = true;
  void server.ended.then(() => {
    running = false;
  });
  for (const end = Date.now() + timeoutMs; Date.now() < end; await delay(20)) {
    if (!running) return false;
    const file = await readPidFile(dataDir);
    if (file?.pid === server.pid && file.ready) return true;
  }
  throw new Error(`PostgreSQL is not ready after ${timeoutMs / 1000} s: ${await server.logTail()}`);
}

async function openLog(file: string): Promise<{ handle: Awaited<ReturnType<typeof open>>; start: number }> {
  const handle = await open(file, "a", 0o600);
  const { size } = await handle.stat();
  if (size <= LOG_KEEP_BYTES) return { handle, start: size };
  await handle.truncate(0);
  return { handle, start: 0 };
}

async function readTail(file: string, start: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const from = Math.max(start, size - LOG_TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(LOG_TAIL_BYTES), position: from });
    return buffer.subarray(0, bytesRead).toString("utf8").trim();
  } finally {
    await handle.close();
  }
}
