import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import { answerCommands } from "../commands.ts";
import { countDown } from "../count-down.ts";
import { openPortalClient, type PortalClient, type StepJob, stepBody, stepJob } from "../portal-client.ts";

/** How DBOS is run. */
interface Options {
  readonly databaseUrl: string;
  readonly portalUrl: string;
  readonly concurrency: number;
}

const QUEUE = "steps";
const WORKFLOW = "deliver-step";
const VERSION = "bench";
/** As many as the gateway has. */
const DATABASE_CONNECTIONS = 20;
/** Its default of a second would be most of what is measured. */
const POLLING_MS = 10;
/** Workflows enqueued at once. */
const ENQUEUERS = 16;

let running: { readonly options: Options; readonly portal: PortalClient } | undefined;
let counted: ReturnType<typeof countDown> | undefined;

const opened = () => {
  if (running === undefined) throw new Error("not open");
  return running;
};

/** One durable step per workflow: the call to the portal. */
const deliver = async (job: StepJob): Promise<void> => {
  counted?.begin();
  await DBOS.runStep(() => opened().portal.send(job.n, stepBody(job)), { name: "send" });
  counted?.tick();
};

DBOS.registerWorkflow(deliver, { name: WORKFLOW });

const launch = async ({ databaseUrl, concurrency }: Options): Promise<void> => {
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: DATABASE_CONNECTIONS,
    applicationVersion: VERSION,
    logLevel: "error",
  });
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, {
    workerConcurrency: concurrency,
    minPollingIntervalMs: POLLING_MS,
    onConflict: "always_update",
  });
};

const commands = {
  /** Launches once, so that its tables are there. */
  open: async (options: Options) => {
    running = { options, portal: openPortalClient(options.portalUrl, options.concurrency) };
    await launch(options);
    await DBOS.shutdown();
  },
  /** Enqueues while nothing is launched: all is there when the clock starts. */
  enqueue: async ({ count, streams }: { count: number; streams: number }) => {
    const client = await DBOSClient.create({ systemDatabaseUrl: opened().options.databaseUrl });
    let next = 0;
    const enqueueNext = async (): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        const target = { queueName: QUEUE, workflowName: WORKFLOW, appVersion: VERSION };
        await client.enqueue<typeof deliver>(target, stepJob(n, streams));
      }
    };
    await Promise.all(Array.from({ length: ENQUEUERS }, enqueueNext)).finally(() => client.destroy());
  },
  /** Launches and works until `count` workflows are done. Seconds from the first call to the last answer. */
  drain: async ({ count }: { count: number }) => {
    counted = countDown(count);
    await launch(opened().options);
    // A workflow whose end is not recorded would be run again by the next launch.
    const shutdown = () => DBOS.shutdown({ workflowCompletionTimeoutMS: 10_000 });
    return { seconds: await counted.seconds.finally(shutdown) };
  },
};

/** What this process can be told. */
export type DbosQueueCommands = typeof commands;

answerCommands(commands);
