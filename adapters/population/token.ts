import type { CallContext, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import { base64 } from "./base64.ts";
import type { JsonConfig } from "./config.ts";
import { faultOf, statusFault } from "./faults.ts";
import { isObject } from "./map.ts";

/** Renewed so long before its end, so that none dies on the way. */
const MARGIN_MS = 60_000;
/** What a token lives that does not say for how long. */
const UNSAID_LIFE_MS = 5 * 60_000;

/** The token that all questions of this process share. */
export interface TokenKeeper {
  open(call: CallContext): Promise<Reading<string>>;
  /** Forgets a token that was refused. Absent: it was handed over, and there is no other. */
  readonly drop?: () => void;
}

interface Token {
  readonly text: string;
  readonly lifeMs: number;
}

const readToken = (answer: HttpAnswer): Reading<Token> => {
  const against = statusFault(answer);
  if (against !== undefined) return against;
  let given: unknown;
  try {
    given = JSON.parse(answer.body);
  } catch {
    return faultOf("unreadable", { text: "the answer of the token service" });
  }
  const { access_token: text, expires_in: seconds } = isObject(given) ? given : {};
  if (typeof text !== "string" || !/^[\x21-\x7e]+$/u.test(text))
    return faultOf("unreadable", { text: "no token in it" });
  const lifeMs = Number(seconds) > 0 ? Number(seconds) * 1000 : UNSAID_LIFE_MS;
  return { ok: true, value: { text, lifeMs } };
};

/** Keeps a token: one that was handed over for ever, a fetched one until a minute before its end. */
export const keepToken = (bearer: JsonConfig["bearer"]): TokenKeeper => {
  if ("token" in bearer) return { open: async () => ({ ok: true, value: bearer.token }) };
  let kept: { readonly text: string; readonly since: number; readonly until: number } | undefined;
  let fetching: Promise<Reading<string>> | undefined;

  const fetchToken = async (call: CallContext): Promise<Reading<string>> => {
    const since = call.now().getTime();
    const reading = await call.attempt({
      kind: "login",
      request: {
        method: "POST",
        url: bearer.tokenUrl,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: `Basic ${base64(`${bearer.clientId}:${bearer.clientSecret}`)}`,
        },
        body: "grant_type=client_credentials",
      },
      evidence: "grant_type=client_credentials",
      answerEvidence: () => "",
      read: readToken,
    });
    if (!reading.ok) return reading;
    const { text, lifeMs } = reading.value;
    kept = { text, since, until: since + Math.max(lifeMs - MARGIN_MS, lifeMs / 2) };
    return { ok: true, value: text };
  };

  return {
    open: async (call) => {
      const now = call.now().getTime();
      // A clock that was set back says nothing about a token's age.
      if (kept !== undefined && now >= kept.since && now < kept.until) return { ok: true, value: kept.text };
      fetching ??= fetchToken(call).finally(() => {
        fetching = undefined;
      });
      return fetching;
    },
    drop: () => {
      kept = undefined;
    },
  };
};
