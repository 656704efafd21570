import type { IncomingMessage } from "node:http";

/** What a sender is given: a time for any request, and more for a large one that keeps coming. */
const ANY_REQUEST_MS = 60_000;
/** Below this a sender of a large body holds a connection for nothing: 64 KiB in a second. */
const LEAST_BYTES_PER_MS = (64 * 1024) / 1000;
const LOOK_MS = 5000;

interface Sender {
  readonly begun: number;
  readonly received: number;
}

/** Cuts those who send too slowly. */
export interface SlowSenders {
  watch(incoming: IncomingMessage): void;
  stop(): void;
}

/** Pure: whether a request that has brought so many bytes in so long is too slow. */
export const isTooSlow = (ms: number, bytes: number): boolean => ms > ANY_REQUEST_MS + bytes / LEAST_BYTES_PER_MS;

/**
 * Watches the requests whose bodies are on their way. Node's own limit is one time for every request, in which no file of a gigabyte
 * comes through; here a request may take longer by what it has brought.
 *
 * @param elapsed monotonic milliseconds.
 */
export const watchSlowSenders = (elapsed: () => number): SlowSenders => {
  const senders = new Map<IncomingMessage, Sender>();
  const look = (): void => {
    const now = elapsed();
    for (const [incoming, { begun, received }] of senders) {
      if (incoming.complete || incoming.destroyed) senders.delete(incoming);
      else if (isTooSlow(now - begun, incoming.socket.bytesRead - received)) incoming.socket.destroy();
    }
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    watch: (incoming) => {
      const { "content-length": length = "0", "transfer-encoding": coding } = incoming.headers;
      if (length === "0" && coding === undefined) return;
      senders.set(incoming, { begun: elapsed(), received: incoming.socket.bytesRead });
      incoming.once("close", () => senders.delete(incoming));
    },
    stop: () => clearInterval(timer),
  };
};
