import { type HttpAnswer, type HttpRequest, type Transport, TransportError } from "../../contracts/adapter.ts";
import { abortReason } from "./abort-reason.ts";
import { createCappedText } from "./capped-text.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * The transport over a `fetch`, for Workers and for tests that intercept it. Redirects are not followed.
 * `fetch` does not tell when the first byte was written, so a failure counts as sent, but for three kinds that
 * certainly come before it: the signal had fired already; Node's fetch names a failed system call `connect` or
 * `getaddrinfo`, or its own connect timeout; the platform's certificate was not accepted. Workers name none of these.
 */
export function createFetchTransport(fetch: Fetch): Transport {
  return async (request, { signal, maxAnswerBytes }) => {
    if (signal.aborted) throw new TransportError(abortReason(signal), false, signal.reason);
    try {
      const response = await fetch(request.url, requestInit(request, signal));
      const head = { status: response.status, headers: joined(response.headers) };
      const sink = request.receive?.(head);
      if (sink) {
        await sink(bytesOf(response));
        return { ...head, body: "", overlong: false };
      }
      return { ...head, ...(await readText(response, maxAnswerBytes)) };
    } catch (cause) {
      throw failure(cause, signal);
    }
  };
}

function failure(cause: unknown, signal: AbortSignal): TransportError {
  if (signal.aborted) return new TransportError(abortReason(signal), true, cause);
  return precedesSending(cause)
    ? new TransportError("connect", false, cause)
    : new TransportError("reset", true, cause);
}

function requestInit({ method, headers, body, stream }: HttpRequest, signal: AbortSignal): RequestInit {
  const init = { method, headers: { ...headers }, redirect: "manual", signal } as const;
  // `duplex` says that the answer is not read before the stream ended; fetch refuses a stream without it.
  if (stream !== undefined) return { ...init, body: toReadable(stream), duplex: "half" } as RequestInit;
  return { ...init, ...(body !== undefined && { body }) };
}

function toReadable(stream: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever wants no more lets go of the rest; at the end there is none.
    reader?.cancel().catch(() => undefined);
  }
}

async function readText(response: Response, maxAnswerBytes: number): Promise<Pick<HttpAnswer, "body" | "overlong">> {
  const text = createCappedText(maxAnswerBytes);
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!text.push(value)) {
      // Not awaited: an unwilling stream must not hold back an answer that is complete for us.
      reader.cancel().catch(() => undefined);
      break;
    }
  }
  return text.end();
}

/** `Headers` joins repeated fields by itself, but for `Set-Cookie`. */
function joined(fields: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  fields.forEach((value, name) => {
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`;
  });
  return headers;
}

const CONNECTING_CALLS = new Set<unknown>(["connect", "getaddrinfo"]);

/** Codes of Node's TLS and of undici that can only come from connecting. */
const CONNECTING_CODES = new Set<unknown>([
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Node wraps the system's error as the `cause`, and one per address tried in an `AggregateError`. */
function precedesSending(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(precedesSending);
  if ("syscall" in error && CONNECTING_CALLS.has(error.syscall)) return true;
  if ("code" in error && CONNECTING_CODES.has(error.code)) return true;
  return precedesSending(error.cause);
}
