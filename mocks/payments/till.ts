/** What a payer did, or has not done yet. */
export type TillState = "created" | "pending" | "paid" | "failed";

/** One transaction as a platform holds it. */
export interface Held {
  readonly reference: string;
  /** VND. */
  readonly amount: number;
  /** The province's own time of it, as it was written. */
  readonly createdAt: string;
  /** Where the payer's browser goes afterwards; absent: to no page of the province. */
  readonly returnUrl?: string;
  /** What it was created with, by the platform's own names. */
  readonly sent: Readonly<Record<string, unknown>>;
  state: TillState;
  /** The platform's number of the last payment; "" before. */
  transactionNo: string;
  /** When it ended, as the platform writes it; "" before. */
  endedAt: string;
  refunded: number;
  /** How often it was paid. */
  payments: number;
}

/** What a payer does: `pay-twice` pays, and pays again under another number of the platform. */
export const PAYER_ACTS = ["pay", "fail", "pending", "pay-twice"] as const;

/** One of them. */
export type PayerAct = (typeof PAYER_ACTS)[number];

/** The transactions of one platform. */
export interface Till {
  readonly all: ReadonlyMap<string, Held>;
  /** Takes a new one; false: there is one of this reference. */
  open(created: Pick<Held, "reference" | "amount" | "createdAt" | "sent"> & { readonly returnUrl?: string }): boolean;
  /** What the payer did. @returns how the transaction stood after each payment: two of them for `pay-twice` */
  act(reference: string, act: PayerAct): readonly Held[];
  clear(): void;
}

const STATES: Readonly<Record<PayerAct, TillState>> = {
  pay: "paid",
  fail: "failed",
  pending: "pending",
  "pay-twice": "paid",
};

/** How many transactions are remembered: a simulator that runs for months must not grow. */
const MOST = 10_000;

/** Opens an empty till. `stamp` tells the time as the platform writes it. */
export const openTill = (prefix: string, stamp: () => string): Till => {
  const all = new Map<string, Held>();
  let number = 0;
  const end = (held: Held, state: TillState): Held => {
    held.state = state;
    held.endedAt = stamp();
    if (state !== "paid") return { ...held };
    number += 1;
    held.transactionNo = `${prefix}${String(14_555_000 + number)}`;
    held.payments += 1;
    return { ...held };
  };
  return {
    all,
    open: (created) => {
      if (all.has(created.reference)) return false;
      const oldest = all.size >= MOST ? all.keys().next().value : undefined;
      if (oldest !== undefined) all.delete(oldest);
      const fresh = { state: "created", transactionNo: "", endedAt: "", refunded: 0, payments: 0 } as const;
      all.set(created.reference, { ...created, ...fresh });
      return true;
    },
    act: (reference, act) => {
      const held = all.get(reference);
      if (held === undefined) return [];
      const first = end(held, STATES[act]);
      return act === "pay-twice" ? [first, end(held, "paid")] : [first];
    },
    clear: () => all.clear(),
  };
};
