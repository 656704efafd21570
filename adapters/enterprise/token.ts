import type { CallContext, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { ClientCredentials } from "./config.ts";
import { malformed, readJson, readOAuthError } from "./faults.ts";
import { isRow, memberOf, textOf } from "./rows.ts";
import { seal, unseal } from "./sealed-text.ts";

/** A token is let go this long before it ends (registries section 1.4). */
const MARGIN_SECONDS = 60;
/** Where the platform does not say; it says 3600 in its sample. */
const USUAL_LIFE_SECONDS = 600;
const LONGEST_LIFE_SECONDS = 86_400;
const TOKEN = /^[\x21-\x7e]{1,8192}$/u;

interface Granted {
  readonly token: string;
  readonly lifeSeconds: number;
}

/** One token of the platform. Compared by identity: a platform may hand out the same text twice. */
export interface Token {
  readonly text: string;
  /** In ms since the epoch, by the clock of the calls. */
  readonly since: number;
  readonly lifeMs: number;
}

/** The one token that all look-ups share: within the process at once, beyond it through the cache. */
export interface TokenKeeper {
  /** A live token; fetches one when there is none. Calls that wait share one fetch, and its failure. */
  open(call: CallContext): Promise<Reading<Token>>;
  /** Forgets a token found dead, unless a newer one has taken its place. */
  drop(token: Token): void;
}

/** How long a token is used: a minute less than it lives, and half of a life that is shorter than two. */
const lifeOf = (said: string | undefined): number => {
  if (said === undefined || !/^\d{1,15}$/u.test(said)) return USUAL_LIFE_SECONDS;
  const life = Math.min(Number(said), LONGEST_LIFE_SECONDS);
  return Math.max(life / 2, life - MARGIN_SECONDS);
};

const readToken = (answer: HttpAnswer, now: Date): Reading<Granted> => {
  const refused = readOAuthError(answer);
  if (refused !== undefined) return refused;
  const reading = readJson(answer, now);
  if (!reading.ok) return reading;
  const { value } = reading;
  const token = isRow(value) ? memberOf(value, "access_token") : undefined;
  if (!isRow(value) || typeof token !== "string" || !TOKEN.test(token)) return malformed("There is no token to read.");
  return { ok: true, value: { token, lifeSeconds: lifeOf(textOf(value, "expires_in")) } };
};

const basic = ({ clientId, clientSecret }: ClientCredentials): string => {
  const bytes = new TextEncoder().encode(`${clientId}:${clientSecret}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
};

const BODY = "grant_type=client_credentials";

/** `POST` for a token by client credentials (registries section 5.6). The token is in no evidence. */
const fetchToken = (credentials: ClientCredentials, call: CallContext): Promise<Reading<Granted>> =>
  call.attempt({
    kind: "login",
    request: {
      method: "POST",
      url: credentials.tokenUrl,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        authorization: basic(credentials),
      },
      body: BODY,
    },
    evidence: BODY,
    answerEvidence: () => "",
    read: (answer) => readToken(answer, call.now()),
  });

const INTERRUPTED: Reading<Token> = {
  ok: false,
  fault: {
    outcome: "transient",
    code: "upstream_unavailable",
    message: "The login that this call waited for stopped.",
  },
};

/** A token that another process fetched: sealed under the client's secret, so that another secret finds none. */
const shelfOf = ({ tokenUrl, clientId, clientSecret }: ClientCredentials) => {
  const key = `token ${clientId} ${tokenUrl}`;
  return {
    take: async (call: CallContext): Promise<Token | null> => {
      const kept = await call.cache.get(key);
      if (kept === null || !isRow(kept.value)) return null;
      const { sealed, lifeSeconds } = kept.value;
      if (typeof sealed !== "string" || typeof lifeSeconds !== "number" || kept.ageSeconds >= lifeSeconds) return null;
      const text = await unseal(sealed, clientSecret);
      const since = call.now().getTime() - kept.ageSeconds * 1000;
      return text === null ? null : { text, since, lifeMs: lifeSeconds * 1000 };
    },
    put: async ({ token, lifeSeconds }: Granted, call: CallContext): Promise<void> =>
      call.cache.put(key, { sealed: await seal(token, clientSecret), lifeSeconds }),
  };
};

/** Keeps the token of a client. */
export const keepToken = (credentials: ClientCredentials): TokenKeeper => {
  const shelf = shelfOf(credentials);
  let current: Token | undefined;
  /** The text of the last token found dead: the shelf may still hold it. */
  let dead: string | undefined;
  let flight: Promise<Reading<Token>> | undefined;

  const fetchNew = async (call: CallContext): Promise<Reading<Token>> => {
    const shelved = await shelf.take(call);
    if (shelved !== null && shelved.text !== dead) {
      current = shelved;
      return { ok: true, value: shelved };
    }
    const since = call.now().getTime();
    const reading = await fetchToken(credentials, call);
    if (!reading.ok) return reading;
    const { token: text, lifeSeconds } = reading.value;
    current = { text, since, lifeMs: lifeSeconds * 1000 };
    await shelf.put(reading.value, call);
    return { ok: true, value: current };
  };

  return {
    open: async (call) => {
      const age = current === undefined ? 0 : call.now().getTime() - current.since;
      // A negative age means that the clock was set back: the age is not known then.
      if (current !== undefined && age >= 0 && age < current.lifeMs) return { ok: true, value: current };
      // Who only waited must not be told of a cause that was not theirs, such as a call that was given up.
      if (flight !== undefined) return flight.catch(() => INTERRUPTED);
      flight = fetchNew(call).finally(() => {
        flight = undefined;
      });
      return flight;
    },
    drop: (token) => {
      if (current !== token) return;
      dead = token.text;
      current = undefined;
    },
  };
};
