import { connect } from "node:net";
import { answerCommands } from "../commands.ts";
import { dossierCode, eventBody } from "../workload.ts";

/** How much load, and on whom. */
interface Load {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** Steps go to the dossiers `0..dossiers-1` in turn. */
  readonly dossiers: number;
  /** Makes event ids unlike those of any other run. */
  readonly label: string;
}

const HEADERS_END = "\r\n\r\n";

/** The status of the first whole answer in `text`, or undefined while it is not whole. */
const statusOf = (text: string): number | undefined => {
  const end = text.indexOf(HEADERS_END);
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/iu.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${text.slice(0, end)}`);
  return text.length >= end + HEADERS_END.length + Number(length) ? Number(text.slice(9, 12)) : undefined;
};

/**
 * One kept-alive connection, one request at a time. Plain sockets: the generator shares the machine's cores with the
 * program it measures, and an HTTP client would take a good part of them.
 */
const openConnection = (url: string) => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  let waiting: PromiseWithResolvers<number> | undefined;
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const status = statusOf(text);
    if (status === undefined) return;
    text = "";
    waiting?.resolve(status);
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the gateway closed the connection")));
  return {
    send: (request: string): Promise<number> => {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => {
      waiting = undefined;
      socket.destroy();
    },
  };
};

const requestOf = (load: Load, n: number): string => {
  const body = JSON.stringify(eventBody(`${load.label}-${n}`));
  const head = [
    `POST /v1/dossiers/${dossierCode(n % load.dossiers)}/events HTTP/1.1`,
    `Host: ${new URL(load.url).host}`,
    `Authorization: Bearer ${load.token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}${HEADERS_END}${body}`;
};

const quantile = (sorted: readonly number[], part: number): number => sorted[Math.floor(sorted.length * part)] ?? 0;

const commands = {
  /** Closed loop: every connection sends its next step when the last was answered 202. Milliseconds. */
  run: async (load: Load) => {
    const begun = performance.now();
    const end = begun + load.seconds * 1000;
    const durations: number[] = [];
    let next = 0;
    const keepBusy = async (): Promise<void> => {
      const connection = openConnection(load.url);
      for (let sent = performance.now(); sent < end; ) {
        const status = await connection.send(requestOf(load, next++));
        if (status !== 202) throw new Error(`the gateway answered ${status}`);
        const answered = performance.now();
        if (answered <= end) durations.push(answered - sent);
        sent = answered;
      }
      connection.close();
    };
    await Promise.all(Array.from({ length: load.connections }, keepBusy));
    durations.sort((a, b) => a - b);
    return {
      perSecond: durations.length / load.seconds,
      p50: quantile(durations, 0.5),
      p99: quantile(durations, 0.99),
    };
  },
};

/** What this process can be told. */
export type LoadGeneratorCommands = typeof commands;

answerCommands(commands);
