import type { TaxDecision, TaxReceipt } from "../../contracts/portal-inbound.ts";

/** What is owed for land of one dossier, and what was paid, in the order told. */
export interface LandTax {
  readonly decisions: readonly TaxDecision[];
  readonly receipts: readonly TaxReceipt[];
}

/** Nothing was told. */
export const NO_LAND_TAX: LandTax = { decisions: [], receipts: [] };

/** What a decision owes: its sub-items together, less what was paid of it. Integer VND. */
export interface DecisionBalance {
  readonly taxCode: string;
  readonly decision: string;
  readonly due: number;
  readonly paid: number;
  readonly remaining: number;
}

/** Where a dossier stands. `settled`: every decision is covered; `unmatched`: receipts whose decision was not told yet. */
export interface LandTaxBalance {
  readonly decisions: readonly DecisionBalance[];
  readonly due: number;
  readonly paid: number;
  readonly remaining: number;
  readonly settled: boolean;
  readonly unmatched: number;
}

// Receipts name a decision, not its sub-items (document `payment`, section 3, "Natural key").
const decisionKey = ({ taxCode, decision }: { taxCode: string; decision: string }): string =>
  JSON.stringify([taxCode, decision]);
const receiptKey = ({ taxCode, decision, paidAt, amount }: TaxReceipt): string =>
  JSON.stringify([taxCode, decision, paidAt, amount]);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Sub-items by their name; of several under one name each has its place among them. The same line twice is one. */
const byItem = (decisions: readonly TaxDecision[]): Map<string, TaxDecision> => {
  const lines = new Map(decisions.map((each) => [JSON.stringify(each), each]));
  const named = Map.groupBy(lines.values(), ({ taxCode, decision, item }) => JSON.stringify([taxCode, decision, item]));
  return new Map([...named].flatMap(([name, same]) => same.map((each, n) => [`${name}${n}`, each] as const)));
};

/** A decision of an earlier day than the one that is known does not change it: messages come out of order. */
const replaces = (known: TaxDecision, told: TaxDecision): boolean =>
  !isSame(known, told) && (known.decidedOn ?? "") <= (told.decidedOn ?? "9999");

/**
 * Adds what a notice tells.
 *
 * @returns the tax, and the decisions that are new or changed.
 */
export const withDecisions = (
  tax: LandTax,
  told: readonly TaxDecision[],
): { readonly tax: LandTax; readonly fresh: readonly TaxDecision[] } => {
  const known = byItem(tax.decisions);
  const fresh = [...byItem(told)].filter(([key, decision]) => {
    const before = known.get(key);
    return before === undefined || replaces(before, decision);
  });
  const decisions = [...new Map([...known, ...fresh]).values()];
  return { tax: { ...tax, decisions }, fresh: fresh.map(([, decision]) => decision) };
};

/** Adds a receipt. One of the same payment takes its place: it tells more of it, or that it was paid after all. */
export const withReceipt = (tax: LandTax, receipt: TaxReceipt): LandTax => {
  const known = new Map(tax.receipts.map((each) => [receiptKey(each), each]));
  known.set(receiptKey(receipt), receipt);
  return { ...tax, receipts: [...known.values()] };
};

const sum = (amounts: readonly number[]): number => Number(amounts.reduce((total, each) => total + BigInt(each), 0n));

/** Pure: where a dossier stands. What was paid beyond a decision is not carried to another one. */
export const balanceOf = ({ decisions, receipts }: LandTax): LandTaxBalance => {
  const owed = Map.groupBy(decisions, decisionKey);
  const payments = Map.groupBy(
    receipts.filter(({ paid }) => paid),
    decisionKey,
  );
  const balances = [...owed].flatMap(([key, items]): DecisionBalance[] => {
    const [first] = items;
    if (first === undefined) return [];
    const due = sum(items.map(({ amount }) => amount));
    const paid = sum((payments.get(key) ?? []).map(({ amount }) => amount));
    const { taxCode, decision } = first;
    return [{ taxCode, decision, due, paid, remaining: Math.max(0, due - paid) }];
  });
  const remaining = sum(balances.map((balance) => balance.remaining));
  return {
    decisions: balances,
    due: sum(balances.map(({ due }) => due)),
    paid: sum(balances.map(({ paid }) => paid)),
    remaining,
    settled: balances.length > 0 && remaining === 0,
    unmatched: receipts.filter((receipt) => !owed.has(decisionKey(receipt))).length,
  };
};
