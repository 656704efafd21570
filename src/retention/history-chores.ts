import { foldTallies } from "../ledger/fold-tallies.ts";
import { type Imbalance, imbalancesOf, summarizeEntries } from "../ledger/summarize-entries.ts";
import { openMonths } from "./open-months.ts";
import { type RetentionParts, stepRetention } from "./step-retention.ts";

/** What keeps the ledger's history in order. Any process may do it at any time. */
export interface HistoryChores {
  /** Opens the months ahead and lets new entries begin in their own: hourly. */
  openMonths(): Promise<void>;
  /** Folds the ledger's book into its sums: each minute. @returns where the books do not agree; nowhere, while all is well. */
  balance(): Promise<readonly Imbalance[]>;
  /** One bounded piece of retention; false: there is nothing to do for now. */
  step(): Promise<boolean>;
}

/** The chores over one database. */
export const createHistoryChores = ({
  database,
  tenant,
  policy,
}: RetentionParts & { readonly tenant: string }): HistoryChores => ({
  openMonths: () => openMonths(database),
  balance: async () => {
    await foldTallies(database);
    return imbalancesOf(await summarizeEntries(database, tenant, null)).filter(({ by }) => by !== 0);
  },
  step: () => stepRetention({ database, policy }),
});
