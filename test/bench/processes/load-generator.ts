import { answerCommands } from "../commands.ts";
import { quantile } from "../figures.ts";
import { openConnection, type PlainConnection, postRequest } from "../plain-connection.ts";
import { dossierCode, eventBody } from "../workload.ts";

/** Steps of dossiers, and to whom. */
interface Load {
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  /** Steps go to the dossiers `0..dossiers-1` in turn. */
  readonly dossiers: number;
  /** Makes event ids unlike those of any other run. */
  readonly label: string;
  /** Of each call, such as `?priority=desk`. */
  readonly query?: string;
}

/** More requests under way than this are no load that anybody sends; they wait for a connection. */
const MOST_CONNECTIONS = 500;
const ACCEPTED = 202;

const requestOf = ({ url, token, dossiers, label, query = "" }: Load, n: number): string =>
  postRequest(
    url,
    `/v1/dossiers/${dossierCode(n % dossiers)}/events${query}`,
    token,
    JSON.stringify(eventBody(`${label}-${n}`)),
  );

/** Milliseconds of the answers that came. */
const summary = (durations: readonly number[], seconds: number) => ({
  perSecond: durations.length / seconds,
  p50: quantile(durations, 0.5),
  p95: quantile(durations, 0.95),
  p99: quantile(durations, 0.99),
});

const commands = {
  /** Closed loop: every connection sends its next step when the last was answered 202. */
  run: async (load: Load & { readonly connections: number }) => {
    const begun = performance.now();
    const end = begun + load.seconds * 1000;
    const durations: number[] = [];
    let next = 0;
    const keepBusy = async (): Promise<void> => {
      const connection = openConnection(load.url);
      for (let sent = performance.now(); sent < end; ) {
        const status = await connection.send(requestOf(load, next++));
        if (status !== ACCEPTED) throw new Error(`the gateway answered ${status}`);
        const answered = performance.now();
        if (answered <= end) durations.push(answered - sent);
        sent = answered;
      }
      connection.close();
    };
    await Promise.all(Array.from({ length: load.connections }, keepBusy));
    return summary(durations, load.seconds);
  },
  /**
   * Open loop: `rate` steps per second are due whatever became of those before, and each is timed from the moment it was
   * due, so that one slow answer cannot hide those it held up. `refused`: answers other than 202.
   */
  steady: async (load: Load & { readonly rate: number }) => {
    const idle: PlainConnection[] = [];
    const waiting: (() => void)[] = [];
    const durations: number[] = [];
    let opened = 0;
    let refused = 0;
    const freeConnection = async (): Promise<PlainConnection> => {
      while (idle.length === 0 && opened >= MOST_CONNECTIONS) await new Promise<void>((free) => waiting.push(free));
      const connection = idle.pop();
      if (connection !== undefined) return connection;
      opened++;
      return openConnection(load.url);
    };
    const sendOne = async (n: number, due: number): Promise<void> => {
      const connection = await freeConnection();
      const status = await connection.send(requestOf(load, n));
      durations.push(performance.now() - due);
      if (status !== ACCEPTED) refused++;
      idle.push(connection);
      waiting.shift()?.();
    };
    const begun = performance.now();
    const count = Math.floor(load.rate * load.seconds);
    const sent: Promise<void>[] = [];
    while (sent.length < count) {
      for (
        let due = begun + (sent.length * 1000) / load.rate;
        sent.length < count && due <= performance.now();
        due = begun + (sent.length * 1000) / load.rate
      ) {
        sent.push(sendOne(sent.length, due));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(sent);
    for (const connection of idle) connection.close();
    return { ...summary(durations, load.seconds), refused, connections: opened };
  },
};

/** What this process can be told. */
export type LoadGeneratorCommands = typeof commands;

answerCommands(commands);
