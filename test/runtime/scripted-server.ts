import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server on 127.0.0.1 that behaves as the test says, well or badly. */
export interface ScriptedServer {
  readonly url: string;
  /** Requests whose headers arrived, as "METHOD path". */
  readonly requests: readonly string[];
  /** Connections taken so far, and the most that were open at once. */
  readonly connections: { readonly taken: number; readonly most: number };
  close(): Promise<void>;
}

/** What the server does with a request whose body has arrived. */
export type Script = (request: IncomingMessage & { readonly text: string }, response: ServerResponse) => void;

/** Starts a server on a free port. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const connections = { taken: 0, most: 0 };
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    script(Object.assign(request, { text }), response);
  });
  server.on("connection", (socket) => {
    open.add(socket);
    connections.taken += 1;
    connections.most = Math.max(connections.most, open.size);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
