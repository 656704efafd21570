import type { CallContext, Fault, Reading } from "../../contracts/adapter.ts";
import { singleFlight } from "./single-flight.ts";

/** Clients in use keep a session 10 minutes at most; the portal's own limit is not known (np 1.1). */
export const SESSION_LIFE_MS = 10 * 60_000;

/** One session of the portal. Compared by identity: a portal may hand out the same token twice. */
export interface Session {
  readonly token: string;
  /** When its login was begun, in ms since the epoch. */
  readonly since: number;
  readonly lifeMs: number;
}

/** What a login gives: a token, and how long it may be used where the portal says so. */
export interface Login {
  readonly token: string;
  readonly lifeMs?: number;
}

const INTERRUPTED: Reading<Session> = {
  ok: false,
  fault: { outcome: "transient", code: "upstream_unavailable", message: "The login that this call waited for stopped" },
};

/** The one session that all exchanges of this process share. */
export interface SessionKeeper {
  /** A live session; logs in when there is none. Calls that wait share one login, and its failure. */
  open(call: CallContext): Promise<Reading<Session>>;
  /** Forgets a session found dead, unless a newer one has taken its place. */
  drop(session: Session): void;
}

/** Keeps a session; `login` makes one attempt. */
export const keepSession = (login: (call: CallContext) => Promise<Reading<Login>>): SessionKeeper => {
  let current: Session | undefined;
  const flight = singleFlight<Reading<Session>>(INTERRUPTED);

  const logIn = async (call: CallContext): Promise<Reading<Session>> => {
    const since = call.now().getTime();
    const reading = await login(call);
    if (!reading.ok) return reading;
    const { token, lifeMs = SESSION_LIFE_MS } = reading.value;
    current = { token, since, lifeMs };
    return { ok: true, value: current };
  };

  return {
    open: async (call) => {
      const age = current === undefined ? 0 : call.now().getTime() - current.since;
      // A negative age means that the clock was set back: the age is not known then.
      if (current !== undefined && age >= 0 && age < current.lifeMs) return { ok: true, value: current };
      return flight("login", () => logIn(call));
    },
    drop: (session) => {
      if (current === session) current = undefined;
    },
  };
};

const diedTwice = (fault: Fault): Fault => ({
  outcome: "transient",
  code: "upstream_unavailable",
  ...(fault.platformCode === undefined ? {} : { platformCode: fault.platformCode }),
  message: `The portal refused two sessions in a row: ${fault.message}`,
});

/**
 * Makes one call in a session; when the portal says that the session died, renews it once and repeats the call once.
 * A second death is a transient fault: the portal is not well, the message is.
 */
export const inSession = async <T>(
  keeper: SessionKeeper,
  call: CallContext,
  attempt: (session: Session) => Promise<Reading<T>>,
): Promise<Reading<T>> => {
  const first = await keeper.open(call);
  if (!first.ok) return first;
  const reading = await attempt(first.value);
  if (reading.ok || reading.fault.sessionDied !== true) return reading;

  keeper.drop(first.value);
  const second = await keeper.open(call);
  if (!second.ok) return second;
  const again = await attempt(second.value);
  if (again.ok || again.fault.sessionDied !== true) return again;

  keeper.drop(second.value);
  return { ok: false, fault: diedTwice(again.fault) };
};
