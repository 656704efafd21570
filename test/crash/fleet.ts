import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import type { Victim } from "./plan-round.ts";

/** How long a place may take to be reached: long enough for a lease to run out (8 s) and be noticed. */
const REACH_MS = 20_000;
const START_MS = 60_000;
const LOOK_MS = 50;

/** A process that died with work in its hands, until others have all of it. */
interface Orphaned {
  readonly owner: string;
  readonly since: number;
  /** Whether it was seen to hold anything. */
  held: boolean;
  /** Whether there was always a database, and another gateway, that could have taken it over. */
  calm: boolean;
}

/** How long a dead process's work waited for another process. */
export interface TakeOver {
  readonly ms: number;
  readonly calm: boolean;
}

/** How one victim died: at its place, or by a plain kill because the place was not reached in time. */
export type Death = Victim["how"];

/** Several gateways on one database: killed, started again, and watched for what they leave behind. */
export const openFleet = async (settings: Readonly<Record<string, string>>, size: number, sql: Sql) => {
  const faults: string[] = [];
  const takeOvers: TakeOver[] = [];
  let orphaned: Orphaned[] = [];
  let watching = true;

  const start = async (): Promise<GatewayProcess> => {
    for (const end = Date.now() + START_MS; ; await delay(50)) {
      try {
        return await startGatewayProcess(settings);
      } catch (error) {
        // It may have met a database that is just away: whoever runs it starts it again.
        if (Date.now() > end) throw error;
      }
    }
  };
  const crew: (GatewayProcess | undefined)[] = await Promise.all(Array.from({ length: size }, start));

  const leave = ({ owners, endedAt }: GatewayProcess): void => {
    orphaned.push(...owners.map((owner) => ({ owner, since: endedAt ?? Date.now(), held: false, calm: true })));
  };

  /** Nobody can take anything over now: the database is away, or all gateways are. */
  const disturb = (): void => {
    for (const one of orphaned) one.calm = false;
  };

  const look = async (): Promise<void> => {
    const rows = await sql<{ owner: string }[]>`select distinct owner from pending where state = 'sending'`;
    const holding = new Set(rows.map(({ owner }) => owner));
    for (const one of orphaned) {
      one.held ||= holding.has(one.owner);
      if (one.held && !holding.has(one.owner)) takeOvers.push({ ms: Date.now() - one.since, calm: one.calm });
    }
    orphaned = orphaned.filter(({ owner }) => holding.has(owner));
  };
  const watch = (async () => {
    for (; watching; await delay(LOOK_MS)) {
      if (orphaned.length > 0) await look().catch(disturb);
      if (crew.every((one) => one === undefined || one.endedAt !== undefined)) disturb();
    }
  })();

  /** Kills one as planned; `progress` waits for so many more answered calls. */
  const kill = async ({ gateway, how, count }: Victim, progress: (calls: number) => Promise<void>): Promise<Death> => {
    const victim = crew[gateway];
    if (victim === undefined) throw new Error("there is no such gateway");
    let death: Death = how;
    if (how === "random") await progress(count);
    else {
      victim.arm(how, count);
      const late = new AbortController();
      await Promise.race([victim.ended, delay(REACH_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      if (victim.endedAt === undefined) death = "random";
    }
    crew[gateway] = undefined;
    await victim.kill();
    const { died, words } = await victim.ended;
    if (!died) faults.push(`a gateway ended by itself: ${words}`);
    leave(victim);
    return death;
  };

  return {
    faults,
    takeOvers,
    urls: (): readonly string[] => crew.flatMap((one) => (one?.endedAt === undefined && one ? [one.url] : [])),
    kill,
    /** Starts those that were killed. */
    fill: async (): Promise<void> => {
      await Promise.all(
        crew.map(async (one, i) => {
          if (one?.endedAt !== undefined) faults.push(`a gateway ended by itself: ${(await one.ended).words}`);
          if (one === undefined || one.endedAt !== undefined) crew[i] = await start();
        }),
      );
    },
    close: async (): Promise<void> => {
      watching = false;
      await watch;
      await Promise.all(crew.map((one) => one?.kill()));
    },
  };
};

/** Several gateways. */
export type Fleet = Awaited<ReturnType<typeof openFleet>>;
