import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FailPoint, Notice, Order } from "./fail-points.ts";

const ENTRY = fileURLToPath(new URL("./gateway-with-fail-points.ts", import.meta.url));
const KEPT_CHARACTERS = 4000;

/** A gateway in a process of its own, that can be killed or made to die at a place. */
export interface GatewayProcess {
  readonly url: string;
  /** The names under which it holds leases. */
  readonly owners: readonly string[];
  /** When it ended, in ms since the epoch; undefined while it lives. */
  readonly endedAt: number | undefined;
  /** Fulfilled when it has ended. `died`: by SIGKILL, its own or ours; else with what it printed last. */
  readonly ended: Promise<{ readonly died: boolean; readonly words: string }>;
  /** It is to die at this place, the `hits`-th time from now. */
  arm(point: FailPoint, hits: number): void;
  disarm(): void;
  kill(): Promise<void>;
}

/** Starts one and waits until it listens. @throws with what it printed when it ends before. */
export const startGatewayProcess = async (settings: Readonly<Record<string, string>>): Promise<GatewayProcess> => {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME, NODE_COMPILE_CACHE, PORT: "0", LOG_LEVEL: "fatal", ...settings };
  const child = spawn(process.execPath, [ENTRY], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const owners: string[] = [];
  let words = "";
  let url = "";
  let endedAt: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      words = `${words}${text}`.slice(-KEPT_CHARACTERS);
    });
  }
  // An order to one that is just dying is lost, which is what it was to do.
  child.on("error", () => undefined);
  const ended = once(child, "close").then(() => {
    endedAt = Date.now();
    return { died: child.signalCode === "SIGKILL", words };
  });
  const ready = new Promise<void>((resolve) => {
    child.on("message", (message) => {
      const notice = message as Notice;
      if (notice.kind === "leases") owners.push(notice.owner);
      else {
        url = notice.url;
        resolve();
      }
    });
  });
  await Promise.race([ready, ended]);
  if (url === "") throw new Error(`a gateway did not start: ${words}`);
  const order = (given: Order): void => {
    if (child.connected) child.send(given);
  };
  return {
    url,
    owners,
    get endedAt() {
      return endedAt;
    },
    ended,
    arm: (point, hits) => order({ point, hits }),
    disarm: () => order({ point: null, hits: 1 }),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
};
