import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/** What plays a platform: a Hono app, or anything that answers requests. */
export interface SimulatorApp {
  fetch(request: Request): Response | Promise<Response>;
}

/** A simulator that answers real HTTP. */
export interface ServedSimulator {
  /** Base address without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** `true`: connections are refused and open ones cut, as when the machine is away. `false`: back on the same port. */
  refuse(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that no request meets a connection that is just closing. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Serves a simulator over HTTP with keep-alive; port 0 takes a free one. An answer of `Response.error()` (status 0)
 * destroys the socket: the caller sees a connection that broke after its request was sent.
 * The listener puts its own `Response` in the global one's place, which halves the cost of a call; msw no longer knows
 * `Response.error()` in such a process, so let msw and served simulators live in different test files.
 */
export const serve = async (
  app: SimulatorApp,
  { port = 0, hostname = "127.0.0.1" }: { port?: number; hostname?: string } = {},
): Promise<ServedSimulator> => {
  const listener = getRequestListener(async (request, env) => {
    const response = await app.fetch(request);
    if (response.status !== 0) return response;
    (env as HttpBindings).incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    listener(incoming, outgoing).catch(() => incoming.socket.destroy());
  });

  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, hostname, () => {
        server.off("error", reject);
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(port);
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${hostname}:${taken}`,
    port: taken,
    refuse: (on) => (on ? stop() : server.listening ? Promise.resolve() : listen(taken)),
    close: stop,
  };
};
