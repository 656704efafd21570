// Connection lost, too many connections, out of disk or memory, shutting down, read-only, serialization, a lock or a statement that took
// too long: all pass by themselves.
const PASSING = /^(08|53|57P0|57014|55P03|25006|40001|40P01|58030)/u;
/** What a connection ends with that was open, or that never came to be, in the words of Node and of the driver. */
const BROKEN = [
  "ECONNRESET",
  "EPIPE",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
];
const LOST = new Set([...BROKEN, "ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "DATABASE_SILENT"]);
/** No room on the disk or in memory, or a disk that fails: reading may go on all the same. */
const NO_ROOM = /^(53100|53200|58030)/u;

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

/** Whether the connection that a statement ran on is gone, and its transaction with it. */
export const isConnectionBroken = (error: unknown): boolean => {
  const code = driverError(error)?.code;
  return typeof code === "string" && BROKEN.includes(code);
};

/** Whether the database has no room for what is written. */
export const isOutOfRoom = (error: unknown): boolean => NO_ROOM.test(String(driverError(error)?.code));

/** Whether the database cannot serve now: nothing was stored, the call may come again. */
export const isDatabaseAway = (error: unknown): boolean => {
  const code = driverError(error)?.code;
  return typeof code === "string" && (PASSING.test(code) || LOST.has(code));
};
