/**
 * Where a gateway may be made to die (design section 6, "Leases"): around every commit of the ledger and every call to a platform.
 * They exist in this folder alone; the product has none. In this order, three at a time, the first two leave something to the third.
 */
export const FAIL_POINTS = [
  "claim.after-commit",
  "send.before",
  "take-over.after-commit",
  "send.before-answer",
  "settle.before",
  "renew.after-commit",
  "answer.before-reading",
  "settle.after-commit",
  "act.before-commit",
  "accept.before-commit",
  "accept.after-commit",
  "act.after-commit",
  "replay.before-commit",
  "replay.after-commit",
] as const;

/** One place. */
export type FailPoint = (typeof FAIL_POINTS)[number];

/** What is told that a place was reached. */
export type Reached = (point: FailPoint) => void;

/** What a gateway under test is told by the process that started it: die at this place, the `hits`-th time from now; null: at none. */
export interface Order {
  readonly point: FailPoint | null;
  readonly hits: number;
}

/** What a gateway under test tells the process that started it. */
export type Notice =
  | { readonly kind: "leases"; readonly owner: string }
  | { readonly kind: "ready"; readonly url: string };

/** Counts how often the place in force is reached, and dies there. */
export const createFailPoints = (die: () => void) => {
  let order: Order = { point: null, hits: 1 };
  let seen = 0;
  return {
    take: (next: Order): void => {
      order = next;
      seen = 0;
    },
    reached: ((point) => {
      if (point === order.point && ++seen === order.hits) die();
    }) satisfies Reached,
  };
};
