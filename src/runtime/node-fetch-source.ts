import { Agent, request as ask } from "undici";
import { TransportError } from "../../contracts/adapter.ts";
import { isPublicAddress, isSiteAddress } from "../../contracts/public-address.ts";
import { type FetchSource, sourceHeaders } from "../files/fetch-source.ts";
import { abortReason } from "./abort-reason.ts";
import { ForbiddenAddress, publicLookup, type ResolveName } from "./node-lookup.ts";

/** Connections to one file server. */
const CONNECTIONS = 16;

/** `localhost` in `FILE_SOURCES` says what it means; any other name must not lead to this machine. */
const isOwnName = (host: string): boolean => /(?:^|\.)localhost$/iu.test(host);

/** A way to ask file servers, with its connections. */
export interface NodeFetchSource {
  readonly fetchSource: FetchSource;
  close(): Promise<void>;
}

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );

const failure = (reason: "connect" | "reset", cause: unknown, signal: AbortSignal): TransportError => {
  if (signal.aborted) return new TransportError(abortReason(signal), true, cause);
  if (cause instanceof ForbiddenAddress) return new TransportError("forbidden", false, cause);
  return new TransportError(reason, reason === "reset", cause);
};

/**
 * Asks file servers over undici, without following redirects. A name may lead into the province's own network or to the open
 * internet; one that leads to this machine, to a link-local address or to none at all is not connected to. The addresses
 * checked are those connected to.
 */
export const createNodeFetchSource = (resolveName?: ResolveName): NodeFetchSource => {
  const outside = publicLookup(resolveName, (address) => isPublicAddress(address) || isSiteAddress(address));
  const anywhere = publicLookup(resolveName, () => true);
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      lookup: (host, options, callback) => (isOwnName(host) ? anywhere : outside)(host, options, callback),
    },
  });
  return {
    close: () => agent.destroy(),
    fetchSource: async ({ url, range, signal }) => {
      try {
        const answer = await ask(url, { dispatcher: agent, method: "GET", headers: sourceHeaders(range), signal });
        const { body } = answer;
        // A body that is let go reports that as an error, to whoever listens.
        body.on("error", () => undefined);
        return {
          status: answer.statusCode,
          headers: flat(answer.headers),
          bytes: withFailures(body, signal),
          close: async () => {
            body.destroy();
          },
        };
      } catch (cause) {
        throw failure("connect", cause, signal);
      }
    },
  };
};

async function* withFailures(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw failure("reset", cause, signal);
  }
}
