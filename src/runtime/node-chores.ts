import { ALARMS, type AlarmKind } from "../../contracts/services/alarms.ts";
import { faultFields, type Log } from "../log.ts";
import type { Chores } from "../operator-desks.ts";

/** How long to rest when no replay has work. */
const REPLAY_REST_MS = 300;
/** How often to ask whether the alarms are due; the round itself is fixed for the whole deployment. */
const ALARM_REST_MS = 10_000;

/** The chores of this process. */
export interface NodeChores {
  /** Ends after the piece of work in hand. */
  stop(): Promise<void>;
}

/** Does a chore over and over until stopped: at once again while it works, else after a rest. A failure is logged and rested upon. */
const repeat = (log: Log, name: string, restMs: number, chore: () => Promise<boolean>) => {
  let stopping = false;
  let rouse: (() => void) | undefined;
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const once = async (): Promise<boolean> => {
    try {
      return await chore();
    } catch (error) {
      log.error({ chore: name, ...faultFields(error) }, "a chore failed");
      return false;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      if (!(await once()) && !stopping) await rest();
    }
  };
  const done = run();
  return async (): Promise<void> => {
    stopping = true;
    rouse?.();
    await done;
  };
};

const logAlarms = (log: Log, words: string, alarms: readonly { kind: AlarmKind; subject: string }[]): void => {
  for (const { kind, subject } of alarms) log.warn({ alarm: kind, severity: ALARMS[kind].severity, subject }, words);
};

/** Starts the replays' runner and the evaluation of alarms. */
export const startChores = (chores: Chores, log: Log): NodeChores => {
  const stops = [
    repeat(log, "replays", REPLAY_REST_MS, () => chores.stepReplay()),
    repeat(log, "alarms", ALARM_REST_MS, async () => {
      const changes = await chores.evaluateAlarms();
      logAlarms(log, "alarm raised", changes?.raised ?? []);
      logAlarms(log, "alarm cleared", changes?.cleared ?? []);
      return false;
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
};
