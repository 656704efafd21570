import type {
  AttemptKind,
  CallContext,
  Fault,
  HttpAnswer,
  HttpRequest,
  PlatformCache,
  Reading,
  Transport,
  WireCall,
} from "../../contracts/adapter.ts";
import { TransportError } from "../../contracts/adapter.ts";

/** One attempt as a ledger would record it. */
export interface RecordedAttempt {
  readonly kind: AttemptKind;
  readonly request: HttpRequest;
  /** The bodies that would be kept. */
  readonly evidence: string;
  readonly answerEvidence: string | undefined;
  readonly httpStatus: number | undefined;
  readonly outcome: "delivered" | Fault["outcome"];
  readonly fault: Fault | undefined;
}

/** A call context that tests can look into. Its clock stands still until `advance` moves it. */
export interface ScriptedCall extends CallContext {
  readonly attempts: readonly RecordedAttempt[];
  /** Moves the clock by milliseconds, either way. */
  advance(milliseconds: number): void;
}

/** The cache of a test: ages are counted by the clock given. */
export const memoryCache = (now: () => Date): PlatformCache => {
  const entries = new Map<string, { value: unknown; storedAt: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return Promise.resolve(null);
      return Promise.resolve({ value: entry.value, ageSeconds: (now().getTime() - entry.storedAt) / 1000 });
    },
    put: (key, value) => {
      entries.set(key, { value: structuredClone(value), storedAt: now().getTime() });
      return Promise.resolve();
    },
  };
};

const transportFault = (kind: AttemptKind, error: TransportError): Fault => ({
  outcome: kind === "send" && error.sent ? "unknown" : "transient",
  code: error.reason === "timeout" ? "upstream_timeout" : "upstream_unavailable",
  message: error.message,
});

const readSafely = <T>(call: WireCall<T>, answer: HttpAnswer): Reading<T> => {
  try {
    return call.read(answer);
  } catch (error) {
    const outcome = call.kind === "send" ? "unknown" : "transient";
    return { ok: false, fault: { outcome, code: "upstream_malformed", message: String(error) } };
  }
};

/** A clock that only a test moves. */
export const handClock = (start = "2026-11-20T02:15:00Z") => {
  let milliseconds = Date.parse(start);
  return {
    now: () => new Date(milliseconds),
    advance: (by: number) => {
      milliseconds += by;
    },
  };
};

/** A call context over any transport, behaving as the docstrings of `CallContext` promise and recording attempts. */
export const scriptedCall = (
  transport: Transport,
  options: {
    readonly clock?: ReturnType<typeof handClock>;
    readonly cache?: PlatformCache;
    readonly correlationId?: string;
  } = {},
): ScriptedCall => {
  const clock = options.clock ?? handClock();
  const attempts: RecordedAttempt[] = [];

  const attempt = async <T>(call: WireCall<T>): Promise<Reading<T>> => {
    let answer: HttpAnswer | undefined;
    let reading: Reading<T>;
    try {
      const signal = new AbortController().signal;
      answer = await transport(call.request, { signal, maxAnswerBytes: 1024 * 1024 });
      reading = readSafely(call, answer);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      reading = { ok: false, fault: transportFault(call.kind, error) };
    }
    attempts.push({
      kind: call.kind,
      request: call.request,
      evidence: call.evidence,
      answerEvidence: answer === undefined ? undefined : (call.answerEvidence?.(answer.body) ?? answer.body),
      httpStatus: answer?.status,
      outcome: reading.ok ? "delivered" : reading.fault.outcome,
      fault: reading.ok ? undefined : reading.fault,
    });
    return reading;
  };

  return {
    correlationId: options.correlationId ?? "correlation-1",
    now: clock.now,
    advance: clock.advance,
    cache: options.cache ?? memoryCache(clock.now),
    attempt,
    attempts,
  };
};

/** What a scripted platform says to one request. */
export type Reply = TransportError | Partial<HttpAnswer>;

/** An answer whose body is JSON. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** A transport that answers by a function of the request; requests are kept in the order they came. */
export const answering = (reply: (request: HttpRequest, n: number) => Reply | Promise<Reply>) => {
  const requests: HttpRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const said = await reply(request, requests.length);
    if (said instanceof TransportError) throw said;
    return { status: 200, headers: {}, body: "", overlong: false, ...said };
  };
  return { transport, requests };
};

/** A transport that gives the replies in order and fails the test when asked for one more. */
export const scripted = (...replies: readonly Reply[]) => {
  const left = [...replies];
  return answering((request) => {
    const next = left.shift();
    if (next === undefined) throw new Error(`no reply is left for ${request.method} ${request.url} ${request.body}`);
    return next;
  });
};

const lost = (cause: unknown): TransportError => new TransportError("reset", true, cause);

/** The global fetch as a transport: what msw intercepts. */
export const fetchTransport: Transport = async (request, { signal, maxAnswerBytes }) => {
  let response: Response;
  let body: string;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    body = await response.text();
  } catch (error) {
    throw lost(error);
  }
  const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status: response.status,
    headers,
    body: body.slice(0, maxAnswerBytes),
    overlong: body.length > maxAnswerBytes,
  };
};
