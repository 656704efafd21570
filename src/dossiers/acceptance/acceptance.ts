import type { GatewayError } from "../../../contracts/errors.ts";
import type { NewEntry } from "../../../contracts/ledger.ts";
import type { Dossier, DossierEvent } from "../../../contracts/services/dossier.ts";
import type { Caller } from "../../caller.ts";
import type { KeptAnswer } from "../../ledger/idempotency.ts";
import type { Lift } from "../../ledger/stream-priority.ts";
import type { LifeCycleFacts } from "../../life-cycle/facts.ts";
import type { ProcedureFacts } from "../../procedures/plan-put.ts";

/** A put on its way into the ledger, prepared outside the transaction: nothing below is computed under a lock. */
export interface PutAcceptance {
  readonly kind: "put";
  readonly code: string;
  readonly caller: Caller;
  readonly priority: number;
  readonly dossier: Dossier;
  /** The platform holds it already: record, send nothing. */
  readonly known: boolean;
  readonly fingerprint: string;
  readonly search: readonly string[];
  /** The sealed body: it serves the dossier's row and its entry. */
  readonly content: Uint8Array;
}

/** A progress step on its way into the ledger. */
export interface EventAcceptance {
  readonly kind: "event";
  readonly code: string;
  readonly caller: Caller;
  readonly priority: number;
  readonly event: DossierEvent;
  readonly fingerprint: string;
  readonly content: Uint8Array;
}

/** One call that wants to be accepted. */
export type Acceptance = PutAcceptance | EventAcceptance;

/** What a put writes to the dossier's row. */
export interface DossierWrite {
  readonly acceptance: PutAcceptance;
  /** Canonical code of the owner. */
  readonly agency: string;
  readonly portalCode: string | null;
  /** Null: recorded without sending. */
  readonly exchangeId: string | null;
  readonly lifeCycle: LifeCycleFacts;
  readonly procedure: ProcedureFacts;
  /** There was no row when the group looked. */
  readonly isNew: boolean;
}

/** What an event writes besides its entry. */
export interface EventWrite {
  readonly acceptance: EventAcceptance;
  /** Its place in the timeline too. */
  readonly exchangeId: string;
  /** There is no exchange of that id. */
  readonly isUnsent: boolean;
  /** Kept, and given again for the same event. */
  readonly answer: string;
  readonly lifeCycle: LifeCycleFacts;
}

/** An entry with the id it was given under the dossier's lock. */
export interface EntryWrite extends NewEntry {
  readonly id: string;
  /** A full update: it may make earlier ones of its stream needless. */
  readonly supersedes: boolean;
}

/** What becomes of one call: refused, or an answer with everything that is committed together with it. */
export type Decision =
  | { readonly refused: GatewayError }
  | {
      readonly answer: KeptAnswer;
      readonly entry?: EntryWrite;
      readonly dossier?: DossierWrite;
      readonly event?: EventWrite;
      /** Accepted before, and more urgent now. */
      readonly lift?: Lift;
      /** The platform holds the dossier already. */
      readonly holding?: { readonly platform: string; readonly code: string };
    };
