import { answerCommands } from "../commands.ts";
import { quantile } from "../figures.ts";
import { openConnection, postRequest } from "../plain-connection.ts";

/** Calls that are all alike, and to whom; tokens are used in turn. */
interface Load {
  readonly url: string;
  readonly path: string;
  readonly tokens: readonly string[];
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

const commands = {
  /** Closed loop: every connection sends its next call when the last was answered 200. */
  run: async ({ url, path, tokens, body, connections, seconds }: Load) => {
    const requests = tokens.map((token) => postRequest(url, path, token, body));
    const end = performance.now() + seconds * 1000;
    const durations: number[] = [];
    let next = 0;
    const keepBusy = async (): Promise<void> => {
      const connection = openConnection(url);
      for (let sent = performance.now(); sent < end; ) {
        const status = await connection.send(requests[next++ % requests.length] ?? "");
        if (status !== 200) throw new Error(`the answer was ${status}`);
        const answered = performance.now();
        if (answered <= end) durations.push(answered - sent);
        sent = answered;
      }
      connection.close();
    };
    await Promise.all(Array.from({ length: connections }, keepBusy));
    return { perSecond: durations.length / seconds, p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
  },
};

/** What this process can be told. */
export type LookUpLoadCommands = typeof commands;

answerCommands(commands);
