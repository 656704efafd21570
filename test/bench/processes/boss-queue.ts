import PgBoss from "pg-boss";
import { answerCommands } from "../commands.ts";
import { countDown } from "../count-down.ts";
import { openPortalClient, type PortalClient, type StepJob, stepBody, stepJob } from "../portal-client.ts";

/** How pg-boss is run. */
interface Options {
  readonly databaseUrl: string;
  readonly portalUrl: string;
  readonly concurrency: number;
}

const QUEUE = "steps";
/** Jobs inserted by one statement. */
const CHUNK = 500;
/** As many as the gateway has. */
const DATABASE_CONNECTIONS = 20;
/** Loops that fetch, send and complete: together they have `concurrency` calls in flight. */
const LOOPS = 4;
/** The shortest that `work()` allows. */
const POLLING_SECONDS = 0.5;

let running: { readonly boss: PgBoss; readonly portal: PortalClient; readonly concurrency: number } | undefined;

const opened = () => {
  if (running === undefined) throw new Error("not open");
  return running;
};

const sendAll = async (jobs: readonly PgBoss.Job<StepJob>[]): Promise<void> => {
  const { portal } = opened();
  await Promise.all(jobs.map(({ data }) => portal.send(data.n, stepBody(data))));
};

const commands = {
  open: async ({ databaseUrl, portalUrl, concurrency }: Options) => {
    const boss = new PgBoss({ connectionString: databaseUrl, max: DATABASE_CONNECTIONS, schedule: false });
    boss.on("error", (error) => console.error("pg-boss:", error.message));
    await boss.start();
    await boss.createQueue(QUEUE);
    running = { boss, portal: openPortalClient(portalUrl, concurrency), concurrency };
  },
  enqueue: async ({ count, streams }: { count: number; streams: number }) => {
    for (let from = 0; from < count; from += CHUNK) {
      const length = Math.min(CHUNK, count - from);
      await opened().boss.insert(
        QUEUE,
        Array.from({ length }, (_, i) => ({ name: QUEUE, data: stepJob(from + i, streams) })),
      );
    }
  },
  /** Loops of `fetch`, the calls at once, `complete`, until the queue is empty. Seconds to the last completion. */
  drainByFetch: async () => {
    const { boss, concurrency } = opened();
    const loop = async (): Promise<void> => {
      for (;;) {
        const jobs = await boss.fetch<StepJob>(QUEUE, { batchSize: Math.ceil(concurrency / LOOPS) });
        if (jobs.length === 0) return;
        await sendAll(jobs);
        await boss.complete(
          QUEUE,
          jobs.map(({ id }) => id),
        );
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: LOOPS }, loop));
    return { seconds: (performance.now() - begun) / 1000 };
  },
  /** `work()` until `count` jobs are sent. Seconds from the first call to the last answer; its completion comes later. */
  drainByWork: async ({ count }: { count: number }) => {
    const { boss, concurrency } = opened();
    const counted = countDown(count);
    const handle = async (jobs: PgBoss.Job<StepJob>[]): Promise<void> => {
      counted.begin();
      await sendAll(jobs).catch(counted.fail);
      counted.tick(jobs.length);
    };
    await boss.work<StepJob>(QUEUE, { batchSize: concurrency, pollingIntervalSeconds: POLLING_SECONDS }, handle);
    return { seconds: await counted.seconds.finally(() => boss.offWork(QUEUE)) };
  },
};

/** What this process can be told. */
export type BossQueueCommands = typeof commands;

answerCommands(commands);
