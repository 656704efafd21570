import type { InboundOperation } from "../../contracts/portal-inbound.ts";
import type { NewEvent } from "../inbox/record-events.ts";

/** What a push is recorded as. */
export interface InboundSubject {
  readonly operation: InboundOperation;
  readonly subject: string;
  readonly dossierCode: string | null;
  /** Canonical code of the owner. */
  readonly agency: string;
}

/** How a push is taken. */
export interface Taking {
  readonly now: Date;
  readonly correlationId: string;
  /** A person wants it taken although another of its code was. */
  readonly insisted: boolean;
  /** Records the push in the ledger, with its bytes, as delivered. @returns the entry's id */
  readonly record: (subject: InboundSubject) => Promise<string>;
}

/**
 * What became of a push. `duplicate`: all of it was told before, and nothing was written; `conflict`: another dossier was pushed
 * under its code, and nothing was written.
 */
export type Taken =
  | { readonly kind: "taken"; readonly events: readonly NewEvent[] }
  | { readonly kind: "duplicate" }
  | { readonly kind: "conflict" };
