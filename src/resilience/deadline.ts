import { type HttpAnswer, type Transport, TransportError, type TransportReason } from "../../contracts/adapter.ts";

/** After its signal fired a transport ends by itself and says what it knows; it is left behind after this long. */
const LAST_WORDS_MS = 50;

const reasonOf = (signal: AbortSignal): TransportReason =>
  signal.reason instanceof Error && signal.reason.name === "TimeoutError" ? "timeout" : "cancelled";

/** What follows a signal: one listener for all calls under it, since a signal walks through its listeners to forget one. */
const followers = new WeakMap<
  AbortSignal,
  { readonly all: Set<(reason: unknown) => void>; readonly tell: () => void }
>();

const follow = (signal: AbortSignal, follower: (reason: unknown) => void): void => {
  const known = followers.get(signal);
  if (known !== undefined) {
    known.all.add(follower);
    return;
  }
  const all = new Set([follower]);
  const tell = (): void => {
    for (const one of all) one(signal.reason);
  };
  followers.set(signal, { all, tell });
  signal.addEventListener("abort", tell, { once: true });
};

const unfollow = (signal: AbortSignal, follower: (reason: unknown) => void): void => {
  const known = followers.get(signal);
  if (known === undefined) return;
  known.all.delete(follower);
  if (known.all.size > 0) return;
  followers.delete(signal);
  signal.removeEventListener("abort", known.tell);
};

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
    if (options.signal.aborted) abort(options.signal.reason);
    else follow(options.signal, abort);
    const leave = (): void => {
      clearTimeout(timer);
      clearTimeout(leaving);
      unfollow(options.signal, abort);
    };
    transport(request, { ...options, signal: controller.signal }).then(
      (answer) => {
        leave();
        resolve(answer);
      },
      (error: unknown) => {
        leave();
        reject(error);
      },
    );
    return promise;
  };
