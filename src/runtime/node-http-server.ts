import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { watchSlowSenders } from "./node-slow-senders.ts";

/** A gateway that listens. */
export interface HttpServer {
  readonly url: string;
  /** Takes no new connection, lets running requests end, at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** Slow senders are cut: headers within 20 s, bodies by `watchSlowSenders`, which takes Node's own limit on requests' place. */
const LIMITS = { headersTimeout: 20_000, requestTimeout: 0, keepAliveTimeout: 65_000 };

/** Serves the application over HTTP. @throws when the address is taken. */
export const listen = async (
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpServer> => {
  const listener = getRequestListener(fetch);
  const senders = watchSlowSenders(() => performance.now());
  const server = createServer(LIMITS, (incoming, outgoing) => {
    senders.watch(incoming);
    // While stopping, the answer in progress is a connection's last: a busy client would otherwise hold us to the end.
    if (!server.listening) outgoing.setHeader("connection", "close");
    listener(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          senders.stop();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
