import { execFile } from "node:child_process";
import { readFile, realpath, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What `postmaster.pid` says (PostgreSQL writes it line by line while it starts; see its pidfile.h). */
export interface PidFile {
  readonly pid: number;
  /** 0 while not yet written. */
  readonly port: number;
  readonly ready: boolean;
  /** The file as it was read. */
  readonly text: string;
}

/** Reads `postmaster.pid`; undefined when there is none. */
export async function readPidFile(dataDir: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFile(dataDir), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready", text };
}

/** Removes `postmaster.pid` if it still is the one that was read. */
export async function removePidFile(dataDir: string, read: PidFile): Promise<void> {
  if ((await readPidFile(dataDir))?.text === read.text) await unlink(pidFile(dataDir));
}

const pidFile = (dataDir: string): string => join(dataDir, "postmaster.pid");

/** Some process, of whomever, has this id. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The process `pid` is a PostgreSQL server on `dataDir`. Ids are reused: its command line decides. */
export async function isPostmaster(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const words = await commandLine(pid);
  const folder = words[words.indexOf("-D") + 1];
  if (basename(words[0] ?? "") !== "postgres" || folder === undefined) return false;
  return (await realpath(folder).catch(() => folder)) === dataDir;
}

/** A zombie has an empty command line: dead for our purposes, though its id is taken. */
async function commandLine(pid: number): Promise<readonly string[]> {
  if (process.platform === "linux") {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  }
  const { stdout } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  // ps joins the words by spaces; what stands between our own -D and -p is the folder, spaces and all.
  const match = /^(.*?) -D (.*?) -p \d/u.exec(stdout.trim());
  return match ? [match[1] ?? "", "-D", match[2] ?? ""] : [];
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in this very moment: just as well.
    if (isAlive(pid)) throw error;
  }
}

/** How long each way of stopping may take, in milliseconds: fast shutdown, immediate shutdown, kill. */
const STOPPING = [
  ["SIGINT", 30_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
] as const;

/** Stops the server `pid` on `dataDir` and waits until it is gone. Data are safe whichever way it takes. */
export async function stopPostmaster(pid: number, dataDir: string): Promise<void> {
  for (const [signal, patienceMs] of STOPPING) {
    if (!(await isPostmaster(pid, dataDir))) return;
    signalTo(pid, signal);
    for (const end = Date.now() + patienceMs; Date.now() < end; ) {
      await delay(20);
      if (!(await isPostmaster(pid, dataDir))) return;
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) on ${dataDir} does not stop.`);
}
