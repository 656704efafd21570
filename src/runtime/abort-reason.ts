import type { TransportReason } from "../../contracts/adapter.ts";

/** Why a signal stopped a request: `AbortSignal.timeout` gives a `TimeoutError`, anything else was somebody's wish. */
export function abortReason(signal: AbortSignal): TransportReason {
  const reason: unknown = signal.reason;
  return reason instanceof Error && reason.name === "TimeoutError" ? "timeout" : "cancelled";
}
