import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import httpProxy from "http-proxy";
import { answerCommands } from "../commands.ts";

const commands = {
  /** Begins to pass everything on to `target`, over connections that are kept, as its documentation recommends for throughput. */
  open: async ({ target }: { target: string }) => {
    const proxy = httpProxy.createProxyServer({ target, agent: new Agent({ keepAlive: true, maxSockets: 256 }) });
    proxy.on("error", (_error, _request, response) => {
      if ("writeHead" in response) response.writeHead(502);
      response.end();
    });
    const server = createServer((request, response) => proxy.web(request, response));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  },
};

/** What this process can be told. */
export type LookUpProxyCommands = typeof commands;

answerCommands(commands);
