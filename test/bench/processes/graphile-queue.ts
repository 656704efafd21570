import { Logger, makeWorkerUtils, type RunnerOptions, run, type WorkerUtils } from "graphile-worker";
import { answerCommands } from "../commands.ts";
import { countDown } from "../count-down.ts";
import { openPortalClient, type PortalClient, type StepJob, stepBody, stepJob } from "../portal-client.ts";

/** How graphile-worker is run. */
interface Options {
  readonly databaseUrl: string;
  readonly portalUrl: string;
  readonly concurrency: number;
  /** Jobs are fetched and completed in batches, as its page on performance says. */
  readonly isBatched: boolean;
}

const TASK = "step";
/** Jobs added by one statement. */
const CHUNK = 500;
/** As many as the gateway has. */
const DATABASE_CONNECTIONS = 20;

const BATCHED = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const silent = new Logger(() => () => undefined);

const presetOf = ({ databaseUrl, concurrency, isBatched }: Options): NonNullable<RunnerOptions["preset"]> => ({
  worker: {
    connectionString: databaseUrl,
    concurrentJobs: concurrency,
    maxPoolSize: DATABASE_CONNECTIONS,
    logger: silent,
    ...(isBatched ? BATCHED : {}),
  },
});

let running: { readonly options: Options; readonly utils: WorkerUtils; readonly portal: PortalClient } | undefined;

const opened = () => {
  if (running === undefined) throw new Error("not open");
  return running;
};

const commands = {
  open: async (options: Options) => {
    const utils = await makeWorkerUtils({ preset: presetOf(options) });
    await utils.migrate();
    running = { options, utils, portal: openPortalClient(options.portalUrl, options.concurrency) };
  },
  /** Adds `count` jobs; with `isOrdered` each dossier's in a queue of its own, one at a time. */
  enqueue: async ({ count, streams, isOrdered }: { count: number; streams: number; isOrdered: boolean }) => {
    const { utils } = opened();
    for (let from = 0; from < count; from += CHUNK) {
      const jobs = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => {
        const payload = stepJob(from + i, streams);
        return { identifier: TASK, payload, ...(isOrdered && { queueName: payload.code }) };
      });
      await utils.addJobs(jobs);
    }
  },
  /** Works until `count` jobs are sent. Seconds from the first call to the last answer; its completion comes later. */
  drain: async ({ count }: { count: number }) => {
    const { options, portal } = opened();
    const counted = countDown(count);
    const perform = async (payload: unknown): Promise<void> => {
      const job = payload as StepJob;
      counted.begin();
      await portal.send(job.n, stepBody(job));
      counted.tick();
    };
    const runner = await run({ preset: presetOf(options), taskList: { [TASK]: perform }, noHandleSignals: true });
    runner.events.on("job:error", ({ error }) => counted.fail(error));
    return { seconds: await counted.seconds.finally(() => runner.stop()) };
  },
};

/** What this process can be told. */
export type GraphileQueueCommands = typeof commands;

answerCommands(commands);
