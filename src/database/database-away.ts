// Connection lost, too many connections, out of disk or memory, shutting down, read-only, serialization: all pass by themselves.
const PASSING = /^(08|53|57P0|25006|40001|40P01|58030)/u;
const LOST = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
]);

interface Coded {
  readonly code?: unknown;
  readonly constraint_name?: unknown;
  readonly cause?: unknown;
}

/** The first error of the chain of causes that carries a code: the driver's own. */
export const driverError = (error: unknown): Coded | undefined => {
  let current = error as Coded | undefined;
  for (let depth = 0; depth < 5 && current !== undefined && current !== null; depth++) {
    if (typeof current.code === "string") return current;
    current = current.cause as Coded | undefined;
  }
  return undefined;
};

/** Whether the database cannot serve now: nothing was stored, the call may come again. */
export const isDatabaseAway = (error: unknown): boolean => {
  const code = driverError(error)?.code;
  return typeof code === "string" && (PASSING.test(code) || LOST.has(code));
};
