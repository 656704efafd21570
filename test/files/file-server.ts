import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A file on the province's server. */
export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly type?: string;
  readonly etag?: string;
  /** Answers 200 with everything, whatever range is asked for. */
  readonly withoutRanges?: boolean;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

const sendFile = (request: IncomingMessage, response: ServerResponse, file: ServedFile): void => {
  const { bytes, type = "text/html", etag, withoutRanges } = file;
  const [, first, last] = /^bytes=(\d*)-(\d*)$/u.exec(request.headers.range ?? "") ?? [];
  const headers = { "content-type": type, ...(etag !== undefined && { etag }) };
  if (first === undefined || withoutRanges === true) {
    response.writeHead(200, { ...headers, "content-length": bytes.length }).end(bytes);
    return;
  }
  const from = first === "" ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const to = first === "" || last === "" ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
  if (from >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const part = bytes.subarray(from, to + 1);
  const range = { "content-range": `bytes ${from}-${to}/${bytes.length}`, "content-length": part.length };
  response.writeHead(206, { ...headers, ...range }).end(part);
};

/** The province's file server: files by path, or whatever a test wants it to do. */
export const openFileServer = async () => {
  const files = new Map<string, ServedFile | Serve>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const found = files.get(path);
    if (found === undefined) response.writeHead(404).end("no such file");
    else if (typeof found === "function") found(request, response);
    else sendFile(request, response, found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    files,
    /** Paths in the order they were asked for. */
    asked,
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
