/** The sessions that the portal gave out. */
export interface Sessions {
  readonly size: number;
  /** A new session, good for the portal's session life. */
  open(): string;
  isAlive(session: unknown): boolean;
  /** All sessions die now. */
  expireAll(): void;
}

/** Sessions remembered at most, so that a client that logs in for every call does not fill the memory. */
const CAPACITY = 1000;

/** Makes a store of sessions. `lifeMs`: life of a session from its login, in milliseconds. */
export const createSessions = (options: { now: () => Date; newSession: () => string; lifeMs: number }): Sessions => {
  const { now, newSession, lifeMs } = options;
  const deaths = new Map<string, number>();

  const open = () => {
    const oldest = deaths.size >= CAPACITY ? deaths.keys().next().value : undefined;
    if (oldest !== undefined) deaths.delete(oldest);
    const session = newSession();
    deaths.set(session, now().getTime() + lifeMs);
    return session;
  };

  const isAlive = (session: unknown) => {
    const death = typeof session === "string" ? deaths.get(session) : undefined;
    return death !== undefined && now().getTime() < death;
  };

  return {
    get size() {
      return deaths.size;
    },
    open,
    isAlive,
    expireAll: () => deaths.clear(),
  };
};
