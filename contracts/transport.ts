/** One HTTP request to a platform. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes in place of `body`: read once, as they are sent. */
  readonly stream?: AsyncIterable<Uint8Array>;
  /**
   * Who takes the bytes of an answer as they come, of whatever length, in the place of its `body`, which is "" then; null: it is
   * read as text. Whoever takes them may end before they do; the rest is then not read.
   */
  readonly receive?: (head: Pick<HttpAnswer, "status" | "headers">) => ByteSink | null;
}

/** Takes bytes; resolves when it has all that it wants. */
export type ByteSink = (bytes: AsyncIterable<Uint8Array>) => Promise<void>;

/** What came back. At most `maxAnswerBytes` of the body were read; `overlong` says that there was more. */
export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly overlong: boolean;
}

/** Why a request failed below HTTP. `forbidden`: the name led to an address that must not be called. */
export type TransportReason = "connect" | "timeout" | "reset" | "cancelled" | "forbidden";

/** Sends one request. Rejects with `TransportError` alone. */
export type Transport = (
  request: HttpRequest,
  options: { readonly signal: AbortSignal; readonly maxAnswerBytes: number },
) => Promise<HttpAnswer>;
