/** A file asked for at the province's own server. Redirects are not followed. */
export interface SourceRequest {
  readonly url: string;
  /** The `Range` header. */
  readonly range?: string;
  /** The one deadline, of the answer and of its bytes. */
  readonly signal: AbortSignal;
}

/** What the server answers; its bytes come as they are read. */
export interface SourceAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lets go of the connection, read or not. Never rejects. */
  close(): Promise<void>;
}

/** Fetches from file servers, by the runtime. Rejects with `TransportError` alone. */
export type FetchSource = (request: SourceRequest) => Promise<SourceAnswer>;

/** The headers of every question: the bytes as they lie there. */
export const sourceHeaders = (range: string | undefined): Record<string, string> => ({
  accept: "*/*",
  "accept-encoding": "identity",
  "user-agent": "lien-thong-gateway",
  ...(range !== undefined && { range }),
});
