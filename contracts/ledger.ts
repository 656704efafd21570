import type { AttemptKind, Fault, Message, Operation, PlatformId } from "./adapter.ts";

/** The states of an entry (design section 6). `failed` is at rest, not settled; held and blocked are derived. */
export const ENTRY_STATES = ["queued", "sending", "waiting", "delivered", "failed", "cancelled", "superseded"] as const;

/** One state of an entry. */
export type EntryState = (typeof ENTRY_STATES)[number];

/** The legal transitions, as data. A state without successors is final. */
export const TRANSITIONS = {
  queued: ["sending", "cancelled", "superseded"],
  sending: ["delivered", "waiting", "failed"],
  waiting: ["sending", "cancelled", "superseded"],
  failed: ["queued", "cancelled", "superseded"],
  delivered: [],
  cancelled: [],
  superseded: [],
} as const satisfies Record<EntryState, readonly EntryState[]>;

/**
 * Who may see what: everything of the deployment (`null`, the operators of the province), or what an agency
 * and those below it own (canonical agency code; api section 1, "Ownership").
 */
export type Boundary = string | null;

/** How urgent an entry is: a citizen waits at the desk, normal, bulk back-load. Lower goes first. */
export const PRIORITIES = { desk: 0, normal: 1, bulk: 2 } as const;

/** A priority by its name, as callers give it. */
export type PriorityName = keyof typeof PRIORITIES;

/** The names of the priorities, the most urgent first. */
export const PRIORITY_NAMES = ["desk", "normal", "bulk"] as const satisfies readonly PriorityName[];

/**
 * How many seconds later than a desk entry one of this priority may have become due to be sent before it. The entry with the least
 * due time plus head start goes first, so nothing starves: under endless desk work a normal entry waits a minute longer, what a
 * person who looks at a screen bears; bulk work half an hour, well within the working day it belongs to.
 */
export const HEAD_STARTS: Readonly<Record<number, number>> = {
  [PRIORITIES.desk]: 0,
  [PRIORITIES.normal]: 60,
  [PRIORITIES.bulk]: 1800,
};

/** What is appended to the ledger. The payload is sealed by the caller; the ledger never reads it. */
export interface NewEntry {
  readonly platform: PlatformId;
  readonly operation: Operation;
  /** The ordering key: entries of one stream are sent one at a time in the order accepted. */
  readonly stream: string;
  readonly subject: string;
  /** Null: it is about no dossier. */
  readonly dossierCode: string | null;
  readonly client: string;
  /** Canonical code of the owner: the access boundary. */
  readonly agency: string;
  readonly priority: number;
  readonly correlationId: string;
  readonly payload: Uint8Array;
}

/** An entry handed to a dispatcher under a lease. Only the holder of this `fence` may settle it. */
export interface ClaimedEntry {
  readonly id: string;
  readonly fence: number;
  readonly operation: Operation;
  readonly dossierCode: string;
  readonly correlationId: string;
  readonly payload: Uint8Array;
  /** The platform is known to hold the dossier. */
  readonly known: boolean;
  /** The last attempt may have taken effect. */
  readonly unknownOutcome: boolean;
  /** Failed tries since accept or the last retry by a person: the exponent of the back-off. */
  readonly tries: number;
  /** Attempts recorded so far; the next one is numbered from here. */
  readonly attempts: number;
  /** Since it was first tried, or first tried again after a person reopened it. */
  readonly ageSeconds: number;
  /**
   * Those directly behind it in its stream that go in the same call, in their order, each under a lease of its own. Absent: it
   * goes alone.
   */
  readonly followers?: readonly ClaimedEntry[];
}

/** One attempt as it is recorded: evidence as given by the adapter, without session or secret. */
export interface AttemptRecord {
  readonly kind: AttemptKind;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: "delivered" | Fault["outcome"];
  readonly httpStatus?: number;
  readonly errorCode?: Fault["code"];
  readonly platformCode?: string;
  readonly request: string;
  readonly response: string;
  readonly message?: string;
}

/** What a dispatcher reports of one claimed entry. */
export interface Settlement {
  readonly entry: ClaimedEntry;
  readonly next:
    | { readonly state: "delivered" }
    | { readonly state: "waiting"; readonly delayMs: number; readonly fault: Fault }
    | { readonly state: "failed"; readonly fault: Fault };
  readonly attempts: readonly AttemptRecord[];
  /** What became of the entry's followers, in their order: settled with it or not at all. */
  readonly followers?: readonly Settlement[];
}

/** The lease of a dispatcher on what it claimed. */
export interface Lease {
  /** One per running process, new at every start. */
  readonly owner: string;
  readonly seconds: number;
}

/** The port between the dispatcher and the store of unsettled entries. */
export interface DispatchLedger {
  /** Heads of streams that are due, at most `limit` with their followers, now under lease. Priority first, then due time. */
  claim(limit: number): Promise<ClaimedEntry[]>;
  /** Records attempts and moves entries; answers the ids that were still ours. A missing id: the lease was lost. */
  settle(settlements: readonly Settlement[]): Promise<ReadonlySet<string>>;
  /** Extends the lease of these entries. */
  renew(ids: readonly string[]): Promise<void>;
  /** Puts entries whose lease ran out back to waiting, outcome unknown; answers how many. */
  takeOver(): Promise<number>;
}

/** Opens a sealed payload into the message an adapter understands. */
export type OpenMessage = (
  entry: Pick<ClaimedEntry, "operation" | "dossierCode" | "payload" | "known" | "unknownOutcome">,
) => Message;
