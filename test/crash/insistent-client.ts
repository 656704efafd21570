import { setTimeout as delay } from "node:timers/promises";

/** An answer that decides: 2xx, or a refusal that the same call would meet again. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** It was given before under the same key. */
  readonly replayed: boolean;
}

/** One call of the API. */
export interface Call {
  readonly method: "PUT" | "POST" | "GET";
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** What a gateway may say while its database is away (api section 1). */
const AWAY = /"code":"(?:unavailable|overloaded)"/u;

/** How long a call is repeated, and how long one try of it may take. */
const PATIENCE_MS = 90_000;
const TRY_MS = 8000;
const PAUSE_MS = 40;

/**
 * A client that repeats a call under its key, at whichever gateway is up, until it has an answer: as one-stop software does.
 *
 * @param urls the gateways to choose from at this moment; none while all are down.
 */
export const createInsistentClient = (urls: () => readonly string[], token: () => Promise<string>) => {
  let turn = 0;
  let repeats = 0;
  const faults: string[] = [];

  const tryOnce = async ({ method, path, body, key }: Call): Promise<Answer | string> => {
    const all = urls();
    const url = all[turn++ % Math.max(1, all.length)];
    if (url === undefined) return "no gateway is up";
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await token()}`,
          "content-type": "application/json",
          ...(key !== undefined && { "idempotency-key": key }),
        },
        signal: AbortSignal.timeout(TRY_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status >= 500 && !AWAY.test(text)) faults.push(`${method} ${path}: ${answer.status} ${text}`);
      if (answer.status >= 500 || answer.status === 429) return `${answer.status} ${text}`;
      return { status: answer.status, text, replayed: answer.headers.get("idempotency-replayed") === "true" };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  return {
    /** Answers that no caller may get, whatever is away. */
    faults,
    /** Calls that had to be made again. */
    get repeats() {
      return repeats;
    },
    call: async (call: Call): Promise<Answer> => {
      for (const end = Date.now() + PATIENCE_MS; ; repeats++) {
        const answer = await tryOnce(call);
        if (typeof answer !== "string") return answer;
        if (Date.now() > end) throw new Error(`${call.method} ${call.path} got no answer in time: ${answer}`);
        await delay(PAUSE_MS);
      }
    },
  };
};

/** A client that insists. */
export type InsistentClient = ReturnType<typeof createInsistentClient>;
