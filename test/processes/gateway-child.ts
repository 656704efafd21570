import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DEMO_CLIENT } from "../../src/demo-settings.ts";
import { scratchFolder } from "../scratch-folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_WITHIN_MS = 25_000;

/** What a process of the gateway ended with. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A gateway as `npm start` runs it: a process of its own, which can be killed. */
export interface GatewayChild {
  readonly url: string;
  /** The address of the simulator that it started by itself, if any. */
  readonly simulatorUrl: string | undefined;
  readonly pid: number;
  /** SIGTERM, and how it ended. */
  stop(): Promise<Ended>;
  /** SIGKILL for this process alone. */
  kill(): Promise<void>;
  /** SIGKILL for it and everything that it started, its database first. */
  killAll(): Promise<void>;
}

/** Settings of this machine's own that must not decide a test. */
const bareEnvironment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  ...settings,
});

const spawnGateway = (command: string, settings: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, ["src/node.ts", command], {
    cwd: ROOT,
    env: bareEnvironment(settings),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, "close").then((): Ended => ({ code: child.exitCode, ...printed }));
  return { child, printed, ended };
};

/** Runs a command of the gateway that is expected to end by itself. */
export const runToEnd = (command: string, settings: Readonly<Record<string, string>>): Promise<Ended> =>
  spawnGateway(command, settings).ended;

const running = new Set<ChildProcess>();

/** The processes below `pid`, deepest last. */
const descendants = (pid: number): number[] => {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/u).map(Number));
  const below = (parent: number): number[] =>
    rows.flatMap(([child, ppid]) => (child !== undefined && ppid === parent ? [child, ...below(child)] : []));
  return below(pid);
};

const killHard = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It may have ended because another one did.
    if ((error as { code?: unknown }).code !== "ESRCH") throw error;
  }
};

/** Starts a gateway on a free port and waits until it says where it is; rejects with what it printed when it ends before. */
export const startGateway = async (settings: Readonly<Record<string, string>>): Promise<GatewayChild> => {
  const { child, printed, ended } = spawnGateway("start", { PORT: "0", ...settings });
  running.add(child);
  void ended.then(() => running.delete(child));
  const pid = child.pid ?? 0;
  for (const end = Date.now() + START_WITHIN_MS; ; await delay(20)) {
    if (/API {2,}\S+\/v1[\s\S]*npm run demo/u.test(printed.stdout)) break;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > end) {
      killHard(pid);
      throw new Error(`the gateway did not start: ${printed.stdout}\n${printed.stderr}`);
    }
  }
  const url = /API +(\S+)\/v1/u.exec(printed.stdout)?.[1] ?? "";
  return {
    url,
    simulatorUrl: /Simulator +(\S+)/u.exec(printed.stdout)?.[1],
    pid,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    killAll: async () => {
      for (const victim of [...descendants(pid), pid]) killHard(victim);
      await ended;
    },
  };
};

/** Ends every gateway that a test left running. */
export const endAll = async (): Promise<void> => {
  for (const { pid } of running) if (pid !== undefined) killHard(pid);
  while (running.size > 0) await delay(20);
};

/** A folder for a gateway's own data, which the database's user can enter. */
export const dataFolder = async () => {
  const path = await scratchFolder("ltg-processes-");
  await chmod(path, 0o755);
  return { path: join(path, "data"), remove: () => rm(path, { recursive: true, force: true, maxRetries: 20 }) };
};

/** A token of the demonstration's client. */
export const tokenOf = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${DEMO_CLIENT.id}:${DEMO_CLIENT.secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
};
