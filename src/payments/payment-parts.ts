import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import type { PaymentCallbacks, PaymentPlatformId } from "../../contracts/payments.ts";
import type { Executor } from "../database/database.ts";
import type { NewEvent } from "../inbox/record-events.ts";
import type { FileCipher } from "../security/file-cipher.ts";
import type { Sealer } from "../security/sealing.ts";

/** What payments are made of, whatever database they are in. */
export interface PaymentParts {
  readonly tenant: string;
  /** `AGENCY_CODE`. */
  readonly agencyCode: string;
  readonly publicUrl: string;
  readonly sealer: Sealer;
  /** For the bytes of calls and of receipts. */
  readonly cipher: FileCipher;
  readonly adapters: ReadonlyMap<PlatformId, Adapter>;
  /** How a platform's own calls are read; undefined: this deployment has no such platform. */
  readonly callbacksOf: (platform: PaymentPlatformId) => PaymentCallbacks | undefined;
  /** Whose software the payer may be sent back to, besides our own address. */
  readonly returnOriginsOf: (client: string) => readonly string[];
  readonly now: () => Date;
  readonly random: () => number;
  /** Records events in the caller's transaction. @returns whether webhooks have work after the commit */
  readonly tell: (executor: Executor, events: readonly NewEvent[]) => Promise<boolean>;
}
