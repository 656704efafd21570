import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import { type HttpAnswer, type HttpRequest, type Transport, TransportError } from "../../contracts/adapter.ts";
import { abortReason } from "./abort-reason.ts";
import { createCappedText } from "./capped-text.ts";
import { ForbiddenAddress } from "./node-lookup.ts";
import { createTakenBytes, type TakenEnds } from "./node-taken-bytes.ts";

/** How the connections to one platform are kept. */
export interface NodeTransportOptions {
  /** Most connections to one origin; further requests wait for a free one. */
  readonly connections: number;
  /** How long TCP and TLS may take together, in milliseconds. undici's timers round up to about a second. */
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept, in milliseconds; a shorter `Keep-Alive` hint of the platform wins. */
  readonly keepAliveTimeoutMs?: number;
  readonly tls?: TransportTls;
  /** In the place of the system's look-up of names; what it refuses is not connected to. */
  readonly lookup?: LookupFunction;
}

/** Mutual TLS and private authorities, as PEM text. `ca` takes the place of the public authorities. */
export interface TransportTls {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** A transport with its connections. */
export interface NodeTransport {
  readonly transport: Transport;
  /**
   * Calls made from now on go over new connections with this certificate; those that run end on the old ones. A kept
   * connection, or a TLS session of it, would go on showing the old certificate.
   */
  renewTls(tls: TransportTls): void;
  /** Takes no new request, waits for those that run, then closes the connections. */
  close(): Promise<void>;
}

/** undici's own default: shorter than the idle time of common servers, so that a dying socket is seldom reused. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

/**
 * The transport of Node: HTTP/1.1 over undici, keep-alive, one request at a time on a connection, no redirects.
 * The caller's signal is the only deadline. The headers are written in the same turn in which undici calls
 * `onRequestStart`, so `sent` is false exactly for what failed before it: address look-up, connecting, the TLS
 * handshake, waiting for a free connection. A reset of a reused connection counts as sent (design section 6), and so does
 * a platform that refuses our certificate under TLS 1.3: there it looks at it after our side of the handshake is over,
 * and all that shows is a closed connection.
 */
export function createNodeTransport(options: NodeTransportOptions): NodeTransport {
  let agent = createAgent(options);
  const retiring = new Set<Promise<void>>();
  return {
    transport: (request, { signal, maxAnswerBytes }) => send({ agent, request, signal, maxAnswerBytes }),
    renewTls: (tls) => {
      const retired = agent.close().finally(() => retiring.delete(retired));
      retiring.add(retired);
      agent = createAgent({ ...options, tls });
    },
    close: async () => {
      await Promise.all([agent.close(), ...retiring]);
    },
  };
}

function createAgent(options: NodeTransportOptions): Agent {
  return new Agent({
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.connectTimeoutMs, ...options.tls, ...(options.lookup && { lookup: options.lookup }) },
  });
}

interface Sending {
  readonly agent: Agent;
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
  readonly maxAnswerBytes: number;
}

function send({ agent, request, signal, maxAnswerBytes }: Sending): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  let started: Dispatcher.DispatchController | undefined;
  const fail = (cause: unknown): void => {
    const ended = cause instanceof ForbiddenAddress ? "forbidden" : started ? "reset" : "connect";
    const reason = signal.aborted ? abortReason(signal) : ended;
    signal.removeEventListener("abort", abort);
    reject(new TransportError(reason, started !== undefined, cause));
  };
  // undici keeps a waiting request in its queue; the caller is answered at once, and onRequestStart drops it later.
  const abort = (): void => {
    fail(signal.reason);
    started?.abort(asError(signal.reason));
  };
  if (signal.aborted) {
    fail(signal.reason);
    return promise;
  }
  signal.addEventListener("abort", abort, { once: true });
  try {
    agent.dispatch(
      dispatchOptions(request),
      answerHandler(request, maxAnswerBytes, {
        start(controller) {
          if (signal.aborted) controller.abort(asError(signal.reason));
          else started = controller;
        },
        answer(answer) {
          signal.removeEventListener("abort", abort);
          resolve(answer);
        },
        fail,
      }),
    );
  } catch (cause) {
    fail(cause);
  }
  return promise;
}

interface Address {
  readonly origin: string;
  readonly path: string;
}

/** A platform's few addresses are taken apart once. */
const addresses = new Map<string, Address>();
const MOST_ADDRESSES = 100;

function addressOf(url: string): Address {
  const known = addresses.get(url);
  if (known !== undefined) return known;
  const { origin, pathname, search } = new URL(url);
  const address = { origin, path: `${pathname}${search}` };
  // Addresses that differ with each call would only push out the others.
  if (addresses.size < MOST_ADDRESSES && search === "") addresses.set(url, address);
  return address;
}

function dispatchOptions({ method, url, headers, body, stream }: HttpRequest): Dispatcher.DispatchOptions {
  const { origin, path } = addressOf(url);
  const sent = stream === undefined ? (body ?? null) : Readable.from(stream, { objectMode: false });
  return { origin, path, method, headers: { ...headers }, body: sent };
}

interface Ends extends TakenEnds {
  start(controller: Dispatcher.DispatchController): void;
}

/** An answer as it comes: read as text, or given to whoever takes its bytes. */
function answerHandler({ receive }: HttpRequest, maxAnswerBytes: number, ends: Ends): Dispatcher.DispatchHandler {
  const text = createCappedText(maxAnswerBytes);
  let head: Pick<HttpAnswer, "status" | "headers"> = { status: 0, headers: {} };
  let taken: ReturnType<typeof createTakenBytes> | undefined;
  return {
    onRequestStart: (controller) => ends.start(controller),
    onResponseStart(controller, status, fields) {
      head = { status, headers: joined(fields) };
      const sink = receive?.(head);
      if (sink) taken = createTakenBytes(sink, controller, ends, head);
    },
    onResponseData(controller, chunk) {
      if (taken !== undefined) return taken.push(chunk);
      if (text.push(chunk)) return;
      ends.answer({ ...head, ...text.end() });
      controller.abort(new Error("the answer is longer than allowed"));
    },
    onResponseEnd: () => (taken === undefined ? ends.answer({ ...head, ...text.end() }) : taken.end()),
    onResponseError(_controller, error) {
      taken?.breakOff(error);
      ends.fail(error);
    },
  };
}

function joined(fields: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in fields) {
    const value = fields[name];
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  }
  return headers;
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
