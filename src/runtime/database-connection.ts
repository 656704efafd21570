import postgres, { type Sql } from "postgres";

/** Between two tries at a connection that was refused. */
const RECONNECT_SECONDS = 0.1;

/** How one process, or one request on Workers, connects to PostgreSQL. */
export interface ConnectionOptions {
  /** Most connections of this pool: about 10 on Node; at most 5 on Workers, where a pool lives for one request. */
  readonly max: number;
  /** Shown to the database's administrator in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** How long one connection may take, in seconds. */
  readonly connectTimeoutSeconds?: number;
  /**
   * Named prepared statements, default true. Hyperdrive carries them over its pooling by transaction;
   * false is for other poolers that do not.
   */
  readonly prepare?: boolean;
}

/**
 * A pool on `url`; nothing is connected before the first query. End it with `end({ timeout })`.
 * `fetch_types` is off: it would cost a query per connection, one per request behind Hyperdrive. The price: array
 * columns come as PostgreSQL's text form, and array parameters need a cast such as `::text[]`.
 */
export function connect(url: string, options: ConnectionOptions): Sql {
  return postgres(url, {
    max: options.max,
    prepare: options.prepare ?? true,
    fetch_types: false,
    // Refused connections are tried again soon: a caller is told at once, and service is back as soon as the database is.
    backoff: () => RECONNECT_SECONDS,
    connect_timeout: options.connectTimeoutSeconds ?? 10,
    connection: { application_name: options.applicationName ?? "lien-thong-gateway" },
    onnotice: () => undefined,
  });
}
