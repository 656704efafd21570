import type { DemoSettings } from "./demo-settings.ts";

/** Network, clock and pause, handed in. */
export interface ClientSurroundings {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly wait: (ms: number) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Told of a fault that is tried again, at most every ten seconds. */
  readonly onTrouble: (cause: string) => void;
}

/** One call of the gateway. */
export interface GatewayCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** How a call ended: taken (perhaps answered from an earlier run), or refused for good. */
export type GatewayAnswer =
  | { readonly taken: true; readonly replayed: boolean; readonly body: unknown }
  | { readonly taken: false; readonly cause: string };

/** Calls the gateway as one client, patiently. */
export interface GatewayClient {
  /** @throws Error when the gateway gives no usable answer for two minutes, or does not know the client. */
  call(call: GatewayCall): Promise<GatewayAnswer>;
  /** @throws Error likewise, and when the answer is a refusal. */
  read<T>(path: string): Promise<T>;
  /** Calls made again after a fault, with the same key. */
  readonly repeated: number;
}

/** A gateway that restarts is back long before this. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const TROUBLE_TOLD_EVERY_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;

type Try = GatewayAnswer | { readonly again: string; readonly afterMs: number; readonly unauthenticated?: true };

const problemText = (status: number, text: string): { code: string; words: string } => {
  try {
    const {
      code = "",
      detail,
      title,
      errors = [],
    } = JSON.parse(text) as Record<string, string> & { errors?: unknown[] };
    const fields = errors.length > 0 ? ` ${JSON.stringify(errors)}` : "";
    return { code, words: `${status} ${code}: ${detail ?? title ?? ""}${fields}` };
  } catch {
    return { code: "", words: `${status} without a readable problem` };
  }
};

const pauseOf = (response: Response): number => {
  const seconds = Number(response.headers.get("retry-after") ?? "");
  return seconds > 0 ? Math.min(seconds * 1000, LONGEST_PAUSE_MS) : PAUSE_MS;
};

/** What an answer means: api section 1, "Errors" and "Idempotency-Key". */
const judge = (response: Response, text: string): Try => {
  const { status } = response;
  if (response.ok) {
    const replayed = response.headers.get("idempotency-replayed") === "true";
    return { taken: true, replayed, body: text === "" ? null : JSON.parse(text) };
  }
  const { code, words } = problemText(status, text);
  if (status === 401) return { again: words, afterMs: 0, unauthenticated: true };
  // A gateway without a portal stays without one, however long one waits.
  if ((status === 429 || status >= 500) && code !== "not_configured")
    return { again: words, afterMs: pauseOf(response) };
  return { taken: false, cause: words };
};

const causeOf = (error: unknown): string => {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
};

type FetchGateway = (path: string, init: RequestInit) => Promise<Response>;

/** One token for all calls, fetched when the first of them needs it. */
const createTokenSource = ({ client, secret, gatewayUrl }: DemoSettings, fetchGateway: FetchGateway) => {
  let current: Promise<string> | undefined;
  const request = async (): Promise<string> => {
    const response = await fetchGateway("/oauth/token", {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const text = await response.text();
    if (response.status === 400 || response.status === 401) {
      const hint = `${gatewayUrl} does not know client "${client}": set GATEWAY_CLIENT and GATEWAY_SECRET`;
      throw new Error(hint, { cause: "client" });
    }
    if (!response.ok) throw new Error(`no token: ${response.status}`);
    return (JSON.parse(text) as { access_token: string }).access_token;
  };
  return {
    get: async (): Promise<string> => {
      current ??= request();
      const held = current;
      try {
        return await held;
      } catch (error) {
        if (current === held) current = undefined;
        throw error;
      }
    },
    drop: (): void => {
      current = undefined;
    },
  };
};

/** A client of the gateway's API that outlasts its restarts: every fault is answered by the same call again. */
export const createGatewayClient = (settings: DemoSettings, surroundings: ClientSurroundings): GatewayClient => {
  const { fetch, wait, elapsed, onTrouble } = surroundings;
  const fetchGateway: FetchGateway = (path, init) =>
    fetch(settings.gatewayUrl + path, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  const token = createTokenSource(settings, fetchGateway);
  let repeated = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const tryOnce = async ({ method, path, body, idempotencyKey }: GatewayCall): Promise<Try> => {
    try {
      const headers: Record<string, string> = { authorization: `Bearer ${await token.get()}`, "accept-language": "en" };
      if (body !== undefined) headers["content-type"] = "application/json";
      if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
      const response = await fetchGateway(path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return judge(response, await response.text());
    } catch (error) {
      if (error instanceof Error && error.cause === "client") throw error;
      return { again: causeOf(error), afterMs: PAUSE_MS };
    }
  };

  const tryAgain = async ({ again, afterMs }: Exclude<Try, GatewayAnswer>, begun: number): Promise<void> => {
    const now = elapsed();
    if (now - begun > PATIENCE_MS)
      throw new Error(`no usable answer from ${settings.gatewayUrl} for 2 minutes (${again}); is it running?`);
    repeated += 1;
    if (now - toldAt >= TROUBLE_TOLD_EVERY_MS) {
      toldAt = now;
      onTrouble(again);
    }
    await wait(afterMs);
  };

  const call = async (wanted: GatewayCall): Promise<GatewayAnswer> => {
    const begun = elapsed();
    for (let renewed = false; ; ) {
      const tried = await tryOnce(wanted);
      if ("taken" in tried) return tried;
      if (tried.unauthenticated === true) {
        if (renewed) return { taken: false, cause: tried.again };
        renewed = true;
        token.drop();
      }
      await tryAgain(tried, begun);
    }
  };

  return {
    call,
    read: async <T>(path: string): Promise<T> => {
      const answer = await call({ method: "GET", path });
      if (!answer.taken) throw new Error(`GET ${path}: ${answer.cause}`);
      return answer.body as T;
    },
    get repeated() {
      return repeated;
    },
  };
};
