import { type HttpAnswer, type Transport, TransportError, type TransportReason } from "../../contracts/adapter.ts";

/** After its signal fired a transport ends by itself and says what it knows; it is left behind after this long. */
const LAST_WORDS_MS = 50;

const reasonOf = (signal: AbortSignal): TransportReason =>
  signal.reason instanceof Error && signal.reason.name === "TimeoutError" ? "timeout" : "cancelled";

/**
 * Ends every call at the earlier of `timeoutMs` and the caller's own signal, even one that does not heed its signal.
 * Each call has an abort controller of its own: ending one touches no other.
 */
export const withDeadline =
  (transport: Transport, timeoutMs: number): Transport =>
  (request, options) => {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const controller = new AbortController();
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const abort = (reason: unknown): void => {
      if (controller.signal.aborted) return;
      controller.abort(reason);
      const { signal } = controller;
      leaving = setTimeout(() => reject(new TransportError(reasonOf(signal), true, reason)), LAST_WORDS_MS);
    };
    const timer = setTimeout(
      () => abort(new DOMException("the platform did not answer in time", "TimeoutError")),
      timeoutMs,
    );
    const cancel = () => abort(options.signal.reason);
    options.signal.addEventListener("abort", cancel, { once: true });
    if (options.signal.aborted) cancel();
    transport(request, { ...options, signal: controller.signal })
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        clearTimeout(leaving);
        options.signal.removeEventListener("abort", cancel);
      });
    return promise;
  };
