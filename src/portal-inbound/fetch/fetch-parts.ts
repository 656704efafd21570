import type { Adapter, CallContext, Reading } from "../../../contracts/adapter.ts";
import type { Database } from "../../database/database.ts";
import type { InboundParts } from "../inbound-parts.ts";

/** What a question to the platform came to: an answer, or why it was not asked. */
export type Asked<T> = { readonly held: null; readonly reading: Reading<T> } | { readonly held: string };

/** What fetches, over one database. */
export interface FetchParts {
  readonly database: Database;
  readonly inbound: InboundParts;
  readonly fetching: NonNullable<Adapter["fetching"]>;
  /** Asks one question within the platform's guards. `large`: its answer may be a list. */
  readonly ask: <T>(question: (call: CallContext) => Promise<Reading<T>>, large?: boolean) => Promise<Asked<T>>;
  readonly everyMs: number | null;
  /** Rest after a fault that passes by itself, in seconds. */
  readonly restSeconds: number;
  /** No larger file is kept, in bytes. */
  readonly mostFileBytes: number;
}
