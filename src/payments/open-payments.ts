import type { PlatformId } from "../../contracts/adapter.ts";
import type { Config } from "../config.ts";
import type { Database } from "../database/database.ts";
import type { Inbox } from "../inbox/open-inbox.ts";
import type { CallsOf } from "../look-ups/open-look-ups.ts";
import type { QuestionsOf } from "../reconcile/open-reconciliation.ts";
import { createFileCipher } from "../security/file-cipher.ts";
import type { LedgerKeys } from "../security/ledger-keys.ts";
import { createPaymentDesk, type PaymentDesk } from "./payment-desk.ts";
import type { PaymentParts } from "./payment-parts.ts";
import { stepPolling } from "./step-polling.ts";
import { stepReceipts } from "./step-receipts.ts";

/** What the deployment's payments are made of. */
export interface PaymentsParts
  extends Pick<PaymentParts, "tenant" | "agencyCode" | "sealer" | "adapters" | "callbacksOf" | "now" | "random"> {
  readonly config: Pick<Config, "publicUrl" | "clients">;
  readonly keys: LedgerKeys;
  readonly inbox: Inbox;
}

/** The payments of a deployment: one for all, over whatever database they are given. */
export interface Payments {
  desk(database: Database, callsOf: CallsOf, wake: (platform: PlatformId) => void): { readonly payments: PaymentDesk };
  /** One bounded piece of asking about what is undecided and of fetching receipts; false: there is nothing to do for now. */
  step(database: Database, wake: (platform: PlatformId) => void, questionsOf: QuestionsOf): Promise<boolean>;
}

/** Puts payments together. */
export const openPayments = ({ config, keys, inbox, ...given }: PaymentsParts): Payments => {
  const parts: PaymentParts = {
    ...given,
    publicUrl: config.publicUrl,
    cipher: createFileCipher(keys),
    returnOriginsOf: (client) => config.clients.find(client)?.returnOrigins ?? [],
    tell: inbox.record,
  };
  return {
    desk: (database, callsOf, wake) => ({
      payments: createPaymentDesk({ ...parts, database, callsOf, told: () => wake("province") }),
    }),
    step: async (database, wake, questionsOf) => {
      const polling = { ...parts, database, questionsOf, told: () => wake("province") };
      const asked = await stepPolling(polling);
      return (await stepReceipts(polling)) || asked;
    },
  };
};
