import { Agent, type Dispatcher } from "undici";
import { type HttpAnswer, type HttpRequest, type Transport, TransportError } from "../../contracts/adapter.ts";
import { abortReason } from "./abort-reason.ts";
import { createCappedText } from "./capped-text.ts";

/** How the connections to one platform are kept. */
export interface NodeTransportOptions {
  /** Most connections to one origin; further requests wait for a free one. */
  readonly connections: number;
  /** How long TCP and TLS may take together, in milliseconds. undici's timers round up to about a second. */
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept, in milliseconds; a shorter `Keep-Alive` hint of the platform wins. */
  readonly keepAliveTimeoutMs?: number;
  /** Mutual TLS and private authorities, as PEM text. */
  readonly tls?: { readonly cert?: string; readonly key?: string; readonly ca?: string };
}

/** A transport with its connections. */
export interface NodeTransport {
  readonly transport: Transport;
  /** Takes no new request, waits for those that run, then closes the connections. */
  close(): Promise<void>;
}

/** undici's own default: shorter than the idle time of common servers, so that a dying socket is seldom reused. */
const KEEP_ALIVE_TIMEOUT_MS = 4_000;

/**
 * The transport of Node: HTTP/1.1 over undici, keep-alive, one request at a time on a connection, no redirects.
 * The caller's signal is the only deadline. The headers are written in the same turn in which undici calls
 * `onRequestStart`, so `sent` is false exactly for what failed before it: address look-up, connecting, the TLS
 * handshake, waiting for a free connection. A reset of a reused connection counts as sent (design section 6).
 */
export function createNodeTransport(options: NodeTransportOptions): NodeTransport {
  const agent = new Agent({
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.connectTimeoutMs, ...options.tls },
  });
  return {
    transport: (request, { signal, maxAnswerBytes }) => send({ agent, request, signal, maxAnswerBytes }),
    close: () => agent.close(),
  };
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
    const reason = signal.aborted ? abortReason(signal) : started ? "reset" : "connect";
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
      answerHandler(maxAnswerBytes, {
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

function dispatchOptions({ method, url, headers, body }: HttpRequest): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}`, method, headers: { ...headers }, body: body ?? null };
}

interface Ends {
  start(controller: Dispatcher.DispatchController): void;
  answer(answer: HttpAnswer): void;
  fail(cause: unknown): void;
}

function answerHandler(maxAnswerBytes: number, ends: Ends): Dispatcher.DispatchHandler {
  const text = createCappedText(maxAnswerBytes);
  let status = 0;
  let headers: Record<string, string> = {};
  return {
    onRequestStart: (controller) => ends.start(controller),
    onResponseStart(_controller, statusCode, fields) {
      status = statusCode;
      headers = joined(fields);
    },
    onResponseData(controller, chunk) {
      if (text.push(chunk)) return;
      ends.answer({ status, headers, ...text.end() });
      controller.abort(new Error("the answer is longer than allowed"));
    },
    onResponseEnd: () => ends.answer({ status, headers, ...text.end() }),
    onResponseError: (_controller, error) => ends.fail(error),
  };
}

function joined(fields: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(fields).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(pairs);
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
