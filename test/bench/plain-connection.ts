import { connect } from "node:net";

const HEADERS_END = "\r\n\r\n";

/** The status of the first whole answer in `text`, or undefined while it is not whole. */
const statusOf = (text: string): number | undefined => {
  const end = text.indexOf(HEADERS_END);
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/iu.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${text.slice(0, end)}`);
  return text.length >= end + HEADERS_END.length + Number(length) ? Number(text.slice(9, 12)) : undefined;
};

/** One kept-alive connection, one request at a time. */
export interface PlainConnection {
  /** Sends a whole request as text; answers the status. */
  send(request: string): Promise<number>;
  close(): void;
}

/**
 * Opens a connection. Plain sockets: the load generator shares the machine's cores with the program it measures, and an
 * HTTP client would take a good part of them.
 */
export const openConnection = (url: string): PlainConnection => {
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
    send: (request) => {
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

/** A POST of JSON as one text. */
export const postRequest = (url: string, path: string, token: string, json: string): string => {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
  ];
  return `${head.join("\r\n")}${HEADERS_END}${json}`;
};
