import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const FIXTURE = fileURLToPath(new URL("./fixtures/run-embedded-postgres.ts", import.meta.url));

/** A process that runs the embedded database as the gateway does, and can be killed. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL for this process alone. */
  kill(): Promise<void>;
}

/** An account by number, to run a process under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Starts the process on `dataDir`; rejects with what it printed when it fails. */
export async function startGatewayProcess(dataDir: string, account?: Account): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [FIXTURE, dataDir], {
    ...account,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, as a shell with job control gives it.
    detached: true,
  });
  const complaint = text(child.stderr);
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, url } = JSON.parse(line) as { port: number; url: string };
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal);
      await ended;
    };
    return {
      child,
      pid: child.pid ?? 0,
      port,
      url,
      stop: () => end("SIGTERM").then(() => child.exitCode),
      kill: () => end("SIGKILL"),
    };
  }
  await ended;
  throw new Error(await complaint);
}

/** The process id in `postmaster.pid`; 0 when there is no such file. */
export async function postmasterOf(dataDir: string): Promise<number> {
  const file = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "0");
  return Number(file.split("\n")[0]);
}

/** Waits until the process is gone; a zombie is. Throws after 10 s. */
export async function gone(pid: number): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await delay(20)) {
    const { status, stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    if (status !== 0 || stdout.startsWith("Z")) return;
  }
  throw new Error(`process ${pid} is still there`);
}
