import { answerCommands } from "../commands.ts";
import { openPortalClient, stepBody, stepJob } from "../portal-client.ts";

/** What is sent, and how many at once. */
interface Calls {
  readonly portalUrl: string;
  readonly count: number;
  readonly streams: number;
  readonly concurrency: number;
}

const commands = {
  /** Sends everything, in no order; the bodies are made before the clock starts. Seconds from the first request to the last answer. */
  run: async ({ portalUrl, count, streams, concurrency }: Calls) => {
    const bodies = Array.from({ length: count }, (_, n) => stepBody(stepJob(n, streams)));
    const { send, close } = openPortalClient(portalUrl, concurrency);
    let next = 0;
    const sendNext = async (): Promise<void> => {
      for (let n = next++; n < bodies.length; n = next++) await send(n, bodies[n] ?? "");
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: concurrency }, sendNext));
    const seconds = (performance.now() - begun) / 1000;
    await close();
    return { seconds };
  },
};

/** What this process can be told. */
export type BareLoopCommands = typeof commands;

answerCommands(commands);
