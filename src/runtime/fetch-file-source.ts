import { TransportError } from "../../contracts/adapter.ts";
import { type FetchSource, sourceHeaders } from "../files/fetch-source.ts";
import { abortReason } from "./abort-reason.ts";
import type { Fetch } from "./fetch-transport.ts";

const failure = (reason: "connect" | "reset", cause: unknown, signal: AbortSignal): TransportError =>
  new TransportError(signal.aborted ? abortReason(signal) : reason, reason === "reset", cause);

async function* bytesOf(body: ReadableStream<Uint8Array> | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read())
      yield read.value;
  } catch (cause) {
    throw failure("reset", cause, signal);
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/**
 * Asks file servers by a `fetch`, for Workers: names are not looked up before, and need not be, since a Worker reaches nothing
 * but the open internet. Redirects are not followed.
 */
export const createFetchFileSource =
  (fetch: Fetch): FetchSource =>
  async ({ url, range, signal }) => {
    const aborted = new AbortController();
    const both = AbortSignal.any([signal, aborted.signal]);
    try {
      const answer = await fetch(url, {
        method: "GET",
        headers: sourceHeaders(range),
        redirect: "manual",
        signal: both,
      });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        bytes: bytesOf(answer.body as ReadableStream<Uint8Array> | null, signal),
        close: async () => aborted.abort(),
      };
    } catch (cause) {
      throw failure("connect", cause, signal);
    }
  };
