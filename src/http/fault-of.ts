import { HTTPException } from "hono/http-exception";
import { GatewayError } from "../../contracts/errors.ts";

/** How soon a caller should come back while our own database is away. */
const RETRY_AFTER_SECONDS = 5;

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
const driverError = (error: unknown): Coded | undefined => {
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

/** Any failure as an error of the table. What is not foreseen is `internal`, its cause kept for the log. */
export const faultOf = (error: unknown): GatewayError => {
  if (error instanceof GatewayError) return error;
  if (error instanceof HTTPException) return new GatewayError("invalid_request", { cause: error });
  if (isDatabaseAway(error)) {
    return new GatewayError("unavailable", { retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error });
  }
  if (driverError(error)?.constraint_name === "dossiers_portal_code") {
    const detail = { vi: "Mã của Cổng quốc gia đã gắn với hồ sơ khác.", en: "Another dossier has this portal code." };
    return new GatewayError("conflict", { detail });
  }
  return new GatewayError("internal", { cause: error });
};
